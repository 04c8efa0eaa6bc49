"""Model servers that we start, wait for and stop, so that whatever dies nothing is left on a card."""
