"""Models and what stands in for them, behind four small protocols (`protocols.py`) and one registry."""
