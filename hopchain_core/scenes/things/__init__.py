"""What can be drawn: one builder for each look of each category."""
