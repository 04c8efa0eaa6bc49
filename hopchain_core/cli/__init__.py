"""The command line: `hopchain …`."""
