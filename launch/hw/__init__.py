"""Runs with servo boards: real ones, and their firmware in the loop of a simulation."""
