"""Stands in for Meta's package sam3 (0.1.4): the same names, arguments and results, with blocks in place of a model."""
