"""MELD: 13,708 utterances of the series Friends with emotion and sentiment.

Published at https://affective-meld.github.io by Poria et al., "MELD: A Multimodal Multi-Party Dataset for Emotion
Recognition in Conversations", ACL 2019. GPL-3.0; the series belongs to its owners.

The folder (or `MELD.Raw` in it) holds `{train,dev,test}_sent_emo.csv` (Sr No., Utterance, Speaker, Emotion,
Sentiment, Dialogue_ID, Utterance_ID, Season, ...) and the videos `diaN_uttN.mp4` in `train_splits`,
`dev_splits_complete` and `output_repeated_splits_test`, each of them also within `train`, `dev`, `test` as the inner
archives unpack, whose sound is read; audio taken from them (`.wav`, `.flac`)
is read instead where it lies there. Typographic quotes come as control characters of Windows-1252 and are put right.
Speakers are in all splits. Joy is the emotion "happy".

Tables: CSV after RFC 4180 with CRLF, in the published files themselves
(https://github.com/declare-lab/MELD/tree/master/data/MELD); there typographic quotes are right, the control
characters are those of the archive.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, first_file, known
from .kit.hours import published_hours
from .kit.lookup import one_of
from .kit.tables import TableRow, read_clips

CORPUS = Corpus(
    name="meld",
    title="MELD",
    description=(
        "Actors of the series Friends speak English in dialogues, each clip one utterance. "
        "Laughter of an audience and other voices may be heard."
    ),
    hours=published_hours("meld"),
    licence=Licence("GPL-3.0", commercial=False),
    languages=("en",),
    sampling_rate=48_000,
    format="aac",
    homepage="https://affective-meld.github.io",
    citation="Poria et al., MELD: A Multimodal Multi-Party Dataset for Emotion Recognition in Conversations, ACL 2019",
    layout=("*_sent_emo.csv|*/*_sent_emo.csv|MELD.Raw/*/*_sent_emo.csv",),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language", "speaking_style", "emotion", "sentiment", "source"),
    tasks=("asr", "gender", "emotion"),
    no_origin="cut from the series Friends, of which no other corpus holds anything",
    listed=tuple(
        f"{root}{folder}"
        for root in ("", "MELD.Raw/")
        for folder in ("train_splits", "dev_splits_complete", "output_repeated_splits_test")
    ),
    downloads=(
        Download(
            "https://huggingface.co/datasets/declare-lab/MELD/resolve/main/MELD.Raw.tar.gz",
            strip="MELD.Raw",
            nested="*.tar.gz",
        ),
    ),
)

_FOLDERS = {
    "train": "train_splits",
    "dev": "dev_splits_complete",
    "test": "output_repeated_splits_test",
}
_EMOTIONS = {
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "joy": "happy",
    "neutral": "neutral",
    "sadness": "sad",
    "surprise": "surprised",
}
_SENTIMENTS = {name: name for name in ("positive", "neutral", "negative")}
_GENDERS = {
    "Chandler": "male",
    "Joey": "male",
    "Ross": "male",
    "Monica": "female",
    "Phoebe": "female",
    "Rachel": "female",
}
_COLUMNS = ("Sr No.", "Utterance", "Speaker", "Emotion", "Sentiment", "Dialogue_ID", "Utterance_ID")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the tables on disk."""
    root = corpus_dir / "MELD.Raw" if (corpus_dir / "MELD.Raw").is_dir() else corpus_dir
    for split, folder in _FOLDERS.items():
        tables = (root / f"{split}_sent_emo.csv", root / split / f"{split}_sent_emo.csv")
        table = next((path for path in tables if path.is_file()), None)
        if table is None:
            continue
        # The archives hold a folder each; who unpacks them with their names has one more around it.
        places = [root / name for name in (folder, f"{split}/{folder}", split)]
        place = next((path for path in places if path.is_dir()), places[0])
        for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS):
            if isinstance(row, BadClip):
                yield row
                continue
            dialogue, utterance = row["Dialogue_ID"], row["Utterance_ID"]
            if not (
                row["Sr No."].isdigit()
                and dialogue.isdigit()
                and utterance.isdigit()
                and row["Utterance"]
                and row["Speaker"]
            ):
                reason = f"line {row.line} of {table.name} has no Dialogue_ID or no Utterance_ID"
                yield BadClip(f"{split}-line-{row.line}", table.relative_to(corpus_dir), reason)
                continue
            base = (place.relative_to(corpus_dir) / f"dia{dialogue}_utt{utterance}").as_posix()
            audio = first_file(corpus_dir, f"{base}.mp4", f"{base}.wav", f"{base}.flac")
            yield Clip(f"{split}-dia{dialogue}_utt{utterance}", split, audio, _facts(row, split))


def _facts(row: TableRow, split: str) -> dict[str, object]:
    where = f"{split}_sent_emo.csv, line {row.line}"
    return known(
        text=clean_text(row["Utterance"].translate(_WINDOWS)),
        speaker=row["Speaker"],
        gender=_GENDERS.get(row["Speaker"]),
        language="en",
        speaking_style="acted",
        emotion=one_of(_EMOTIONS, row["Emotion"].lower(), where),
        sentiment=one_of(_SENTIMENTS, row["Sentiment"].lower(), where),
        source=f"{split} dialogue {row['Dialogue_ID']}",
    )
