"""Vision-language models: the conversation with a server, and the roles that such a model plays in the pipeline."""
