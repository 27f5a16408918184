"""PyBullet, imported in silence: it announces its build time on stderr, which is no news to whoever starts a run."""

from __future__ import annotations

import os

_stderr = os.dup(2)
_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, 2)
try:
    import pybullet as pybullet
finally:
    os.dup2(_stderr, 2)
    os.close(_stderr)
    os.close(_nowhere)
