"""Between views and the project: QtCore only."""
