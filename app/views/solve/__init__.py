"""Questions answered alone: the picture, the question, and an answer."""
