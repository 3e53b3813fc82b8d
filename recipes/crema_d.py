"""CREMA-D: 7,442 clips of 91 actors who say twelve sentences in six emotions.

Published at https://github.com/CheyneyComputerScience/CREMA-D by Cao et al., "CREMA-D: Crowd-sourced Emotional
Multimodal Actors Dataset", IEEE Transactions on Affective Computing 2014. ODbL 1.0.

The folder holds `VideoDemographics.csv` (ActorID, Age, Sex, Race, Ethnicity) and `AudioWAV/*.wav` (16 kHz), named
ACTOR_SENTENCE_EMOTION_INTENSITY; the intensity XX isn't specified. One published file, 1076_MTI_SAD_XX, is empty of
speech. No splits are published.

Tables: CSV after RFC 4180, every text in quotation marks, in the published file itself
(https://github.com/CheyneyComputerScience/CREMA-D).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import DIVIDED, RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, divide, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, one_of, whole_number
from .kit.spelling import find
from .kit.tables import read_table

CORPUS = Corpus(
    name="crema_d",
    title="CREMA-D",
    description=(
        "Actors of many ages and origins say one of twelve neutral English sentences, acting an emotion. "
        "The words carry no emotion; only the voice does."
    ),
    hours=published_hours("crema_d"),
    licence=Licence("ODbL 1.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://github.com/CheyneyComputerScience/CREMA-D",
    citation="Cao et al., CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset, IEEE TAC 2014",
    layout=("VideoDemographics.csv", "AudioWAV/*.wav"),
    splits=DIVIDED,
    facts=("text", "speaker", "gender", "language", "age", "speaking_style", "emotion", "emotion_intensity"),
    tasks=("asr", "gender", "speaker_verification", "emotion", "age"),
    no_origin=RECORDED_FOR_IT,
    unhelpful=("text",),
)

_SENTENCES = {
    "IEO": "It's eleven o'clock.",
    "TIE": "That is exactly what happened.",
    "IOM": "I'm on my way to the meeting.",
    "IWW": "I wonder what this is about.",
    "TAI": "The airplane is almost full.",
    "MTI": "Maybe tomorrow it will be cold.",
    "IWL": "I would like a new alarm clock.",
    "ITH": "I think I have a doctor's appointment.",
    "DFA": "Don't forget a jacket.",
    "ITS": "I think I've seen this before.",
    "TSI": "The surface is slick.",
    "WSI": "We'll stop in a couple of minutes.",
}
_EMOTIONS = {
    "ANG": "angry",
    "DIS": "disgusted",
    "FEA": "fearful",
    "HAP": "happy",
    "NEU": "neutral",
    "SAD": "sad",
}
_INTENSITIES = {"LO": "low", "MD": "medium", "HI": "high", "X": None, "XX": None}
_SEXES = {"Male": "male", "Female": "female"}
_NAME = re.compile(r"([0-9]{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{1,2})")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording."""
    actors = _actors(corpus_dir / "VideoDemographics.csv")
    for path in find(corpus_dir / "AudioWAV", "*.wav"):
        audio = path.relative_to(corpus_dir)
        actor, sentence, emotion, intensity = (*path.stem.split("_"), "", "", "", "")[:4]
        if not _NAME.fullmatch(path.stem) or not (
            sentence in _SENTENCES and emotion in _EMOTIONS and intensity in _INTENSITIES
        ):
            yield BadClip(safe_id(path.stem), audio, "the name isn't ACTOR_SENTENCE_EMOTION_INTENSITY")
            continue
        facts = known(
            text=_SENTENCES[sentence],
            speaker=actor,
            language="en",
            speaking_style="acted",
            emotion=_EMOTIONS[emotion],
            emotion_intensity=_INTENSITIES[intensity],
            **actors[actor],
        )
        yield Clip(path.stem, divide(CORPUS.name, actor), audio, facts)


def _actors(path: Path) -> Lookup[dict[str, Any]]:
    actors: Lookup[dict[str, Any]] = Lookup(path, {})
    for row in read_table(path, CORPUS, ("ActorID", "Age", "Sex")):
        where = f"{path.name}, line {row.line}"
        about = known(gender=one_of(_SEXES, row["Sex"], where), age=whole_number(row["Age"], where))
        actors.tell(row["ActorID"], about)
    return actors
