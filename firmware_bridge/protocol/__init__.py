"""The serial protocol, described once in `protocol.yaml`: the host parses it, the firmware's header is generated."""
