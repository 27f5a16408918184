"""How the bus refuses a call."""


class BusError(ValueError):
    """An endpoint or a key file that cannot be used; the message is one line saying what would be right."""
