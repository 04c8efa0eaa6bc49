"""What each stage means."""
