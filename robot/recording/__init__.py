"""The log of a run: written by recorder.py, read by reader.py: everything committed, byte for byte, in one file."""
