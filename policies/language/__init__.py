"""Text to a program of robot actions, by a quantized model that runs on the device."""
