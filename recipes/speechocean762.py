"""speechocean762: 5.6 hours of English by 250 Mandarin speakers, half of them children, scored by five experts.

Published at https://www.openslr.org/101 by Zhang et al., "speechocean762: An Open-Source Non-native English Speech
Corpus For Pronunciation Assessment", Interspeech 2021. CC BY 4.0.

The folder holds `{train,test}/{wav.scp,spk2age,spk2gender,utt2spk}`, `resource/scores.json` and
`WAVE/SPEAKERNNNN/NNNNNNNNN.WAV` (16 kHz). Scores are 0 to 10 and the median of the experts'; phones are the expected
ones, with stress.

Tables: Kaldi's lines, a blank in `utt2spk`, tabs in the others, one JSON object, in the published files themselves
(https://github.com/jimbozhang/speechocean762).
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ..errors import InputError
from .kit.corpus import (
    RECORDED_FOR_IT,
    BadClip,
    Clip,
    Corpus,
    Download,
    Licence,
    clean_text,
    is_inside,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.lookup import Lookup, Untold, one_of, whole_number
from .kit.tables import read_json_file, read_lines

CORPUS = Corpus(
    name="speechocean762",
    title="speechocean762",
    description=(
        "Short English sentences, read aloud by Mandarin speakers who learn the language, adults and children. "
        "One person speaks in each clip; experts judged how right and how fluent it sounds."
    ),
    hours=published_hours("speechocean762"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://www.openslr.org/101",
    citation="Zhang et al., speechocean762: An Open-Source Non-native English Speech Corpus For Pronunciation "
    "Assessment, Interspeech 2021",
    layout=("resource/scores.json", "*/spk2age"),
    splits={"train": "train", "test": "test"},
    facts=(
        "text",
        "speaker",
        "gender",
        "language",
        "age",
        "native_language",
        "phones",
        "pronunciation_score",
        "fluency_score",
        "prosody_score",
    ),
    tasks=("asr", "gender", "age", "speaker_verification", "pronunciation", "phones"),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download("https://www.openslr.org/resources/101/speechocean762.tar.gz", strip="speechocean762"),
    ),
    listed=("WAVE",),
)

T = TypeVar("T")

_GENDERS = {"f": "female", "m": "male"}
_SCORES = {
    "pronunciation_score": "accuracy",
    "fluency_score": "fluency",
    "prosody_score": "prosodic",
}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every line of the wav.scp of both splits."""
    scores = read_json_file(corpus_dir / "resource" / "scores.json", CORPUS)
    scores = scores if isinstance(scores, dict) else {}
    for split in CORPUS.splits:
        folder = corpus_dir / split
        if not (folder / "wav.scp").is_file():
            continue
        paths, speakers = (_pairs(folder / name, str) for name in ("wav.scp", "utt2spk"))
        ages = _pairs(folder / "spk2age", lambda age: whole_number(age, "spk2age"))
        genders = _pairs(folder / "spk2gender", lambda gender: one_of(_GENDERS, gender, "spk2gender"))
        for name in paths:
            path = str(paths[name])
            if not is_inside(path) or name not in speakers:
                yield BadClip(
                    safe_id(name), path, f"{split} has no path within the corpus or no speaker for it"
                )
                continue
            speaker = str(speakers[name])
            facts = known(
                speaker=speaker,
                gender=genders[speaker],
                language="en",
                age=ages[speaker],
                native_language="zh",
                **_scored(name, scores.get(name)),
            )
            yield Clip(safe_id(name), split, Path(path), facts)


def _pairs(path: Path, meaning: Callable[[str], T | Untold]) -> Lookup[T | None]:
    pairs: Lookup[T | None] = Lookup(path, None)
    for number, line in read_lines(path, CORPUS):
        fields = line.split()
        if len(fields) != 2:
            raise InputError(f"{path}, line {number}: isn't two words; take the file from {CORPUS.homepage}")
        pairs.tell(fields[0], meaning(fields[1]))
    return pairs


def _scored(name: str, entry: Any) -> Mapping[str, Any] | Untold:
    try:
        words = [word["phones"] for word in entry["words"]]
        scores = {fact: float(entry[score]) for fact, score in _SCORES.items()}
        phones = " ".join(phone for word in words for phone in word)
        if not all(isinstance(word, list) for word in words):
            raise TypeError
        return {"text": clean_text(entry["text"]), "phones": phones, **scores}
    except (KeyError, TypeError, ValueError, AttributeError):
        return Untold(f"resource/scores.json has no entry of {name} with text, words and scores")
