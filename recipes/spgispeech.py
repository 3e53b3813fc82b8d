"""SPGISpeech: 5,000 hours of English business calls, transcribed by professionals with case and punctuation.

Published at https://datasets.kensho.com/datasets/spgispeech by O'Neill et al., "SPGISpeech: 5,000 Hours of
Transcribed Financial Audio for Fully Formatted End-to-End Speech Recognition", Interspeech 2021. Given for
non-commercial research after a form.

The folder holds `{train,val}.csv` (wav_filename|wav_filesize|transcript) and `{train,val}/CALL/N.wav` (16 kHz), or
both folders in `spgispeech`. Clips are 5 to 15 s; a call has several speakers, who aren't named.

Tables: pipes with a header and without quoting, as lhotse and NeMo read it by splitting
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.tables import PIPES, read_clips

CORPUS = Corpus(
    name="spgispeech",
    title="SPGISpeech",
    description=(
        "English from earnings calls of companies: managers present figures and answer analysts over the telephone. "
        "A clip is part of one person's speech; accents of the whole world occur."
    ),
    hours=published_hours("spgispeech"),
    licence=Licence("Kensho user agreement (research)", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://datasets.kensho.com/datasets/spgispeech",
    citation="O'Neill et al., SPGISpeech: 5,000 Hours of Transcribed Financial Audio for Fully Formatted End-to-End "
    "Speech Recognition, Interspeech 2021",
    layout=("train.csv|val.csv", "train/*/[0-9]*.wav|val/*/[0-9]*.wav|spgispeech/*/*/[0-9]*.wav"),
    splits={"train": "train", "val": "dev"},
    facts=("text", "language", "source"),
    tasks=("asr", "language"),
    no_origin=RECORDED_FOR_IT,
    listed=("train", "val", "spgispeech"),
)

_COLUMNS = ("wav_filename", "wav_filesize", "transcript")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the tables on disk."""
    folder = Path("spgispeech") if (corpus_dir / "spgispeech").is_dir() else Path()
    for split in CORPUS.splits:
        table = corpus_dir / f"{split}.csv"
        if not table.is_file():
            continue
        for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS, PIPES):
            if isinstance(row, BadClip):
                yield row
                continue
            name = row["wav_filename"]
            audio = folder / split / name
            call = PurePosixPath(name).parent.as_posix()
            if (
                not is_inside(name)
                or call == "."
                or not row["wav_filesize"].isdigit()
                or not row["transcript"]
            ):
                reason = f"line {row.line} of {split}.csv isn't CALL/NUMBER.wav, size, transcript"
                yield BadClip(f"{split}-{row.line}", audio, reason)
                continue
            facts = known(text=clean_text(row["transcript"]), language="en", source=call)
            yield Clip(safe_id(name.removesuffix(".wav")), split, audio, facts)
