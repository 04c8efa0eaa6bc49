"""The library: a grid of all pictures, with filters and what can be done with those selected."""
