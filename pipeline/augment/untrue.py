"""Facts that a changed voice makes false, or no longer known, by what they are about."""

EXPRESSION = (
    "emotion",
    "emotion_intensity",
    "valence",
    "arousal",
    "dominance",
    "pronunciation_score",
    "fluency_score",
    "prosody_score",
    "caption",
    "spoof",
    "spoof_method",
)
IDENTITY = ("speaker", "gender", "age", "age_group", "pitch")
TIMES = ("speaker_turns",)
PACE = ("music_tags", "rt60_s", "drr_db", "c50_db", *TIMES)
# Another pitch moves the ends of the band with it, and no sample stays at the limit where it was clipped.
DEVICE = ("bandwidth_hz", "clipped_share")
