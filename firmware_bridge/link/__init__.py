"""The host's end of the line to a board: session, answers, repetition, clock and counts."""
