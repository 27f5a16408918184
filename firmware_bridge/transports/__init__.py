"""Lines that carry bytes: each is read, write and close, and none knows what the bytes mean."""
