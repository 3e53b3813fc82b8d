"""Keeps train and test apart across corpora: by where clips come from, by published blacklists, and by ear."""
