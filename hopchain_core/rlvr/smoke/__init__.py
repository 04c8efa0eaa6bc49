"""Two optimisation steps with a tiny model, to show that an export reaches a trainer. It runs in TRL's environment."""

MARK = "smoke: "
"""Before each line that is meant for whoever started it; libraries write lines of their own."""
