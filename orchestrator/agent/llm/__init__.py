"""Language models through pydantic-ai; nothing outside of this folder imports it or an SDK."""
