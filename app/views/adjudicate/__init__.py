"""Where people differ: their answers side by side, without names."""
