"""What the facts of a clip say, by kind and measure, whatever their names: the key tells the kind and the unit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ....recipes.kit.languages import LANGUAGES
from .leaves import leaves
from .lexicon import GENERIC
from .numbers import Quantity, quantities
from .pitch import hertz_of, midi_of, note_names
from .prose import is_text
from .vocabulary import TABLES
from .words import concepts_in, fold, words

_KIND_PATTERNS = (
    ("spoof", r"spoof|fake|synthe|artificial|genuine|bona_?fide|authentic|is_real|is_human|"
    r"machine_generated"),
    ("content", r"^(?:text|transcript\w*|translation|captions?|descriptions?|lyrics|summary|title|"
    r"sentence|utterance|"
     r"words|prompt|normali[sz]ed_text|intent|slots?|keywords?|topic|story)$"),
    ("gender", r"gender|(?:^|_)sex$"),
    ("age", r"(?:^|_)age(?:_|$)"),
    ("accent", r"accent|dialect|nationality|native|origin|(?:^|_)l1(?:_|$)|country|region"),
    ("language", r"lang"),
    ("emotion", r"emotion|mood|feeling|sentiment|affect|attitude"),
    ("genre", r"genre"),
    ("instrument", r"instrument"),
    ("key", r"(?:^|_)key$|tonality|(?:^|_)mode$|(?:^|_)scale$|tonic"),
    ("sound", r"sound|noise_?(?:type|class|source|s)?$|background(?!_noise_level)|event|(?:^|_)animal|"
    r"species|"
     r"audio_class|foreground|label|categor"),
    ("room", r"room(?!.*(?:_m3|_m2|volume|size))|environment|location|place|scene|venue|setting|"
    r"acoustic_space"),
)  # fmt: skip
_UNIT_PATTERNS: tuple[tuple[str, str, float], ...] = (
    ("years", r"(?:^|_)age(?:_|$)|_years?$", 1.0), ("s", r"_ms$|milliseconds$", 0.001),
    ("s", r"(?<!per)_min(?:utes)?$", 60.0),
    ("kbit/s", r"kbps|bitrate|bit_rate", 1.0),
    ("s", r"(?<!per)_s$|_secs?$|(?<!per_)seconds$|duration|rt60|t60|reverb\w*_time|(?:^|_)edt", 1.0),
    ("km/h", r"km_?p?h$|kmh|kph|km_per_h", 1.0), ("km/h", r"mph$", 1.609), ("km/h", r"_mps$|m_per_s", 3.6),
    ("m", r"_cm$", 0.01), ("m", r"_mm$", 0.001), ("m", r"_km$", 1000.0), ("m", r"_ft$|_feet$", 0.3048),
    ("m", r"_m$|met(?:er|re)s$|distance", 1.0), ("Hz", r"_khz$", 1000.0), ("Hz", r"_hz$|frequency|f0", 1.0),
    ("dB", r"_db\w*$|snr|decibel|noise_ratio", 1.0), ("bpm", r"bpm|tempo", 1.0), ("%", r"percent|_pct$", 1.0),
    ("%", r"(?:^|_)(?:ratio|share|fraction|proportion)$", 100.0),
    ("midi", r"midi|(?:^|_)pitch(?:es)?$|(?:^|_)notes?$", 1.0),
    ("people", r"(?:speaker|people|person|voice|talker|participant)\w*_?(?:count|number)|"
     r"(?:num|number|n|count)_?(?:of_)?(?:distinct_)?(?:speakers|people|persons|voices|talkers|"
     r"participants)", 1.0),
    ("celsius", r"temperature|_temp$|celsius", 1.0),
    ("degrees", r"degrees|azimuth|elevation|_deg$", 1.0),
)  # fmt: skip
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in _KIND_PATTERNS)
_UNITS = tuple((measure, re.compile(pattern), factor) for measure, pattern, factor in _UNIT_PATTERNS)
_OLDEST = 130
_NONE = frozenset(["none", "-", "n/a", "no", "unknown", ""])
_ASKED_KEYS = {
    "distance": r"distance|(?:^|_)far", "snr": r"snr|_db", "rt60": r"rt60|t60|reverb|decay",
    "duration": r"duration|length",
    "bpm": r"tempo|bpm", "age": r"(?:^|_)age(?:_|$)", "count": r"speaker|people|person|voice|talker|participant|count",
}  # fmt: skip
_EXHAUSTIVE = re.compile(
    r"\b(?:every|all|each)\s+(?:\w+\s+){0,2}?(?:sounds?|events?|sources?|instruments?|noises?|"
    r"class(?:es)?)\b|"
    r"(?<!not )(?<!non-)(?<!non )(?<!in)(?<!never )\b(?:exhausti\w+|complete(?:ly)?|"
    r"fully)\b(?!\s+(?:songs?|pieces?|sentences?|tracks?))|"
    r"nothing else|no other|and only|vollstandig|exhaustiv|alle (?:\w+ )?gerausche|todos los|tous les|"
    r"completa|полн\w+|"
    r"все звук|完整|所有"
)
_NOT_EXHAUSTIVE = re.compile(
    r"\b(?:not|non|isn't|aren't|never|no)[\s-]+(?:\w+\s+){0,3}?(?:exhausti|complete|every|all|each|"
    r"fully)|incomplete|"
    r"unvollstandig|some of the|may (?:be|have)|неполн|不完整"
)


@dataclass(frozen=True)
class Known:
    """The facts. `told`: concepts of the facts of each kind; `named`: those that any value or prose names;
    `values`: the texts of each kind; `measures`: (key, measure, low, high); `flags`: facts that are true
    or false;
    `unread`: kinds with a value that no table knows; `prose`: what is said or described in the clip;
    `lengths`: of lists; `texts`: (key, text);
    `listed`: kinds that come as a list; `numbers`: those in values of text."""

    told: Mapping[str, frozenset[str]]
    named: Mapping[str, frozenset[str]]
    values: Mapping[str, tuple[str, ...]]
    measures: tuple[tuple[str, str, float, float], ...]
    flags: Mapping[str, bool]
    unread: frozenset[str]
    prose: str
    exhaustive: bool
    lengths: Mapping[str, int]
    listed: frozenset[str]
    numbers: frozenset[float]
    texts: tuple[tuple[str, str], ...] = ()

    def tells(self, kind: str) -> bool:
        """Whether some fact is of this kind."""
        return kind in self.values or (kind == "spoof" and "spoof" in self.told)

    def measured(self, measure: str, asked: str | None = None) -> list[tuple[float, float]]:
        """The true ranges of a measure; only of what is asked for, where a fact is named so."""
        found = [(key, low, high) for key, unit, low, high in self.measures if unit == measure]
        pattern = _ASKED_KEYS.get(asked or "")
        narrowed = [entry for entry in found if pattern and re.search(pattern, entry[0])]
        if pattern and asked in ("rt60", "duration", "distance") and measure in ("s", "m") and not narrowed:
            return []
        return [(low, high) for _, low, high in narrowed or found]

    def pitches(self) -> list[float]:
        """The MIDI numbers of the pitches."""
        midi = [low for _, unit, low, _ in self.measures if unit == "midi"]
        return midi + [
            midi_of(low) for key, unit, low, _ in self.measures
            if unit == "Hz" and low > 0 and re.search(r"pitch|f0|note|fundamental|^frequency", key)
        ]  # fmt: skip


def known_of(facts: Mapping[str, Any], description: str) -> Known:
    """Reads the facts, nested ones too."""
    values: dict[str, list[str]] = {}
    measures: list[tuple[str, str, float, float]] = []
    flags: dict[str, bool] = {}
    prose: list[str] = []
    told: dict[str, set[str]] = {}
    lengths = {key: len(value) for key, value in facts.items() if isinstance(value, list)}
    everything: list[str] = []
    texts_by_key: list[tuple[str, str]] = []
    listed = {kind_of(str(key).lower()) for key, value in facts.items() if isinstance(value, list)}
    for key, value in leaves(facts):
        kind = kind_of(key)
        if isinstance(value, bool):
            flags[key] = value
            if kind == "spoof":
                real = re.search(r"genuine|bona|authentic|real|human", key) is not None
                told.setdefault("spoof", set()).add(str(value is not real).lower())
        elif isinstance(value, int | float):
            if math.isfinite(value):
                measures.append((key, *_measure(key, float(value))))
        elif isinstance(value, str) and value.strip():
            text = value.replace("_", " ")
            if kind == "language" and value.partition("-")[0].lower() in LANGUAGES:
                text = LANGUAGES[value.partition("-")[0].lower()]
            everything.append(text)
            texts_by_key.append((key, text))
            values.setdefault(kind, []).append(text)
            if kind == "content" or is_text(key):
                prose.append(text)
            measures += _measures_in(key, text)
        if kind == "spoof" and isinstance(value, str) and "spoof" not in told:
            says = concepts_in(TABLES["spoof"], value.replace("_", " "))
            made = (
                re.search(r"method|type|system|attack|vocoder|tts|model|engine", key)
                and fold(value) not in _NONE
            )
            told["spoof"] = set(says) or ({"true"} if made else set())
    if re.search(r"tts|vocoder|spoof_method|synthes", " ".join(facts)) and "spoof" not in told:
        told["spoof"] = {"true"}
    joined = "\n".join(everything)
    unread = set()
    for kind in TABLES:
        texts = values.get("sound" if kind == "sound" else kind, [])
        if kind == "mode":
            texts = values.get("key", [])
        if kind == "language":
            texts = [*texts, *values.get("accent", [])]
        found = [set(concepts_in(TABLES[kind], text)) for text in texts]
        readable = [_is_read(text) for text in texts]
        if kind != "spoof":
            told[kind] = set().union(*found) if found else set()
        if not all(readable):
            unread.add(kind)
    named = {kind: frozenset(concepts_in(table, joined)) for kind, table in TABLES.items()}
    low = fold(description)
    return Known(
        {kind: frozenset(found) for kind, found in told.items() if found},
        named, {kind: tuple(texts) for kind, texts in values.items()}, tuple(measures), flags, frozenset(unread),
        "\n".join(prose), _EXHAUSTIVE.search(low) is not None and _NOT_EXHAUSTIVE.search(low) is None, lengths,
        frozenset(listed), frozenset(q.value for text in everything for q in quantities(text, "en") if not q.article),
        tuple(texts_by_key),
    )  # fmt: skip


def _is_read(text: str) -> bool:
    """Whether a table knows the value, or it tells nothing in particular (`voice`)."""
    return any(concepts_in(table, text) for table in TABLES.values()) or all(
        w.text in GENERIC for w in words(text)
    )


def kind_of(key: str) -> str:
    """What a fact of this name is about: `gender`, `sound`, ...; `other` where the name doesn't tell."""
    if re.search(r"_(?:intensity|strength|level|score|confidence|id|count|volume|size)$", key):
        return "other"  # of what the kind is, not which
    return next((kind for kind, pattern in _KINDS if pattern.search(key)), "other")


