"""People of the simulator: what they look like, how they walk and what of them a sensor can hit."""
