"""What a plan is made of: entities, ids, durations, `Snapshot`, `Problem`, JSON Schemas."""
