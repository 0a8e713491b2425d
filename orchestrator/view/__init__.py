"""Questions that people ask of a plan: what is there, what is ready, how does it hang together."""
