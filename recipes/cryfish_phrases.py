"""Cryfish phrases: everyday sentences in 8 languages by 24 synthetic voices, made by the demo itself.

`pipeline/demo/embedded.py` makes it with espeak-ng, so that there is labelled speech where nothing can be
downloaded. CC0 1.0. Every voice speaks every language; the gender is the one that the voice's definition declares.

The folder holds `utterances.tsv` (path, text, language, speaker, split), `speakers.tsv` (speaker, gender, split,
...) and `wav/LANGUAGE/SPEAKER/NN.wav` (22.05 kHz). Splits share no speaker; dev and test sentences aren't in train.

Tables: TSV without quoting, written by `pipeline/demo/embedded.py`.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, safe_id
from .kit.hours import published_hours
from .kit.tables import TSV, read_clips, read_table

CORPUS = Corpus(
    name="cryfish_phrases",
    title="Cryfish phrases",
    description=(
        "Short everyday sentences in eight languages, read by synthetic voices without any background noise. "
        "The voices sound robotic and show no emotion."
    ),
    hours=published_hours("cryfish_phrases"),
    licence=Licence("CC0 1.0", commercial=True),
    languages=("de", "en", "es", "fi", "fr", "it", "ru", "tr"),
    sampling_rate=22_050,
    homepage="`cryfish demo`, which makes it",
    citation="Made by cryfish with espeak-ng",
    layout=("utterances.tsv", "speakers.tsv", "wav/*/*/*.wav"),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language"),
    tasks=("asr", "gender", "language", "speaker_verification"),
    no_origin=RECORDED_FOR_IT,
    listed=("wav",),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of `utterances.tsv`."""
    speakers = {
        row["speaker"]: row["gender"]
        for row in read_table(corpus_dir / "speakers.tsv", CORPUS, ("speaker", "gender"), TSV)
    }
    columns = ("path", "text", "language", "speaker", "split")
    for row in read_clips(corpus_dir / "utterances.tsv", CORPUS, corpus_dir, columns, TSV):
        if isinstance(row, BadClip):
            yield row
            continue
        path = PurePosixPath(row["path"])
        clip_id = safe_id("-".join(path.with_suffix("").parts[1:])) or f"line-{row.line}"
        problem = None
        if path.is_absolute() or ".." in path.parts:
            problem = "the path leads out of the corpus"
        elif row["speaker"] not in speakers:
            problem = f"speakers.tsv has no speaker '{row['speaker']}'"
        elif speakers[row["speaker"]] not in ("female", "male"):
            problem = f"speakers.tsv has no gender of '{row['speaker']}'"
        elif row["split"] not in CORPUS.splits or not row["text"] or row["language"] not in CORPUS.languages:
            problem = "text, language or split (train, dev, test) is missing"
        if problem is not None:
            yield BadClip(clip_id, row["path"], f"line {row.line} of utterances.tsv: {problem}")
            continue
        facts = {name: row[name] for name in ("text", "speaker", "language")}
        yield Clip(clip_id, row["split"], Path(path), {**facts, "gender": speakers[row["speaker"]]})
