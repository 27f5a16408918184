"""Bodies: one folder each with body.py (meaning), NAME.urdf (geometry and inertia) and README.md."""
