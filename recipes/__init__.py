"""One file per corpus: a corpus on disk -> clips that carry facts -> Lhotse cuts."""
