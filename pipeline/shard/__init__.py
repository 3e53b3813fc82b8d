"""Cuts and instructions -> shards."""
