"""Training runs on exported sets, ready to be changed; `docs/recipes.md` says what of each was run and what only read."""
