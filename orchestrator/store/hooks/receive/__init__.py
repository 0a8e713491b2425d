"""pre-receive: what a push brings to a server, who pushes it, and whether they may."""
