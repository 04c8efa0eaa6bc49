"""Rendered sample scenes with exact truth."""
