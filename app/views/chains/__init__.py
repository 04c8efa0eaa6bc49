"""Views of the chains."""
