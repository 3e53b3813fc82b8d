"""Instructions that an LLM writes."""
