"""Carrying commands out: from an understood program to goals for the navigator, questions, progress and an honest end.

Read `node.py` first, then `program.py` (which step an action becomes).
"""
