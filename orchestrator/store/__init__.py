"""Files and git: reading plans, writing patches, locks, hooks. Everything that touches a disk."""
