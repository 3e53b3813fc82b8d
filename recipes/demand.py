"""DEMAND: 18 everyday places, each recorded for five minutes with 16 microphones.

Published at https://zenodo.org/records/1227121 by Thiemann, Ito and Vincent, "The Diverse Environments Multi-channel
Acoustic Noise Database (DEMAND)", Proceedings of Meetings on Acoustics 2013. CC BY 4.0.

The folder holds `PLACE/chNN.wav` (16 or 48 kHz). The first microphone is read, in pieces of 10 s. No splits are
published; a place is in one split only.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import DIVIDED, Clip, Corpus, Download, Found, Licence, divide
from .kit.hours import published_hours
from .kit.segments import pieces
from .kit.spelling import find

_PLACES = {
    "DKITCHEN": "kitchen",
    "DLIVING": "living room",
    "DWASHING": "laundry room",
    "NFIELD": "sports field",
    "NPARK": "park",
    "NRIVER": "river bank",
    "OHALLWAY": "hallway of an office",
    "OMEETING": "meeting room",
    "OOFFICE": "office",
    "PCAFETER": "cafeteria",
    "PRESTO": "restaurant",
    "PSTATION": "subway station",
    "SCAFE": "street café",
    "SPSQUARE": "public square",
    "STRAFFIC": "street with traffic",
    "TBUS": "bus",
    "TCAR": "car",
    "TMETRO": "subway train",
}

CORPUS = Corpus(
    name="demand",
    title="DEMAND",
    description=(
        "The background of eighteen everyday places, from a kitchen to a subway train. "
        "People may be heard far away, but nobody speaks to the microphone."
    ),
    hours=published_hours("demand"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=(),
    sampling_rate=48_000,
    homepage="https://zenodo.org/records/1227121",
    citation="Thiemann et al., The Diverse Environments Multi-channel Acoustic Noise Database (DEMAND), POMA 2013",
    layout=("[DNOPST][A-Z]*/ch01.wav",),
    splits=DIVIDED,
    facts=("sound_events", "scene", "source"),
    tasks=("noise_class", "scene"),
    origins=("demand",),
    downloads=tuple(
        Download(f"https://zenodo.org/records/1227121/files/{place}_{48 if place == 'SCAFE' else 16}k.zip")
        for place in _PLACES
    ),
)

_PIECE_S = 10.0


def clips(corpus_dir: Path) -> Iterator[Found]:
    """The first microphone of every place, in pieces."""
    for folder, scene in _PLACES.items():
        if not find(corpus_dir, f"{folder}/ch01.wav"):
            continue
        split = divide(CORPUS.name, folder)
        facts = {"sound_events": [f"ambience of a {scene}"], "scene": scene, "source": folder}
        yield from pieces(
            Clip(folder, split, Path(folder, "ch01.wav"), facts, origin=(f"demand:{folder}",)),
            corpus_dir,
            _PIECE_S,
        )
