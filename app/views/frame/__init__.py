"""The frame around the spaces: rail, top bar and status bar."""
