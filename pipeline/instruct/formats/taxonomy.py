"""Where a task stands among all that can be asked of audio: `Speech/Speaker and Language/gender`.

The domains and fields are those of Dynamic-SUPERB's second phase; a task's place follows from the first fact it needs.
"""

from __future__ import annotations

from ..tasks.tasks import TASKS

OTHER = "General/Open Questions"

_FIELDS = {
    "Speech/Speech Recognition": "text keyword",
    "Speech/Spoken Language Understanding": "translation translations intent slots topic",
    "Speech/Phonetics, Phonology and Prosody": (
        "phones pronunciation_score fluency_score prosody_score speaking_style"
    ),
    "Speech/Speaker and Language": (
        "speaker gender language age age_group accent native_language nationality speaker_count speaker_turns"
    ),
    "Speech/Paralinguistics": ("emotion emotion_intensity sentiment valence arousal dominance cry_reason"),
    "Speech/Safety and Security": "spoof spoof_method",
    "Audio/Sound Events": "sound_events caption scene story",
    "Audio/Signal Characteristics": (
        "noise_type snr_db full_snr_db speech_level_db codec codec_kbps bandwidth_hz clipped_share gain_db speed "
        "tempo microphone pitch_shift_semitones padding_start_s padding_end_s peak_gain_db original source"
    ),
    "Audio/Spatial Audio": (
        "distance_m distance_level rt60_s drr_db c50_db room room_id room_volume_m3 impulse_response"
    ),
    "Music/Instruments": "instrument instruments dynamics articulation",
    "Music/Pitch and Harmony": "pitch",
    "Music/Music Classification": "music_genre music_tags title artist",
}

_ELSEWHERE = {"music_description": "Music/Music Classification", "quality": "Audio/Signal Characteristics"}
"""Tasks whose first fact says too little: a caption may be about music, and quality shows in many facts."""

_BY_FACT = {fact: name for name, facts in _FIELDS.items() for fact in facts.split()}


def taxonomy_of(task: str) -> str:
    """The place of a task, in three parts; of one that isn't registered, or whose fact is new, `OTHER/<task>`."""
    found = TASKS.all().get(task)
    facts = found.facts if found else ()
    field = _ELSEWHERE.get(task) or (_BY_FACT.get(facts[0], OTHER) if facts else OTHER)
    return f"{field}/{task}"
