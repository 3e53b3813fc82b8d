"""Cryfish: from public audio corpora to a language model that hears."""

__version__ = "0.1.0"
