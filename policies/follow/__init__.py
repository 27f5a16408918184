"""Follow-me. Read `follower.py` for how the parts decide together; each part is one small file of plain functions."""

from policies.follow.config import FollowerConfig
from policies.follow.follower import Follower

__all__ = ["Follower", "FollowerConfig"]
