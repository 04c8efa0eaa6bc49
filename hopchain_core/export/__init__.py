"""From verified chains to files a trainer reads."""
