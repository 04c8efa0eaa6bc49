"""Item models: QtCore only."""
