"""RAVDESS (speech): 1,440 recordings of 24 actors who say two sentences in eight emotions.

Published at https://zenodo.org/records/1188976 by Livingstone and Russo, "The Ryerson Audio-Visual Database of
Emotional Speech and Song", PLoS ONE 13(5), 2018. CC BY-NC-SA 4.0.

The folder holds `Audio_Speech_Actors_01-24/Actor_NN/*.wav`, or the `Actor_NN` themselves (48 kHz). Everything known
is in the file's name, seven numbers: modality, vocal channel, emotion, intensity, statement, repetition, actor. Odd
actors are men, even ones women; all speak with a neutral North American accent. The sung part isn't read. Many files
start with digital silence. No splits are published.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import DIVIDED, RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Licence, divide, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="ravdess",
    title="RAVDESS (speech)",
    description=(
        "Professional actors say one of two English sentences in a studio, acting an emotion. "
        "The words carry no emotion; only the voice does."
    ),
    hours=published_hours("ravdess"),
    licence=Licence("CC BY-NC-SA 4.0", commercial=False),
    languages=("en",),
    sampling_rate=48_000,
    homepage="https://zenodo.org/records/1188976",
    citation="Livingstone and Russo, The Ryerson Audio-Visual Database of Emotional Speech and Song, PLoS ONE 2018",
    layout=("Actor_[0-9][0-9]/*.wav|Audio_Speech_Actors_01-24/Actor_[0-9][0-9]/*.wav",),
    splits=DIVIDED,
    facts=("text", "speaker", "gender", "language", "accent", "emotion", "emotion_intensity"),
    tasks=("asr", "gender", "speaker_verification", "emotion"),
    no_origin=RECORDED_FOR_IT,
    unhelpful=("text",),
    downloads=(
        Download(
            "https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip",
            checksum="md5:bc696df654c87fed845eb13823edef8a",
            size=208_468_073,
        ),
    ),
)

_EMOTIONS = {
    "01": "neutral",
    "02": "calm",
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fearful",
    "07": "disgusted",
    "08": "surprised",
}
_INTENSITIES = {"01": "normal", "02": "strong"}
_STATEMENTS = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
# Modality 03 is audio only, vocal channel 01 is speech.
_NAME = re.compile(r"03-01-(0[1-8])-(0[12])-(0[12])-(0[12])-([0-9]{2})")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every spoken recording, with the facts that its name tells."""
    inner = corpus_dir / "Audio_Speech_Actors_01-24"
    for path in find(inner if inner.is_dir() else corpus_dir, "Actor_[0-9][0-9]/*.wav"):
        audio = path.relative_to(corpus_dir)
        match = _NAME.fullmatch(path.stem)
        if match is None:
            yield BadClip(safe_id(path.stem), audio, "the name isn't the seven numbers of a spoken recording")
            continue
        emotion, intensity, statement, _, actor = match.groups()
        if path.parent.name != f"Actor_{actor}":
            yield BadClip(path.stem, audio, f"the name says actor {actor}, the folder {path.parent.name}")
            continue
        facts = {
            "text": _STATEMENTS[statement],
            "speaker": actor,
            "gender": "male" if int(actor) % 2 else "female",
            "language": "en",
            "accent": "North American",
            "emotion": _EMOTIONS[emotion],
            "emotion_intensity": _INTENSITIES[intensity],
        }
        yield Clip(path.stem, divide(CORPUS.name, actor), audio, facts)
