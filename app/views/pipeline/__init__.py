"""The pipeline: a row per stage, what failed, what a change would redo, and the log."""
