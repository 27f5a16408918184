"""Scorers: observers that may read truth and turn a run into metrics."""
