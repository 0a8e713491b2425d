"""Agents: language models, and a reader that needs none, that ask for a `Patch` by typed tools."""
