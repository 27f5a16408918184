"""What drives servos: one interface, one file per kind of device."""
