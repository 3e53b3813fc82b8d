"""ASVspoof 2019: genuine, synthetic, converted and replayed speech of 107 speakers of VCTK.

Published at https://datashare.ed.ac.uk/handle/10283/3336 by Wang et al., "ASVspoof 2019: A large-scale public
database of synthesized, converted and replayed speech", Computer Speech and Language 2020. ODC-By 1.0.

The folder holds `LA` (logical access: A01 to A19 are the systems that made the speech) and `PA` (physical access:
replayed), in each `ASVspoof2019_XX_cm_protocols/ASVspoof2019.XX.cm.{train.trn,dev.trl,eval.trl}.txt` with lines
`speaker file environment system key` and `ASVspoof2019_XX_{train,dev,eval}/flac/FILE.flac` (16 kHz). Speakers are
named for genuine speech only: of a spoofed clip it is the one who was imitated.

Tables: lines split at one blank, without header or quoting, as the organisers' own baselines read them
(https://github.com/asvspoof-challenge/2021, `LA/Baseline-RawNet2/data_utils.py`).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, known, safe_id
from .kit.hours import published_hours
from .kit.tables import read_lines

CORPUS = Corpus(
    name="asvspoof2019",
    title="ASVspoof 2019",
    description=(
        "Sentences in British English, said by people or made by speech synthesis, voice conversion or replay. "
        "Half of the systems in the evaluation set aren't in the training set."
    ),
    hours=published_hours("asvspoof2019"),
    licence=Licence("ODC-By 1.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    format="flac",
    homepage="https://datashare.ed.ac.uk/handle/10283/3336",
    citation="Wang et al., ASVspoof 2019: A large-scale public database of synthesized, converted and replayed "
    "speech, Computer Speech and Language 2020",
    layout=("LA/ASVspoof2019_LA_cm_protocols/*.txt|PA/ASVspoof2019_PA_cm_protocols/*.txt",),
    splits={"train": "train", "dev": "dev", "eval": "test"},
    facts=("speaker", "language", "spoof", "spoof_method"),
    tasks=("spoof",),
    origins=("asvspoof-speaker",),
    unhelpful=("spoof_method",),
    listed=("[LP]A/ASVspoof2019_[LP]A_*/flac",),
    spares=("[LP]A/ASVspoof2019_[LP]A_asv_protocols/*.txt",),
    downloads=tuple(
        Download(f"https://datashare.ed.ac.uk/bitstream/handle/10283/3336/{part}.zip")
        for part in ("LA", "PA")
    ),
)

_SYSTEM = re.compile(r"[LP]A bonafide -|LA spoof A[0-9]{2}|PA spoof [A-D]{2}")
_LISTS = {"train": "train.trn", "dev": "dev.trl", "eval": "eval.trl"}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every line of the protocols on disk."""
    for part in ("LA", "PA"):
        for split, name in _LISTS.items():
            protocol = Path(part, f"ASVspoof2019_{part}_cm_protocols", f"ASVspoof2019.{part}.cm.{name}.txt")
            if not (corpus_dir / protocol).is_file():
                continue
            for number, line in read_lines(corpus_dir / protocol, CORPUS):
                fields = line.split()
                if (
                    len(fields) != 5
                    or not _SYSTEM.fullmatch(f"{part} {fields[4]} {fields[3]}")
                    or "/" in fields[1]
                ):
                    reason = f"line {number} of {protocol.name} isn't speaker, file, environment, system, key"
                    yield BadClip(f"{part}-{split}-{number}", protocol, reason)
                    continue
                speaker, file, _, system, key = fields
                genuine = key == "bonafide"
                facts = known(
                    speaker=speaker if genuine else None,
                    language="en",
                    spoof="bona fide" if genuine else "spoofed",
                    spoof_method=None if genuine else "replay" if part == "PA" else system,
                )
                audio = Path(part, f"ASVspoof2019_{part}_{split}", "flac", f"{file}.flac")
                origin = (f"asvspoof-speaker:{speaker}",)
                yield Clip(safe_id(file), split, audio, facts, origin=origin)
