"""Git hooks: putting them into a repository, and what each of them does."""
