"""PyBullet homes: physics, people and sensors behind the messages that hardware speaks."""
