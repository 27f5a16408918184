"""Safety: the last word before the wheels. `supervisor.py` shows the order of checks; each check is a small file."""

from robot.safety.config import SafetyConfig
from robot.safety.supervisor import SafetyNode

__all__ = ["SafetyConfig", "SafetyNode"]
