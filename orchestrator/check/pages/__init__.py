"""One Markdown page for each rule, as data."""
