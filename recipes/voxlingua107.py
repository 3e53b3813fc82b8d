"""VoxLingua107: 6,628 hours of YouTube speech in 107 languages, labelled by the language of the video.

Published at https://bark.phon.ioc.ee/voxlingua107/ by Valk and Alumäe, "VoxLingua107: a Dataset for Spoken Language
Recognition", SLT 2021. CC BY 4.0 (the labels; the videos belong to their makers).

The folder holds `CODE/VIDEO__U__SNN---START-END.wav` (16 kHz) for training, labelled automatically (98 % right), and
`dev/CODE/*.wav`, checked by people; that is the test here. The old codes `iw` and `jw` are Hebrew and Javanese.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.origin import youtube
from .kit.spelling import find

_CODES = (
    "ab af am ar as az ba be bg bn bo br bs ca ceb cs cy da de el en eo es et eu fa fi fo fr gl gn gu gv ha haw hi hr "
    "ht hu hy ia id is it iw ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl "
    "ps pt ro ru sa sco sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi war yi yo zh"
).split()
_TIMES = re.compile(r"---([0-9]+\.[0-9]+)-([0-9]+\.[0-9]+)\.wav$")
_RENAMED = {"iw": "he", "jw": "jv"}

CORPUS = Corpus(
    name="voxlingua107",
    title="VoxLingua107",
    description=(
        "Spontaneous speech from YouTube videos in 107 languages, one language in each clip. "
        "Music, noise and several speakers may be heard."
    ),
    hours=published_hours("voxlingua107"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=tuple(sorted(_RENAMED.get(code, code) for code in _CODES)),
    sampling_rate=16_000,
    homepage="https://bark.phon.ioc.ee/voxlingua107/",
    citation="Valk and Alumäe, VoxLingua107: a Dataset for Spoken Language Recognition, SLT 2021",
    layout=("[a-z][a-z]*/*__U__S*.wav|dev/[a-z]*/*__U__S*.wav",),
    splits={"train": "train", "dev": "test"},
    facts=("language", "source"),
    tasks=("language",),
    origins=("youtube",),
    downloads=tuple(
        Download(f"https://bark.phon.ioc.ee/voxlingua107/{code}.zip") for code in [*_CODES, "dev"]
    ),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every file, language by language."""
    for split, root in (("train", corpus_dir), ("dev", corpus_dir / "dev")):
        for code in _CODES:
            folder = root / code
            if not folder.is_dir():
                continue
            language = _RENAMED.get(code, code)
            for name in (path.name for path in find(folder, "*.wav")):
                video, mark, _ = name.partition("__U__")
                audio = folder.relative_to(corpus_dir) / name
                clip_id = safe_id(f"{code}-{name.removesuffix('.wav')}")
                if not (video and mark):
                    yield BadClip(clip_id, audio, "the name isn't VIDEO__U__SEGMENT---START-END")
                    continue
                facts = {"language": language, "source": video}
                yield Clip(clip_id, split, audio, facts, origin=(_origin(video, name),))


def _origin(video: str, name: str) -> str:
    """The stretch of the video, where the name tells it: `...---START-END.wav`."""
    times = _TIMES.search(name)
    return youtube(video, float(times[1]), float(times[2])) if times else youtube(video)
