"""RIRS_NOISES (SLR28): 60,000 simulated and 325 measured room impulse responses, and noises for augmentation.

Published at https://www.openslr.org/28 by Ko et al., "A study on data augmentation of reverberant speech for robust
speech recognition", ICASSP 2017. Apache-2.0.

The folder (or `RIRS_NOISES` in it) holds `simulated_rirs/{smallroom,mediumroom,largeroom}/RoomNNN/*.wav`,
`real_rirs_isotropic_noises/*.wav` (impulse responses of AIR, RWCP and REVERB, and diffuse noises, which have `noise`
in their names; several channels) and `pointsource_noises/*.wav` (16 kHz). Everything is for training.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.spelling import walk

CORPUS = Corpus(
    name="rirs_noises",
    title="RIRS_NOISES",
    description=(
        "Impulse responses of rooms, measured or simulated, which make speech sound as if said there, and noises. "
        "Nobody speaks in any clip."
    ),
    hours=published_hours("rirs_noises"),
    licence=Licence("Apache-2.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://www.openslr.org/28",
    citation="Ko et al., A study on data augmentation of reverberant speech for robust speech recognition, ICASSP 2017",
    layout=(
        "RIRS_NOISES/simulated_rirs|RIRS_NOISES/real_rirs_isotropic_noises|simulated_rirs|real_rirs_isotropic_noises",
    ),
    splits={"simulated_rirs": "train", "real_rirs_isotropic_noises": "train", "pointsource_noises": "train"},
    facts=("impulse_response", "room", "sound_events", "source"),
    tasks=("reverberation", "noise_class"),
    origins=("musan",),
    downloads=(
        # Checksum: wespeaker's examples/voxceleb/v2/local/download_data.sh.
        Download(
            "https://www.openslr.org/resources/28/rirs_noises.zip",
            checksum="md5:e6f48e257286e05de56413b4779d8ffb",
            strip="RIRS_NOISES",
        ),
    ),
)

_ROOMS = {"smallroom": "small room", "mediumroom": "medium-sized room", "largeroom": "large room"}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every impulse response and every noise."""
    root = corpus_dir / "RIRS_NOISES" if (corpus_dir / "RIRS_NOISES").is_dir() else corpus_dir
    for split in CORPUS.splits:
        folder = root / split
        if not folder.is_dir():
            continue
        for path in walk(folder, (".wav",)):
            inner = path.relative_to(folder)
            clip_id = safe_id("-".join([split, *inner.with_suffix("").parts]))
            # The point sources are MUSAN's noises, under their names there.
            origin = (f"musan:{path.stem}",) if split == "pointsource_noises" else ()
            audio = path.relative_to(corpus_dir)
            yield Clip(clip_id, split, audio, _facts(split, inner), origin=origin)


def _facts(split: str, inner: Path) -> dict[str, object]:
    if split == "simulated_rirs":
        room = _ROOMS.get(inner.parts[0])
        facts: dict[str, object] = {
            "impulse_response": "simulated",
            "source": "-".join(inner.parts[:-1]) or split,
        }
        return {**facts, "room": room} if room else facts
    if split == "real_rirs_isotropic_noises" and "noise" not in inner.name:
        return {"impulse_response": "measured"}
    return {"sound_events": ["noise"]}
