"""The studio: a window over a project of `hopchain_core`."""
