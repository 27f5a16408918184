"""Benches: many runs or many repetitions, a table, and files that say what was measured."""
