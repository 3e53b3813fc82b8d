"""How work is done: partitions that know whether they are done, and where they run."""
