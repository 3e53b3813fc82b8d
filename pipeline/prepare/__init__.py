"""Corpora and own data on disk -> manifests; what is kept apart for tests."""
