"""The plan for agents that speak the Model Context Protocol: questions, and proposals."""
