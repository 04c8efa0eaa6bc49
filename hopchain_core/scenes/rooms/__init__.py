"""Where things stand: a table, a shelf, a windowsill; each with its wall, its light and its camera."""
