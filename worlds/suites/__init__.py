"""Scenario suites for navigation: homes, clutter, hazards, barn. Read `task.py` first."""
