"""The base of an integration as a ref of git: read, written by compare-and-swap, shared, merged."""
