"""LLMs that write: what an engine takes and gives back, and the engines themselves."""
