"""The rover: a differential drive with a sensor mast."""
