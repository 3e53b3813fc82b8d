"""What an instruction trains."""
