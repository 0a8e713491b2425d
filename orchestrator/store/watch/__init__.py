"""Watching a plan: what changed on the disk, when it has come to rest, and what to do about it."""
