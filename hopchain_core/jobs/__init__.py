"""How stages are run: the runner, its events, its executors."""
