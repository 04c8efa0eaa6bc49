"""Widgets of the spaces: they emit what a person did and show what they are given."""
