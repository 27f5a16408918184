"""Finding people from pixels, depth and lidar, following them over time, and holding the lock on one of them."""
