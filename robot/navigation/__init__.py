"""Navigation: odometry, the rolling local map, search, controllers and recovery, and the nodes around them.

Read `nodes.py` for the wiring and `navigator.py` for how the parts work together on plain values.
"""
