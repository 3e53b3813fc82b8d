"""Cuts -> augmented cuts -> instructions -> shards: the stages, the command line, the runner."""
