"""What recipes are made of: corpora, clips, facts and their values, tables, decoding."""
