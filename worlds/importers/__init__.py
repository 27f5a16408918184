"""Worlds of other programs as homes: ROS map_server maps and Gazebo SDF. Read `convert.py` first."""
