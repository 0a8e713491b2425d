"""Keeping a workspace and what the company uses beside it in step: forges and trackers."""
