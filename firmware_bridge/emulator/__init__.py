"""The firmware's own image, executed instruction by instruction on an emulated board by simavr's library."""
