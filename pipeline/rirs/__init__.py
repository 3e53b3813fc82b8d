"""Room impulse responses: simulated, recorded, and the bank of both."""
