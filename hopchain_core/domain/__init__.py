"""Frozen values and pure rules. Imports the standard library and numpy, nothing else of ours but errors."""
