"""The overview: a project in figures, each with the list behind it."""
