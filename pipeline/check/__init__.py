"""The check of a whole config before its first stage."""
