"""Serial protocol, transports, servo drivers and firmware: a source and a sink that speak the simulator's messages."""
