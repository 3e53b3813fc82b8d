"""Figures that many rooms need alike."""

SAMPLE_RATE = 16_000
"""Hz, of all audio in shards and of all that a model hears."""
