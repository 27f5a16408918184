"""Parametric furniture with real dimensions: each kind is one small builder, listed in kinds.py."""
