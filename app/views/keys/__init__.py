"""The `?` sheet and the shortcut editor."""
