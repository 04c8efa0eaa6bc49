"""What a trainer imports. Needs neither Qt nor torch nor SQL."""
