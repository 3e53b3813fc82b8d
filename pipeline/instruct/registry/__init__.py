"""The declarations of the tasks: what each needs, how its label is made, how it is scored."""
