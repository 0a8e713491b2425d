"""Proposals: branches of patches that wait for a person to accept them."""
