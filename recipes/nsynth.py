"""NSynth: 305,979 notes of 1,006 instruments, each 4 s long.

Published at https://magenta.tensorflow.org/datasets/nsynth by Engel et al., "Neural Audio Synthesis of Musical Notes
with WaveNet Autoencoders", ICML 2017. CC BY 4.0.

The folder holds `nsynth-{train,valid,test}/audio/FAMILY_SOURCE_NNN-PITCH-VELOCITY.wav` (16 kHz) and `examples.json`,
which repeats what the names tell. The pitch is a MIDI number. Training shares no instrument with the other two.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="nsynth",
    title="NSynth",
    description=(
        "One note of one instrument, acoustic, electronic or synthetic, held for three seconds. "
        "Nothing else is heard."
    ),
    hours=published_hours("nsynth"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://magenta.tensorflow.org/datasets/nsynth",
    citation="Engel et al., Neural Audio Synthesis of Musical Notes with WaveNet Autoencoders, ICML 2017",
    layout=("nsynth-train/audio|nsynth-valid/audio|nsynth-test/audio",),
    splits={"train": "train", "valid": "dev", "test": "test"},
    facts=("instrument", "pitch", "music_tags", "source"),
    tasks=("instrument", "pitch"),
    no_origin=RECORDED_FOR_IT,
    downloads=tuple(
        Download(f"http://download.magenta.tensorflow.org/datasets/nsynth/nsynth-{split}.jsonwav.tar.gz")
        for split in ("train", "valid", "test")
    ),
)

_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FAMILIES = {"synth_lead": "synthesizer lead", "vocal": "voice"}
_NAME = re.compile(r"([a-z_]+)_(acoustic|electronic|synthetic)_([0-9]{3})-([0-9]{3})-([0-9]{3})")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every note."""
    for split in CORPUS.splits:
        folder = Path(f"nsynth-{split}", "audio")
        if not (corpus_dir / folder).is_dir():
            continue
        for path in find(corpus_dir / folder, "*.wav"):
            name = path.name
            match = _NAME.fullmatch(name.removesuffix(".wav"))
            if match is None or int(match[4]) > 127:
                reason = "the name isn't FAMILY_SOURCE_NNN-PITCH-VELOCITY.wav"
                yield BadClip(safe_id(f"{split}-{name.removesuffix('.wav')}"), folder / name, reason)
                continue
            family, kind, number, pitch, _ = match.groups()
            facts = {
                "instrument": _FAMILIES.get(family, family),
                "pitch": f"{_NOTES[int(pitch) % 12]}{int(pitch) // 12 - 1}",
                "music_tags": [kind],
                "source": f"{family}_{kind}_{number}",
            }
            yield Clip(name.removesuffix(".wav"), split, folder / name, facts)
