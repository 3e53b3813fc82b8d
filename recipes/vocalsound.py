"""VocalSound: 21,024 recordings of 3,365 people who laugh, sigh, cough, clear their throat, sneeze or sniff.

Published at https://github.com/YuanGongND/vocalsound by Gong, Yu and Glass, "VocalSound: A Dataset for Improving
Human Vocal Sounds Recognition", ICASSP 2022. CC BY-SA 4.0.

The folder holds `audio_16k/gNNNN_TAKE_SOUND.wav` (`audio_44k` in the other release; g is f or m for the gender, NNNN
the speaker) and `datafiles/{tr,val,te}.json`, whose `data` list the files of each split by their `wav`.

Tables: one JSON object, as the authors' own code reads it
(https://github.com/YuanGongND/vocalsound/blob/main/src/dataloaders.py).
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Licence, known, safe_id
from .kit.hours import published_hours
from .kit.tables import read_json_array

CORPUS = Corpus(
    name="vocalsound",
    title="VocalSound",
    description=(
        "People of many ages and countries laugh, sigh, cough, clear their throat, sneeze or sniff at home. "
        "One person makes one kind of sound in each clip; nobody speaks."
    ),
    hours=published_hours("vocalsound"),
    licence=Licence("CC BY-SA 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://github.com/YuanGongND/vocalsound",
    citation="Gong et al., VocalSound: A Dataset for Improving Human Vocal Sounds Recognition, ICASSP 2022",
    layout=("audio_16k|audio_44k", "datafiles/*.json"),
    splits={"tr": "train", "val": "dev", "te": "test"},
    facts=("speaker", "gender", "sound_events"),
    tasks=("sound_event", "gender"),
    no_origin=RECORDED_FOR_IT,
    listed=("audio_16k|audio_44k",),
    downloads=(Download("https://www.dropbox.com/s/c5ace70qh1vbyzb/vs_release_16k.zip?dl=1"),),
)

_GENDERS = {"f": "female", "m": "male"}
_SOUNDS = {
    "laughter": "laughter",
    "sigh": "sigh",
    "cough": "cough",
    "throatclearing": "throat clearing",
    "sneeze": "sneeze",
    "sniff": "sniff",
}
_NAME = re.compile(r"([fm])([0-9]{4})_[0-9]+_([a-z]+)")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every file that a split lists."""
    folder = "audio_16k" if (corpus_dir / "audio_16k").is_dir() else "audio_44k"
    for split in CORPUS.splits:
        listing = corpus_dir / "datafiles" / f"{split}.json"
        if not listing.is_file():
            continue
        for number, entry in enumerate(read_json_array(listing, "data", CORPUS), 1):
            name = PurePosixPath(str(entry.get("wav", ""))).stem
            match = _NAME.fullmatch(name)
            if match is None or match[3] not in _SOUNDS:
                reason = f"entry {number} of {listing.name} isn't a file gNNNN_TAKE_SOUND.wav"
                yield BadClip(safe_id(name) or f"{split}-{number}", listing.relative_to(corpus_dir), reason)
                continue
            facts = known(
                speaker=match[1] + match[2],
                gender=_GENDERS[match[1]],
                sound_events=[_SOUNDS[match[3]]],
            )
            yield Clip(name, split, Path(folder, f"{name}.wav"), facts)
