"""Carrying commands out with a display on a desk: a camera that turns, a head that nods, no wheels and no arms.

Read `node.py` first, then `planner.py` (which step an action becomes) and `grounding.py` (whom words mean).
"""
