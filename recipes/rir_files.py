"""Measured impulse responses in a folder, as they are published one by one by many sites.

OpenAIR (https://www.openair.hosted.york.ac.uk), course material and audio tools publish single files with licences of
their own. The folder holds them in subfolders named after where they come from: `SITE/*.wav`, of any rate and number
of channels, and nothing else. Everything is for training.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="rir_files",
    title="Single impulse responses",
    description=(
        "Impulse responses measured in real rooms, from a kitchen to a sports hall. "
        "Nobody speaks in any clip."
    ),
    hours=published_hours("rir_files"),
    licence=Licence("by file", commercial=False),
    languages=(),
    sampling_rate=48_000,
    homepage="https://www.openair.hosted.york.ac.uk",
    citation="Murphy and Shelley, OpenAIR: An Interactive Auralization Web Resource and Database, AES 2010",
    layout=(
        "openair/*.wav|spatialaudio/*.wav|web-audio-samples/*.wav|audiomentations/*.wav|*/impulse_response_*.wav",
    ),
    splits={"all": "train"},
    facts=("impulse_response", "source"),
    tasks=("reverberation",),
    no_origin=RECORDED_FOR_IT,
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every file."""
    for path in find(corpus_dir, "*/*.wav"):
        audio = path.relative_to(corpus_dir)
        facts = {"impulse_response": "measured", "source": audio.parent.name}
        yield Clip(safe_id(f"{audio.parent.name}-{path.stem}"), "all", audio, facts)
