"""The leaves of the tree: one class per kind of thing the robot does, each a function of the scene at every tick."""
