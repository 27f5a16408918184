"""The `launch` command: profiles, process table, benches, reports."""

import os

from robot.bus.environment import ENVIRONMENT

# Before numpy and OpenCV load anywhere: what nodes have in processes of their own, so that a run in one process equals
# one in ten.
for _variable, _value in ENVIRONMENT.items():
    os.environ.setdefault(_variable, _value)
