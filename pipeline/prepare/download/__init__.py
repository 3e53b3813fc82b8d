"""From a publisher's server to a corpus' folder."""
