"""Plans for other tools: each format is one function from tasks to text."""