def _measure(key: str, value: float) -> tuple[str, float, float]:
    for measure, pattern, factor in _UNITS:
        if pattern.search(key):
            if measure == "years" and value > _OLDEST:
                continue  # a year of birth
            if measure == "%" and value > 1:
                factor = 1.0
            return measure, value * factor, value * factor
    return "", value, value


def _measures_in(key: str, text: str) -> Iterator[tuple[str, str, float, float]]:
    """Sizes written as text: `thirties`, `4 s`, `60-69`; and the note of `pitch: C4`."""
    measure, _, _ = _measure(key, 0.0)
    if measure == "midi":
        for pitch_class, octave in note_names(text, syllables=False):
            midi = 12.0 * ((octave if octave is not None else 4) + 1) + pitch_class
            yield key, "midi", midi, midi
        return
    if measure in ("years", "s", "m", "dB", "bpm", "people"):
        for found in quantities(text, "en"):
            low, high = (found.value, found.value) if not _is_range(found, text) else (found.low, found.high)
            yield key, measure, low, high
        word = {"child": (0, 13), "teen": (13, 19.99), "young": (15, 35), "adult": (18, 65), "senior": (60, 110),
                "elderly": (60, 110), "middle": (40, 60)}  # fmt: skip
        for name, (low, high) in word.items():
            if measure == "years" and name in fold(text) and not quantities(text, "en"):
                yield key, "years", low, high


def _is_range(found: Quantity, text: str) -> bool:
    return found.bound or re.search(r"[a-z]{3,}(?:s|ies)\b|0s\b|-|–|to", text) is not None


def frequencies(known: Known) -> list[float]:
    """The frequencies in Hz that facts give, pitches included."""
    return [low for _, unit, low, _ in known.measures if unit == "Hz"] + [
        hertz_of(p) for p in known.pitches()
    ]
