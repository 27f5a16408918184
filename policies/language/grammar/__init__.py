"""A seeded generator of spoken commands with their programs, for training and for the recogniser's language model."""
