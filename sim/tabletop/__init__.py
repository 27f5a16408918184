"""A desk, a display that stands on it by its own weight, and people before it."""
