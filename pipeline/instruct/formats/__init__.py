"""Instructions in others' formats, in and out."""
