"""ASVspoof 2021: evaluation sets with synthetic speech sent over telephone codecs (LA) or compressed (DF).

Published at https://www.asvspoof.org/index2021.html by Liu et al., "ASVspoof 2021: Towards Spoofed and Deepfake
Speech Detection in the Wild", IEEE/ACM TASLP 2023. ODC-By 1.0.

The folder holds `ASVspoof2021_{LA,DF}_eval/flac/FILE.flac` (16 kHz) and the keys
`keys/{LA,DF}/CM/trial_metadata.txt`: `speaker file codec transmission system key trim subset ...`. Everything is a
test. The replayed part (PA) isn't read.

Tables: lines split at one blank, without header or quoting, as the organisers' own scorer reads them
(https://github.com/asvspoof-challenge/2021, `eval-package/pd_tools.py`).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Licence, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import one_of
from .kit.tables import read_lines

CORPUS = Corpus(
    name="asvspoof2021",
    title="ASVspoof 2021",
    description=(
        "Sentences in English, said by people or made by speech synthesis or voice conversion, then sent through a "
        "telephone codec or lossy compression. It is a test set; its systems are those of other corpora and new ones."
    ),
    hours=published_hours("asvspoof2021"),
    licence=Licence("ODC-By 1.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    format="flac",
    homepage="https://www.asvspoof.org/index2021.html",
    citation="Liu et al., ASVspoof 2021: Towards Spoofed and Deepfake Speech Detection in the Wild, TASLP 2023",
    layout=("keys/*/CM/trial_metadata.txt", "ASVspoof2021_*_eval/flac"),
    splits={"eval": "test"},
    facts=("speaker", "language", "spoof", "spoof_method", "codec"),
    tasks=("spoof", "codec"),
    origins=("asvspoof-speaker",),
    unhelpful=("spoof_method",),
    listed=("ASVspoof2021_*_eval/flac",),
)

_KEY = re.compile(r"(-|bonafide) bonafide|\S+ spoof")
_CODECS = {
    "alaw": "A-law",
    "ulaw": "mu-law",
    "gsm": "GSM",
    "pstn": "telephone network",
    "g722": "G.722",
    "opus": "Opus",
    "low_mp3": "MP3",
    "high_mp3": "MP3",
    "low_m4a": "AAC",
    "high_m4a": "AAC",
    "low_ogg": "Vorbis",
    "high_ogg": "Vorbis",
    "mp3m4a": "MP3, then AAC",
    "oggm4a": "Vorbis, then AAC",
    "none": None,
    "nocodec": None,
}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every line of the keys on disk."""
    for part in ("LA", "DF"):
        keys = Path("keys", part, "CM", "trial_metadata.txt")
        if not (corpus_dir / keys).is_file():
            continue
        for number, line in read_lines(corpus_dir / keys, CORPUS):
            fields = line.split()
            if len(fields) < 6 or not _KEY.fullmatch(f"{fields[4]} {fields[5]}") or "/" in fields[1]:
                reason = f"line {number} of {keys} isn't speaker, file, codec, transmission, system, key"
                yield BadClip(f"{part}-{number}", keys, reason)
                continue
            speaker, file, codec, _, system, key = fields[:6]
            genuine = key == "bonafide"
            facts = known(
                speaker=speaker if genuine else None,
                language="en",
                spoof="bona fide" if genuine else "spoofed",
                spoof_method=None if genuine or system == "-" else system,
                codec=one_of(_CODECS, codec, f"{keys}, line {number}"),
            )
            audio = Path(f"ASVspoof2021_{part}_eval", "flac", f"{file}.flac")
            yield Clip(safe_id(file), "eval", audio, facts, origin=(f"asvspoof-speaker:{speaker}",))
