"""YAML text ⇄ data: strict reading, positions, surgical edits, the canonical form. No disk."""
