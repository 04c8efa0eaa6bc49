"""The project file. The only place that knows SQL."""
