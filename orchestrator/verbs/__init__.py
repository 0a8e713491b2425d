"""Intent → patch: what people and agents want done, as ops. Business rules live here."""
