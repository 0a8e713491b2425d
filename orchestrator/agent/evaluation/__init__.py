"""Measuring planners: briefs with plans made by hand, and how near a provider comes to them."""
