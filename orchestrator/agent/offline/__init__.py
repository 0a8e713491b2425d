"""The provider without a key: it reads outlines and simple commands; no language model."""

from orchestrator.agent.offline.reader import answer

__all__ = ["answer"]
