"""From lazy Lhotse cuts to samples: loading, convolving, levels, rendering."""
