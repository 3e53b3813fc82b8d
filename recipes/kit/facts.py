"""The canonical vocabulary: what may be known of a clip, and the only ways to read and write it on a cut.

Lhotse's own fields come first: `text`, `speaker`, `gender` and `language` live on the supervision. Every
other fact lives in `custom["facts"]` of the cut, or of the first cut of a mix that isn't padding.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lhotse import SupervisionSegment
from lhotse.cut import Cut, MixedCut, PaddingCut
from lhotse.cut.data import DataCut
from lhotse.utils import fastcopy

from ...errors import InputError, did_you_mean
from .languages import LANGUAGES
from .values import canonical, has_canonical


@dataclass(frozen=True)
class Fact:
    """One thing that may be known about a clip.

    `type` is str, int, float or list (of str). `values` lists the allowed values where the set is closed.
    """

    name: str
    type: type
    unit: str
    description: str
    values: tuple[str, ...] | None = None


_EMOTIONS = (
    "neutral",
    "calm",
    "happy",
    "sad",
    "angry",
    "fearful",
    "disgusted",
    "surprised",
    "bored",
    "excited",
    "frustrated",
)

_ALL = (
    # What is said, and by whom.
    Fact("text", str, "", "The words spoken, written as the corpus publishes them."),
    Fact("speaker", str, "", "A name or number of the speaker, unique within the corpus."),
    Fact("gender", str, "", "The speaker's gender.", ("male", "female", "other")),
    Fact("language", str, "", "The language spoken: a lower-case BCP-47 code (`en`, `es-mx`)."),
    Fact("age", int, "years", "The speaker's age."),
    Fact("age_group", str, "", "The speaker's age as a range (`twenties`, `0 to 4 weeks`)."),
    Fact("accent", str, "", "The speaker's accent, an English adjective (`German`)."),
    Fact("native_language", str, "", "The speaker's first language, a code like `language`."),
    Fact("nationality", str, "", "The speaker's country, by its English name."),
    Fact("translation", str, "", "The text in English, where it is spoken in another language."),
    Fact("translations", list, "", "The text in other languages, each as `de: Guten Tag`."),
    Fact("phones", str, "", "The phones spoken, in the corpus' symbols, with blanks between."),
    Fact("intent", str, "", "What the speaker wants, as an English phrase (`play music`)."),
    Fact("slots", list, "", "The intent's details, each as `name: value` (`artist: Bach`)."),
    Fact("keyword", str, "", "The one command or keyword that is spoken."),
    Fact("topic", str, "", "What is talked about, as an English noun phrase."),
    Fact("speaking_style", str, "", "How it is spoken (`read`, `spontaneous`, `acted`)."),
    Fact("emotion", str, "", "The emotion expressed by the speaker.", _EMOTIONS),
    Fact(
        "emotion_intensity",
        str,
        "",
        "How strongly it is expressed.",
        ("low", "medium", "normal", "high", "strong"),
    ),
    Fact("sentiment", str, "", "The attitude of what is said.", ("positive", "neutral", "negative")),
    Fact("valence", float, "1 to 5", "How pleasant the emotion is, as raters heard it."),
    Fact("arousal", float, "1 to 5", "How excited the speaker is, as raters heard it."),
    Fact("dominance", float, "1 to 5", "How much in control the speaker is, as raters heard it."),
    Fact("pronunciation_score", float, "0 to 10", "How right the sounds are, by experts."),
    Fact("fluency_score", float, "0 to 10", "How fluently it is spoken, by experts."),
    Fact("prosody_score", float, "0 to 10", "How natural stress and melody are, by experts."),
    # Several speakers.
    Fact("speaker_count", int, "people", "How many people speak in the clip."),
    Fact(
        "speaker_turns",
        list,
        "",
        "Who speaks when, in order of the starts: `0.00-3.20 A: the words`, or without `: the words`; seconds.",
    ),
    # Machines that speak.
    Fact("spoof", str, "", "Whether a person speaks.", ("bona fide", "spoofed")),
    Fact("spoof_method", str, "", "The system that made spoofed speech, as the corpus calls it."),
    # Sounds and music.
    Fact("sound_events", list, "", "The sounds to be heard, as English noun phrases."),
    Fact("scene", str, "", "Where it was recorded, as an English noun phrase (`metro station`)."),
    Fact("caption", list, "", "English sentences, each of which describes the whole clip."),
    Fact("story", str, "", "A short story about what is heard."),
    Fact("cry_reason", str, "", "Why an infant cries, an English adjective (`hungry`)."),
    Fact("instrument", str, "", "The only or leading instrument, an English noun."),
    Fact("instruments", list, "", "All the instruments that play, as English nouns."),
    Fact("pitch", str, "", "The note played, in scientific pitch notation (`C#4`)."),
    Fact("dynamics", str, "", "How loud a note is played, in musical words (`forte`)."),
    Fact("articulation", str, "", "How a note is played, in musical words (`staccato`)."),
    Fact("music_genre", str, "", "The genre of the music, an English noun."),
    Fact("music_tags", list, "", "Words that listeners gave to the music (`slow`, `happy`)."),
    Fact("title", str, "", "The title of the piece of music."),
    Fact("artist", str, "", "Who plays or made the music."),
    # The way from the source to the file.
    Fact("noise_type", list, "", "The sounds of the noise that was mixed in."),
    Fact(
        "snr_db",
        float,
        "dB",
        "The ratio of the speech's power while it is active (ITU-T P.56) to the power of all noise, as it is heard in "
        "the end, 50 Hz to 7 kHz.",
    ),
    Fact(
        "full_snr_db",
        float,
        "dB",
        "The same ratio, in the same band, with the speech's power over the whole clip.",
    ),
    Fact("distance_m", float, "m", "How far the source is from the microphone."),
    Fact(
        "distance_level",
        str,
        "",
        "Whether the loudness falls with the distance as in the room (`inverse`) or was evened out.",
        ("inverse", "normalised"),
    ),
    Fact("rt60_s", float, "s", "The reverberation time of the room (decay by 60 dB)."),
    Fact("drr_db", float, "dB", "The ratio of direct to reverberant sound."),
    Fact(
        "c50_db",
        float,
        "dB",
        "The clarity: the sound up to 50 ms after the direct one over the rest.",
    ),
    Fact(
        "speech_level_db",
        float,
        "dB",
        "The level of the speech while it is active (ITU-T P.56), before `peak_gain_db`; 0 is a square wave at full "
        "scale.",
    ),
    Fact("room_id", str, "", "The room of a bank of impulse responses: the same in the same room."),
    Fact(
        "original",
        str,
        "",
        "The clip that this one was made from, where there are several of it.",
    ),
    Fact("room", str, "", "The kind of room, as an English noun phrase (`small office`)."),
    Fact("room_volume_m3", float, "m3", "The volume of the room."),
    Fact(
        "impulse_response",
        str,
        "",
        "The clip is the impulse response of a room.",
        ("measured", "simulated"),
    ),
    Fact("microphone", str, "", "The microphone or device, as an English noun phrase."),
    Fact("codec", str, "", "The lossy coding that the clip went through (`MP3`, `GSM`)."),
    Fact("codec_kbps", int, "kbit/s", "The constant bit rate of that coding."),
    Fact(
        "bandwidth_hz",
        int,
        "Hz",
        "The highest frequency that the device and the line let through.",
    ),
    Fact(
        "clipped_share",
        float,
        "0 to 1",
        "The share of the samples that the device clipped, before any filter, line or codec.",
    ),
    Fact(
        "gain_db",
        float,
        "dB",
        "By how much the device made the clip louder; weaker if negative. `peak_gain_db` comes on top.",
    ),
    Fact("speed", float, "times", "How many times faster it is played, its pitch raised alike."),
    Fact("tempo", float, "times", "How many times faster it is played, its pitch kept."),
    Fact(
        "pitch_shift_semitones",
        float,
        "semitones",
        "By how much the pitch was raised, the tempo kept.",
    ),
    Fact("padding_start_s", float, "s", "The digital silence put before the clip."),
    Fact("padding_end_s", float, "s", "The digital silence put after the clip."),
    Fact(
        "peak_gain_db",
        float,
        "dB",
        "By how much the whole clip was turned down when it was rendered, so that nothing was clipped.",
    ),
    Fact(
        "source",
        str,
        "",
        "The recording or item that several clips come from; they stay together in one split.",
    ),
)

FACTS: dict[str, Fact] = {fact.name: fact for fact in _ALL}

SUPERVISION_FACTS = ("text", "speaker", "gender", "language")
"""The facts that Lhotse has a field for."""


class FactError(InputError):
    """A value that a fact can't have; `told` says so without naming the recipe and the clip."""

    def __init__(self, where: str, told: str) -> None:
        super().__init__(where, told)
        self.told = told

    def __str__(self) -> str:
        return ": ".join(self.args)


