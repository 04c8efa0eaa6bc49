"""Models in processes of their own, with a Python of their own where their packages clash with ours."""
