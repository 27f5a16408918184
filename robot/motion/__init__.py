"""How a display moves: smooth trajectories, mimicry of a head, and a stand that never tips."""
