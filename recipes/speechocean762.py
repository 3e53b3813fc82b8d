"""speechocean762: 5.6 hours of English by 250 Mandarin speakers, half of them children, scored by five experts.

Published at https://www.openslr.org/101 by Zhang et al., "speechocean762: An Open-Source Non-native English Speech
Corpus For Pronunciation Assessment", Interspeech 2021. CC BY 4.0.

The folder holds `{train,test}/{wav.scp,spk2age,spk2gender,utt2spk}`, `resource/scores.json` and
`WAVE/SPEAKERNNNN/NNNNNNNNN.WAV` (16 kHz). Scores are 0 to 10 and the median of the experts'; phones are the expected
ones, with stress.

Tables: Kaldi's lines, a blank in `utt2spk`, tabs in the others, one JSON object, in the published files themselves
(https://github.com/jimbozhang/speechocean762).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, is_inside, known, safe_id
from .tables import read_json_file, read_lines

CORPUS = Corpus(
    name="speechocean762",
    title="speechocean762",
    description=(
        "Short English sentences, read aloud by Mandarin speakers who learn the language, adults and children. "
        "One person speaks in each clip; experts judged how right and how fluent it sounds."
    ),
    hours=5.6,
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
    downloads=(
        Download("https://www.openslr.org/resources/101/speechocean762.tar.gz", strip="speechocean762"),
    ),
)

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
        speakers, ages, genders = (_pairs(folder / name) for name in ("utt2spk", "spk2age", "spk2gender"))
        for name, path in _pairs(folder / "wav.scp").items():
            if not is_inside(path) or name not in speakers:
                yield BadClip(
                    safe_id(name), path, f"{split} has no path within the corpus or no speaker for it"
                )
                continue
            speaker = speakers[name]
            age = ages.get(speaker, "")
            facts = known(
                speaker=speaker,
                gender=_GENDERS.get(genders.get(speaker, "")),
                language="en",
                age=int(age) if age.isdigit() else None,
                native_language="zh",
                **_scored(scores.get(name)),
            )
            yield Clip(safe_id(name), split, Path(path), facts)


def _pairs(path: Path) -> dict[str, str]:
    rows = (line.split(maxsplit=1) for _, line in read_lines(path, CORPUS))
    return {row[0]: row[1] for row in rows if len(row) == 2}


def _scored(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        return {}
    words = [word for word in entry.get("words") or [] if isinstance(word, dict)]
    scores = {
        fact: float(entry[name]) for fact, name in _SCORES.items() if isinstance(entry.get(name), int | float)
    }
    phones = " ".join(str(phone) for word in words for phone in word.get("phones") or [])
    return known(text=clean_text(str(entry.get("text") or "")), phones=phones, **scores)
