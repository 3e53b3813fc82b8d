"""Instructions from templates."""
