"""The index: what is known of a large plan, kept in git's folder so that it is not read again."""
