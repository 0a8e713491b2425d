"""Import from and export to other formats: pure functions of bytes and snapshots."""
