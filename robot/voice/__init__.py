"""Words in and out: what is said or written to the robot becomes a message, and what it says reaches a person."""
