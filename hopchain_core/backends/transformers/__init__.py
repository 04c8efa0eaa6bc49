"""Vision-language models in transformers: slower than a server made for it, and nothing to install beside it.

The model runs in a process of its own (`worker`), with the Python of its profile; `chat` is our side of it.
"""
