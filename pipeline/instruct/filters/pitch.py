"""Names of notes in five traditions, and MIDI numbers and hertz, compared."""

from __future__ import annotations

import math
import re

from .words import fold

_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SYLLABLES = {
    "do": 0, "ut": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11,
    "до": 0, "ре": 2, "ми": 4, "фа": 5, "соль": 7, "ля": 9, "си": 11,
}  # fmt: skip
_SHARP = r"\s?(?:#|♯)|[\s-](?:sharp|sostenido|diese?|diesis|sustenido|диез)\b"
_FLAT = r"\s?♭|b(?![a-z])|[\s-](?:flat|bemol\w*|бемоль)\b"
_LETTER = re.compile(
    rf"(?<![\w'])([A-GH])({_SHARP}|{_FLAT}|is\b|es\b|s\b)?[\s-]?(-?\d)?"
    rf"(?=[\s.,;:!?)]|-|$|maj|min|m\b|[\u4e00-\u9fff])"
)
_SPELLED = re.compile(rf"(?<!\w)([a-gh])({_SHARP}|{_FLAT}|is|es|s)(?=[\s.,;:!?)-]|$)")
_SYLLABLE = re.compile(
    rf"(?<!\w)({'|'.join(sorted(_SYLLABLES, key=len, reverse=True))})({_SHARP}|{_FLAT})?\s?(\d)?(?!\w)"
)
_AFTER_A_NOTE = re.compile(
    r"[\s-](?:maj|min|dur\b|moll|mayor|menor|majeur|mineur|magg|maior|is\b|was\b|or\b|below\b|above\b|under\b|over\b)"
)


def note_names(text: str, *, syllables: bool, german: bool = False) -> list[tuple[int, int | None]]:
    """The notes a text names: pitch class (0 = C) and octave (MIDI 60 is C4), None where it isn't said.

    `syllables`: `do`, `mi`, `la` are notes and not words. `german`: B is B flat and H is B.
    """
    found: list[tuple[int, int | None]] = []
    if re.search(r"\bmiddle c\b|中央\s?c", fold(text)):
        found.append((0, 4))
    for match in _LETTER.finditer(text):
        after = text[match.end() :]
        alone = match[1] in "AE" and not match[2] and not match[3] and re.match(r"\s+[^\W\d]", after)
        if alone and not _AFTER_A_NOTE.match(after):
            continue  # an article, `and`
        if match[2] in ("s", "es", "is") and not re.match(
            r"[.,;!?]|$|[\s-]?(?:dur|moll)\b", after, re.IGNORECASE
        ):
            continue  # `Es ist ...`
        found.append((_class(match[1], match[2], german), int(match[3]) if match[3] else None))
    if german:
        for match in re.finditer(r"(?<!\w)([a-gh])(is|es|s)?(?=-(?:moll|dur))", text.lower()):
            found.append((_class(match[1].upper(), match[2], german), None))
    for match in _SPELLED.finditer(text):
        if match[2] not in ("s", "es", "is"):
            found.append((_class(match[1].upper(), match[2], german), None))
    for match in re.finditer(r"([升降])([A-G])", text):
        found.append(((_LETTERS[match[2].lower()] + (1 if match[1] == "升" else -1)) % 12, None))
    if syllables:
        for match in _SYLLABLE.finditer(fold(text)):
            if not (match[2] or match[3] or _stands_as_a_note(text, match)):
                continue
            shift = 0 if not match[2] else 1 if re.fullmatch(_SHARP, match[2]) else -1
            found.append(((_SYLLABLES[match[1]] + shift) % 12, None))
    return found


def _stands_as_a_note(text: str, match: re.Match[str]) -> bool:
    """Whether a syllable is no article, pronoun or `yes`: its mode or octave follows, or its phrase ends there."""
    said, folded = text[match.start(1) : match.end(1)].lower(), fold(text)
    if said in ("sí", "sì", "là") or (said == "si" and match.start() == 0 and folded[match.end() :].strip()):
        return False
    before, after = folded[: match.start()], folded[match.end() :]
    if re.search(r"\w-$", before):
        return False  # `fá-lo`, `dis-la`
    return (
        _ENDS_A_PHRASE.match(after) is not None
        or _MODE_OR_OCTAVE.match(after) is not None
        or _CALLED_A_NOTE.search(before) is not None
    )


_ENDS_A_PHRASE = re.compile(r"\s*(?:$|[.,;:!?)(/»\"”]|[-–—]\s)|\s+(?:y|e|et|и|o|ou|u|или|a|al?|à)\s")
_MODE_OR_OCTAVE = re.compile(
    r"[\s-]+(?:mayor|menor|majeure?|mineure?|maggiore|minore|maior|maj|min|мажор|минор|central|medio|medium|centrale|"
    r"natur\w+|agud\w|grave|aigue?|acut\w|bass\w|"
    r"(?:de|del|da|della|dell|du|do|d')\W?\s*(?:la\s+)?(?:\w+\s+)?(?:oct|ott|oit)|\w+ой октавы)"
)
_CALLED_A_NOTE = re.compile(
    r"\b(?:not[ae]|notes|нот[аыу]|tonalit\w+|tonalid\w+|acorde|accord\w?|accordo)\s+(?:es |est |e |di |de |do )?$"
)


def _class(letter: str, accidental: str | None, german: bool) -> int:
    base = (
        11
        if letter == "H"
        else 10
        if letter == "B" and german and not accidental
        else _LETTERS[letter.lower()]
    )
    if not accidental:
        return base
    return (base + (1 if re.fullmatch(rf"{_SHARP}|is", accidental) else -1)) % 12


def midi_of(hertz: float) -> float:
    """The MIDI number of a frequency: 69 + 12 log2(f / 440 Hz), as the MIDI tuning standard has it."""
    return 69 + 12 * math.log2(hertz / 440)


def hertz_of(midi: float) -> float:
    """The frequency in Hz of a MIDI number."""
    return float(440 * 2 ** ((midi - 69) / 12))
