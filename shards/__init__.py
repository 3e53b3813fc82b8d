"""The on-disk format and its streaming; knows nothing of recipes or of the pipeline."""
