"""Small painted widgets that every space uses."""
