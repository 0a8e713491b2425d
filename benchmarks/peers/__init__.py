"""Other tools that do the same work, where they are installed."""
