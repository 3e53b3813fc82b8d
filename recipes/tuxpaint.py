"""Tux Paint stamps: short picture captions read aloud in many languages, and the sounds of the things pictured.

Packaged by Debian as tuxpaint-stamps-default; from https://tuxpaint.org/stamps/. GPL-2 as a whole.

The folder holds `stamps/{category}/**/NAME.txt`: the caption in English on the first line, then lines of
`LL.utf8=caption`. `NAME_desc.ogg` is the English caption read aloud, `NAME_desc_LL.ogg` that of language LL, and
`NAME.ogg` the sound of the thing. Rates go from 8 to 44.1 kHz.

- Readers aren't named, and one language may have several: no speaker, no gender. `source` is the stamp, so that a
  caption stays in one split in all its languages. A model may still know a language by its reader's voice.
- Most French recordings have an empty left channel (`check_audio` finds the right one).
- Some captions were edited after the reading, or mistranslated (a Belarusian crow is called a cow). Those known to
  be are listed below and yield no text.
- `animals/lizards/iguana.ogg` is digital silence: an animal without a voice.
- The sound's name is the English caption where that is a plain noun phrase (`A floor tom drum.`), else the name of
  the file. For the folder of musical instruments it is the instrument, too.

Tables: lines `LL.utf8=caption`, in the published files themselves (https://tuxpaint.org/stamps/).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import DIVIDED, RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, clean_text, divide, safe_id
from .kit.hours import published_hours
from .kit.languages import LANGUAGES
from .kit.lookup import Untold, lines_of, read_note
from .kit.spelling import walk

CORPUS = Corpus(
    name="tuxpaint",
    title="Tux Paint stamps",
    description=(
        "Captions of a children's paint program, a few words each, read aloud in many languages by unknown readers; "
        "and the sounds of the animals and things that the captions name. A clip holds either one reader or one sound."
    ),
    hours=published_hours("tuxpaint"),
    licence=Licence("GPL-2.0-only", commercial=True),
    languages=("be", "bg", "ca", "da", "el", "en", "es", "fr", "ro", "ru"),
    sampling_rate=44_100,
    format="vorbis",
    homepage="https://tuxpaint.org/stamps/",
    citation="Kendrick et al., Tux Paint stamps, 2022",
    layout=("stamps/*/**/*.txt", "stamps/*/**/*.ogg"),
    splits=DIVIDED,
    facts=("text", "language", "translation", "sound_events", "instrument", "source"),
    tasks=("asr", "language", "sound_event"),
    no_origin=RECORDED_FOR_IT,
)

_DOUBTFUL = {
    ("animals/birds/crow", "be"),
    ("animals/birds/adelaide-rosella", "da"),
    ("animals/birds/adelaide-rosella", "el"),
    ("animals/mammals/echidna", "ca"),
}
_NAME = re.compile(r"(.+?)_desc(?:_([A-Za-z@_]+))?")
_CAPTION = re.compile(r"[A-Za-z_@]+\.utf8=")
_NOUN_PHRASE = re.compile(r"An? ([A-Za-z-]+(?: [A-Za-z-]+){0,3})\.")
_CODE = re.compile(r"([a-z]{2,3})(?:[_@]([A-Za-z]{2,8}))?")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every reading and every sound."""
    stamps = corpus_dir / "stamps"
    for path in walk(stamps, (".ogg",)):
        name = path.relative_to(stamps).with_suffix("").as_posix()
        audio = path.relative_to(corpus_dir)
        match = _NAME.fullmatch(name)
        stamp, code = (match[1], match[2] or "en") if match else (name, None)
        captions = _captions(stamps / f"{stamp}.txt")
        if isinstance(captions, Untold):
            yield BadClip(safe_id(name), audio, captions.reason)
            continue
        if code is None:
            facts = _sound(stamp, captions)
        elif _language(code) is None:
            yield BadClip(safe_id(name), audio, f"language '{code}' isn't in recipes/kit/languages.py")
            continue
        else:
            facts = _reading(stamp, code, captions)
        split = divide(CORPUS.name, stamp)
        yield Clip(safe_id(name), split, audio, {**facts, "source": stamp})


def _captions(path: Path) -> dict[str, str] | Untold:
    """Language as Tux Paint writes it (`pt_BR`) -> caption."""
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        return note
    first, *others = [line for _, line in lines_of(note)]
    if not all(map(_CAPTION.match, others)):
        return Untold(f"its text {path.name} isn't a caption and lines `LL.utf8=caption`")
    captions = {"en": clean_text(first)}
    for line in others:
        code, _, caption = line.partition(".utf8=")
        captions[code] = clean_text(caption)
    return {code: caption for code, caption in captions.items() if caption}


def _language(code: str) -> str | None:
    match = _CODE.fullmatch(code)
    if match is None or match[1] not in LANGUAGES:
        return None
    return "-".join(part.lower() for part in match.groups() if part)


def _reading(stamp: str, code: str, captions: dict[str, str]) -> dict[str, object]:
    facts: dict[str, object] = {"language": _language(code)}
    if code in captions and (stamp, code) not in _DOUBTFUL:
        facts["text"] = captions[code]
        if "en" in captions and not code.startswith("en"):
            facts["translation"] = captions["en"]
    return facts


def _sound(stamp: str, captions: dict[str, str]) -> dict[str, object]:
    phrase = _NOUN_PHRASE.fullmatch(captions.get("en", ""))
    name = phrase[1] if phrase else stamp.rpartition("/")[2].replace("_", " ")
    facts: dict[str, object] = {"sound_events": [name]}
    if stamp.startswith("hobbies/music/"):
        facts["instrument"] = name
    return facts
