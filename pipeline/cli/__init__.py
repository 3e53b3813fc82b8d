"""The commands of `cryfish`, one module for each stretch of the data's way."""
