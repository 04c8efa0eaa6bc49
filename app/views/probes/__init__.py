"""Starting probes, following them, and looking at what was said."""
