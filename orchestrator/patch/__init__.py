"""Changes as data: RFC 6902 over the virtual document. Apply, diff, describe. Pure."""
