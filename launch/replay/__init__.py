"""Nodes run again on what a log recorded, and what they say now beside what they said then."""
