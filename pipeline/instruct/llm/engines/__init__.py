"""The engines that run LLMs, one a file; none knows another."""
