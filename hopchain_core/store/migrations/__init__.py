"""One file per step of the schema. A released step is final and imports nothing of ours."""
