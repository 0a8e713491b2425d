"""Rules that a plan must keep: `Snapshot` in, problems out."""
