"""What a set of instructions gives away to one who can't hear."""
