"""ESD: 29 hours of 350 parallel sentences in five emotions by ten Mandarin and ten English speakers.

Published at https://hltsingapore.github.io/ESD/ by Zhou et al., "Emotional voice conversion: Theory, databases and
ESD", Speech Communication 2022. Given for research after a form.

The folder holds `SPEAKER/SPEAKER.txt` (id, text, emotion; tab-separated, in UTF-8, UTF-16 or GB18030) and
`SPEAKER/EMOTION/{train,evaluation,test}/SPEAKER_NNNNNN.wav` (16 kHz), or without the folders of the splits: then the
first 20 sentences of an emotion are the evaluation set and the next 30 the test set, as published. Splits share
speakers, not sentences. Speakers 0001 to 0010 are Mandarin.

Tables: tabs without quoting; not verified.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup
from .kit.spelling import find, walk

CORPUS = Corpus(
    name="esd",
    title="ESD",
    description=(
        "Native speakers of Mandarin or English say short sentences in a studio, acting one of five emotions. "
        "One person speaks in each clip."
    ),
    hours=published_hours("esd"),
    licence=Licence("ESD licence form (research)", commercial=False),
    languages=("en", "zh"),
    sampling_rate=16_000,
    homepage="https://hltsingapore.github.io/ESD/",
    citation="Zhou et al., Emotional voice conversion: Theory, databases and ESD, Speech Communication 2022",
    layout=("00[0-2][0-9]/Angry", "00[0-2][0-9]/Neutral"),
    splits={"train": "train", "evaluation": "dev", "test": "test"},
    facts=("text", "speaker", "language", "speaking_style", "emotion"),
    tasks=("asr", "emotion", "language"),
    no_origin=RECORDED_FOR_IT,
)

_EMOTIONS = {
    "Angry": "angry",
    "Happy": "happy",
    "Neutral": "neutral",
    "Sad": "sad",
    "Surprise": "surprised",
}
_NAME = re.compile(r"(00[0-2][0-9])_([0-9]{6})")
_SENTENCES, _EVALUATION, _TEST = 350, 20, 50


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording of every speaker on disk."""
    for speaker in find(corpus_dir, "00[0-2][0-9]/"):
        texts = _texts(speaker / f"{speaker.name}.txt")
        for folder, emotion in _EMOTIONS.items():
            if not (speaker / folder).is_dir():
                continue
            for path in walk(speaker / folder, (".wav",)):
                audio, match = path.relative_to(corpus_dir), _NAME.fullmatch(path.stem)
                if match is None or match[1] != speaker.name:
                    reason = f"the name isn't {speaker.name}_NNNNNN.wav"
                    yield BadClip(safe_id(f"{speaker.name}-{path.stem}"), audio, reason)
                    continue
                split = path.parent.name if path.parent.name in CORPUS.splits else _split(int(match[2]))
                facts = known(
                    text=texts[path.stem],
                    speaker=speaker.name,
                    language="zh" if speaker.name <= "0010" else "en",
                    speaking_style="acted",
                    emotion=emotion,
                )
                yield Clip(path.stem, split, audio, facts)


def _split(number: int) -> str:
    place = (number - 1) % _SENTENCES
    return "evaluation" if place < _EVALUATION else "test" if place < _TEST else "train"


def _texts(path: Path) -> Lookup[str]:
    if not path.is_file():
        raise InputError(f"{path}: no such file; take it from {CORPUS.homepage}")
    content = path.read_bytes()
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            lines = content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
        texts: Lookup[str] = Lookup(path, "")
        for fields in (line.split("\t") for line in lines):
            # Of a line that is cut or glued to the next one nothing is taken.
            if len(fields) == 3 and "\0" not in fields[1] and fields[1].strip():
                texts.tell(fields[0].strip(), clean_text(fields[1]))
        return texts
    raise InputError(f"{path}: is neither UTF-8 nor UTF-16 nor GB18030; take it from {CORPUS.homepage}")
