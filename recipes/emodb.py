"""EmoDB (Berlin Database of Emotional Speech): 535 recordings of ten actors who say ten German sentences.

Published at http://emodb.bilderbar.info by Burkhardt et al., "A Database of German Emotional Speech", Interspeech
2005. Free to use, given without a licence at first and under CC0 since.

The folder holds `wav/*.wav` (16 kHz), or the files themselves. A name is speaker (two digits), sentence (a01 ...
b10), the first letter of the German word for the emotion, and a version. No splits are published.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import DIVIDED, RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Licence, divide, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="emodb",
    title="EmoDB",
    description=(
        "Actors say one of ten everyday German sentences in a room without echo, acting an emotion. "
        "The words carry no emotion; only the voice does."
    ),
    hours=published_hours("emodb"),
    licence=Licence("CC0", commercial=True),
    languages=("de",),
    sampling_rate=16_000,
    homepage="http://emodb.bilderbar.info",
    citation="Burkhardt et al., A Database of German Emotional Speech, Interspeech 2005",
    layout=("wav/[01][0-9][ab][01][0-9][A-Z][a-z].wav|[01][0-9][ab][01][0-9][A-Z][a-z].wav",),
    splits=DIVIDED,
    facts=("text", "speaker", "gender", "language", "age", "speaking_style", "emotion"),
    tasks=("asr", "gender", "emotion", "age", "speaker_verification"),
    no_origin=RECORDED_FOR_IT,
    unhelpful=("text",),
    downloads=(Download("http://emodb.bilderbar.info/download/download.zip"),),
)

_SPEAKERS = {
    "03": ("male", 31),
    "08": ("female", 34),
    "09": ("female", 21),
    "10": ("male", 32),
    "11": ("male", 26),
    "12": ("male", 30),
    "13": ("female", 32),
    "14": ("female", 35),
    "15": ("male", 25),
    "16": ("female", 31),
}
_SENTENCES = {
    "a01": "Der Lappen liegt auf dem Eisschrank.",
    "a02": "Das will sie am Mittwoch abgeben.",
    "a04": "Heute abend könnte ich es ihm sagen.",
    "a05": "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück.",
    "a07": "In sieben Stunden wird es soweit sein.",
    "b01": "Was sind denn das für Tüten, die da unter dem Tisch stehen?",
    "b02": "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter.",
    "b03": "An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht.",
    "b09": "Ich will das eben wegbringen und dann mit Karl was trinken gehen.",
    "b10": "Die wird auf dem Platz sein, wo wir sie immer hinlegen.",
}
_EMOTIONS = {
    "W": "angry",
    "L": "bored",
    "E": "disgusted",
    "A": "fearful",
    "F": "happy",
    "T": "sad",
    "N": "neutral",
}
_NAME = re.compile(r"([0-9]{2})([ab][01][0-9])([A-Z])[a-z]")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording."""
    folder = corpus_dir / "wav" if (corpus_dir / "wav").is_dir() else corpus_dir
    for path in find(folder, "*.wav"):
        audio = path.relative_to(corpus_dir)
        match = _NAME.fullmatch(path.stem)
        speaker, sentence, emotion = match.groups() if match else ("", "", "")
        if not (speaker in _SPEAKERS and sentence in _SENTENCES and emotion in _EMOTIONS):
            yield BadClip(safe_id(path.stem), audio, "the name isn't speaker, sentence, emotion, version")
            continue
        gender, age = _SPEAKERS[speaker]
        facts = {
            "text": _SENTENCES[sentence],
            "speaker": speaker,
            "gender": gender,
            "language": "de",
            "age": age,
            "speaking_style": "acted",
            "emotion": _EMOTIONS[emotion],
        }
        yield Clip(path.stem, divide(CORPUS.name, speaker), audio, facts)