_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def check_fact(name: str, value: Any, where: str) -> Any:
    """The value, if `name` is in the vocabulary and the value fits it; an int for a float is converted, and a name that
    has a canonical value (`values.py`) becomes it.

    `where` names the recipe and the clip in the message. Raises InputError for an unknown name, FactError (one of
    them) for a value.
    """
    fact = FACTS.get(name)
    if fact is None:
        raise InputError(
            f"{where}: unknown fact '{name}'{did_you_mean(name, FACTS)}; recipes/kit/facts.py lists the facts"
        )
    given: type = type(value)
    if given is int and fact.type is float:
        return float(value)
    if given is not fact.type:
        kind = "a list of str" if fact.type is list else fact.type.__name__
        raise FactError(where, f"fact '{name}' should be {kind}, not {given.__name__} ({value!r})")
    if fact.type is float and not math.isfinite(value):
        raise FactError(where, f"fact '{name}' should be a finite number, not {value}")
    if fact.type is str:
        _check_text(name, value, where)
    if fact.type is list:
        if not value:
            raise FactError(where, f"fact '{name}' is an empty list; leave out what isn't known")
        for item in value:
            if type(item) is not str:
                raise FactError(where, f"fact '{name}' should be a list of str, but holds {item!r}")
            _check_text(name, item, where)
    value = canonical_fact(name, value)
    if fact.values is not None and value not in fact.values:
        raise FactError(where, f"fact '{name}' is '{value}', not one of {', '.join(fact.values)}")
    if name in ("language", "native_language") and (
        not _LANGUAGE_CODE.fullmatch(value) or value.partition("-")[0] not in LANGUAGES
    ):
        raise FactError(
            where,
            f"fact '{name}' is '{value}', not a lower-case code such as 'en' or 'es-mx' "
            "whose first part is in recipes/kit/languages.py",
        )
    return value


