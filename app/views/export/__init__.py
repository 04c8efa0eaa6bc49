"""What is written for a trainer, seen before it is written."""
