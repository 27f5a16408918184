"""One file per sensor: samples the simulated world and gives the message that the hardware would."""
