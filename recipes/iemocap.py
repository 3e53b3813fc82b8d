"""IEMOCAP: 12 hours of ten actors in scripted and improvised dialogues, labelled with emotions by listeners.

Published at https://sail.usc.edu/iemocap/ by Busso et al., "IEMOCAP: interactive emotional dyadic motion capture
database", Language Resources and Evaluation 2008. Given for research after a form.

The folder (or `IEMOCAP_full_release` in it) holds `SessionN/sentences/wav/DIALOG/UTTERANCE.wav` (16 kHz),
`SessionN/dialog/EmoEvaluation/DIALOG.txt` (`[start - end] utterance emotion [valence, activation, dominance]`) and
`SessionN/dialog/transcriptions/DIALOG.txt` (`utterance [start-end]: text`). Joy is "excited" or "happy" as published;
the labels `oth` and `xxx` (no agreement) are left out, and so are marks such as [LAUGHTER] in texts. An utterance
that the turns don't number is `DIALOG_FXX0`, `DIALOG_MXX0`; nobody judged those. A session has a man and a woman of
its own; the fifth is the test here.

Tables: lines as its own documentation shows them (https://sail.usc.edu/iemocap/); encoding and line ends not
verified.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, Untold, lines_of, one_of, read_note
from .kit.spelling import find

CORPUS = Corpus(
    name="iemocap",
    title="IEMOCAP",
    description=(
        "A man and a woman act an English dialogue, scripted or improvised, so that emotions arise. "
        "One of them speaks in each clip; listeners judged the emotion."
    ),
    hours=published_hours("iemocap"),
    licence=Licence("IEMOCAP release form (research)", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://sail.usc.edu/iemocap/",
    citation="Busso et al., IEMOCAP: interactive emotional dyadic motion capture database, LRE 2008",
    layout=(
        "Session[1-5]/sentences/wav|IEMOCAP_full_release/Session[1-5]/sentences/wav",
        "Session[1-5]/dialog/EmoEvaluation|IEMOCAP_full_release/Session[1-5]/dialog/EmoEvaluation",
    ),
    splits={
        "Session1": "train",
        "Session2": "train",
        "Session3": "train",
        "Session4": "train",
        "Session5": "test",
    },
    facts=(
        "text",
        "speaker",
        "gender",
        "language",
        "speaking_style",
        "emotion",
        "valence",
        "arousal",
        "dominance",
        "source",
    ),
    tasks=("asr", "gender", "emotion", "speaker_verification"),
    no_origin=RECORDED_FOR_IT,
    unhelpful=("valence", "arousal", "dominance"),
)

_EMOTIONS = {
    "ang": "angry",
    "dis": "disgusted",
    "exc": "excited",
    "fea": "fearful",
    "fru": "frustrated",
    "hap": "happy",
    "neu": "neutral",
    "sad": "sad",
    "sur": "surprised",
    "oth": None,
    "xxx": None,
}
_GENDERS = {"F": "female", "M": "male"}
_NAME = re.compile(r"(Ses0[1-5][FM]_(impro|script)\w*)_([FM])(\d{3}|XX\d{1,3}|[A-Z]{2}\d{2})")
_JUDGED = re.compile(r"\[[^\]]*\]\s+(\S+)\s+([a-z]{3})\s+\[([0-9.]+), ([0-9.]+), ([0-9.]+)\]$")
_SAID = re.compile(r"(\S+) \[[0-9.-]+\]:\s*(.*)")
_MARK = re.compile(r"\[[A-Z]+\]|\(\([^)]*\)\)")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every utterance of every dialogue."""
    inner = corpus_dir / "IEMOCAP_full_release"
    root = inner if inner.is_dir() else corpus_dir
    for split in CORPUS.splits:
        for folder in find(root / split / "sentences" / "wav", "*/"):
            dialog = root / split / "dialog"
            judged = _judged(dialog / "EmoEvaluation" / f"{folder.name}.txt")
            said = _said(dialog / "transcriptions" / f"{folder.name}.txt")
            for path in find(folder, "*.wav"):
                audio, match = path.relative_to(corpus_dir), _NAME.fullmatch(path.stem)
                if match is None:
                    yield BadClip(safe_id(path.stem), audio, "the name isn't SesNNG_DIALOG_GNNN")
                    continue
                letter = match[3]
                facts = known(
                    text=said[path.stem],
                    speaker=f"{path.stem[:5]}{letter}",
                    gender=_GENDERS[letter],
                    language="en",
                    speaking_style="improvised" if match[2] == "impro" else "scripted",
                    source=folder.name,
                    **(judged[path.stem] if path.stem in judged or not match[4].startswith("XX") else {}),
                )
                yield Clip(safe_id(path.stem), split, audio, facts)


def _judged(path: Path) -> Lookup[dict[str, Any]]:
    judged: Lookup[dict[str, Any]] = Lookup(path, {})
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        judged.tell_others(note)
    for _, line in lines_of(note):
        if match := _JUDGED.match(line):
            emotion = one_of(_EMOTIONS, match[2], path.name)
            scores = [float(match[place]) for place in (3, 4, 5)]
            names = ("valence", "arousal", "dominance")
            judged.tell(match[1], known(emotion=emotion, **dict(zip(names, scores, strict=True))))
    return judged


def _said(path: Path) -> Lookup[str]:
    said: Lookup[str] = Lookup(path, "")
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        said.tell_others(note)
    for _, line in lines_of(note):
        # A second utterance in the line: the end of the first one was lost.
        if (match := _SAID.fullmatch(line)) and not _SAID.search(match[2]):
            said.tell(match[1], clean_text(_MARK.sub(" ", match[2])))
    return said
