"""Tasks about what sounds, and where."""

from .task import listed, single, told

TASK = (
    single("sound_event", "sound_events", "dog barking", "rain"),
    listed("sound_events", "sound_events", "dog barking", "rain"),
    told("scene", "park", "subway station"),
    told("cry_reason", "hungry", "tired"),
)
