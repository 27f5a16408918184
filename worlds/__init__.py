"""Homes as data: schema, hand-made homes, the geometry and the ways through them."""
