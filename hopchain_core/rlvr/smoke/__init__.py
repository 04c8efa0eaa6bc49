"""Two optimisation steps with a tiny model, to show that an export reaches a trainer. It runs in TRL's environment."""
