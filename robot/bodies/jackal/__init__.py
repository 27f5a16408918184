"""The Jackal of the BARN challenge: body.py (meaning), jackal.urdf (geometry and inertia)."""