def canonical_fact(name: str, value: Any) -> Any:
    """A text or a list of texts in canonical values, each once; any other value as it is."""
    if not has_canonical(name):
        return value
    if type(value) is list and all(type(item) is str for item in value):
        return list(dict.fromkeys(canonical(name, item) for item in value))
    return canonical(name, value) if type(value) is str else value


def _check_text(name: str, value: str, where: str) -> None:
    if not value or value != value.strip():
        raise FactError(
            where, f"fact '{name}' is {value!r}; strip the blanks at its ends, leave out what isn't known"
        )


def read_facts(cut: Cut) -> dict[str, Any]:
    """What is known about a cut, in the order of the vocabulary. Raises InputError.

    For a mix these are the facts of its first cut that isn't padding: the others are noise.
    """
    data = _data_cut(cut)
    where = _where(data)
    found = dict((data.custom or {}).get("facts") or {})
    supervision = _supervision(data)
    if supervision is not None:
        for name in SUPERVISION_FACTS:
            value = getattr(supervision, name)
            if value is not None:
                found[name] = value
    checked = {name: check_fact(name, value, where) for name, value in found.items()}
    return {name: checked[name] for name in FACTS if name in checked}


def with_facts(cut: Cut, **facts: Any) -> Cut:
    """A cut that also carries these facts; the given cut and everything it shares stay as they are.

    Raises InputError for an unknown or ill-typed fact.
    """
    data = _data_cut(cut)
    where = _where(data)
    checked = {name: check_fact(name, value, where) for name, value in facts.items()}
    return _replace(cut, _write(data, checked))


def without_facts(cut: Cut, names: Iterable[str]) -> Cut:
    """A cut that doesn't carry these facts any more; the given cut and everything it shares stay as they are."""
    data = _data_cut(cut)
    gone = set(names)
    spoken: dict[str, None] = {name: None for name in SUPERVISION_FACTS if name in gone}
    supervisions = data.supervisions
    if spoken:
        supervisions = [fastcopy(supervision, **spoken) for supervision in supervisions]
    custom = dict(data.custom or {})
    if "facts" in custom:
        custom["facts"] = {name: value for name, value in custom["facts"].items() if name not in gone}
    return _replace(cut, fastcopy(data, supervisions=supervisions, custom=custom))


def _replace(cut: Cut, changed: DataCut) -> Cut:
    """The cut with another in the place of the one that carries its facts."""
    if not isinstance(cut, MixedCut):
        return changed
    tracks = list(cut.tracks)
    position = _first_track(cut)
    tracks[position] = fastcopy(tracks[position], cut=changed)
    return fastcopy(cut, tracks=tracks)


def _write(cut: DataCut, facts: dict[str, Any]) -> DataCut:
    spoken = {name: value for name, value in facts.items() if name in SUPERVISION_FACTS}
    others = {name: value for name, value in facts.items() if name not in SUPERVISION_FACTS}
    supervisions = cut.supervisions
    if spoken:
        supervision = _supervision(cut) or SupervisionSegment(
            id=cut.id,
            recording_id=cut.recording_id if cut.has_recording else cut.id,
            start=0.0,
            duration=cut.duration,
            channel=cut.channel,
        )
        supervisions = [fastcopy(supervision, **spoken)]
    custom = dict(cut.custom or {})
    if others:
        custom["facts"] = {**(custom.get("facts") or {}), **others}
    return fastcopy(cut, supervisions=supervisions, custom=custom)


def _data_cut(cut: Cut) -> DataCut:
    if isinstance(cut, MixedCut):
        return cut.tracks[_first_track(cut)].cut
    if isinstance(cut, PaddingCut):
        raise InputError(f"cut {cut.id} is padding: it can't carry facts")
    return cut


def _first_track(cut: MixedCut) -> int:
    for position, track in enumerate(cut.tracks):
        if not isinstance(track.cut, PaddingCut):
            return position
    raise InputError(f"cut {cut.id} is all padding: it can't carry facts")


def _supervision(cut: DataCut) -> SupervisionSegment | None:
    if len(cut.supervisions) > 1:
        raise InputError(
            f"{_where(cut)}: {len(cut.supervisions)} supervisions, but a clip has one at most; "
            "split the cut with lhotse's trim_to_supervisions first"
        )
    return cut.supervisions[0] if cut.supervisions else None


def _where(cut: DataCut) -> str:
    corpus = (cut.custom or {}).get("corpus")
    return f"recipe {corpus}, clip {cut.id}" if corpus else f"clip {cut.id}"
