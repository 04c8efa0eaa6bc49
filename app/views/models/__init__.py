"""Model profiles: a list, a form, and what a server was found to do."""
