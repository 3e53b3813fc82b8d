"""Tasks about music and single notes."""

from .task import listed, told

TASK = (
    told("instrument", "guitar", "violin"),
    listed("instruments", "instruments", "guitar", "drum kit"),
    told("pitch", "C4", "A4", facts=("pitch", "instrument")),
    told("dynamics", "piano", "forte"),
    told("articulation", "staccato", "legato"),
    told("music_genre", "jazz", "rock"),
    listed("music_tags", "music_tags", "slow", "happy"),
)
