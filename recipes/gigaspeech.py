"""GigaSpeech: 10,000 hours of transcribed English from audio books, podcasts and YouTube.

Published at https://github.com/SpeechColab/GigaSpeech by Chen et al., "GigaSpeech: An Evolving, Multi-domain ASR
Corpus with 10,000 Hours of Transcribed Audio", Interspeech 2021. Given for non-commercial research and education
after a form; the annotations are Apache-2.0.

The folder holds `GigaSpeech.json` (gigabytes, `audios` with their `segments`) and `audio/SOURCE/PNNNN/AID.opus`
(16 kHz). The training subsets are nested; a segment's split here is the smallest that holds it, so `--split XS
--split S --split M` is the published M. Punctuation is written `<COMMA>`, `<PERIOD>`, ...; a segment that is only
`<MUSIC>` or `<NOISE>` is a sound without speech; those that are only `<SIL>` or `<OTHER>` are passed over, as the
authors advise.

Tables: one JSON object, as the authors' own toolkits read it
(https://github.com/SpeechColab/GigaSpeech/tree/main/toolkits).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .kit.corpus import BadClip, Clip, Corpus, Found, LeftOut, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.origin import youtube
from .kit.tables import read_json_array

CORPUS = Corpus(
    name="gigaspeech",
    title="GigaSpeech",
    description=(
        "English speech from audio books, podcasts and YouTube, read and spontaneous, with music or noise at times. "
        "The texts are upper-case with the most frequent punctuation marks."
    ),
    hours=published_hours("gigaspeech"),
    licence=Licence("GigaSpeech terms (research)", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    format="opus",
    homepage="https://github.com/SpeechColab/GigaSpeech",
    citation="Chen et al., GigaSpeech: An Evolving, Multi-domain ASR Corpus with 10,000 Hours of Transcribed Audio, "
    "Interspeech 2021",
    layout=("GigaSpeech.json",),
    splits={
        "XS": "train",
        "S": "train",
        "M": "train",
        "L": "train",
        "XL": "train",
        "DEV": "dev",
        "TEST": "test",
    },
    facts=("text", "language", "topic", "sound_events", "title", "source"),
    tasks=("asr", "language", "topic"),
    origins=("youtube", "archive.org"),
)

_VIDEO = re.compile(r"youtu(?:\.be/|be\.com/(?:watch\?v=|embed/))([A-Za-z0-9_-]{11})")
_ITEM = re.compile(r"archive\.org/(?:download|details)/([^/?#]+)")
_MARKS = {"<COMMA>": ",", "<PERIOD>": ".", "<QUESTIONMARK>": "?", "<EXCLAMATIONPOINT>": "!"}
_SOUNDS = {"<MUSIC>": "music", "<NOISE>": "noise"}
_SID = re.compile(r"\w+_S[0-9]+")
_GARBAGE = {"<SIL>": "a segment that is silent", "<OTHER>": "a segment of other sounds or languages"}
_MARK = re.compile(r"\s*(<[A-Z]+>)")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every segment that belongs to a subset."""
    for audio in read_json_array(corpus_dir / "GigaSpeech.json", "audios", CORPUS):
        path, source = str(audio.get("path", "")), str(audio.get("aid", ""))
        if not is_inside(path) or not source or not isinstance(audio.get("segments"), list):
            yield BadClip(
                safe_id(source) or "unknown", path, "the entry has no aid, path within the corpus, segments"
            )
            continue
        topic = str(audio.get("category") or "").lower().replace("n/a", "")
        title = clean_text(str(audio.get("title") or "").replace("N/A", ""))
        about = {"topic": topic, "title": title, "source": source}
        address = str(audio.get("url") or "")
        for number, segment in enumerate(audio["segments"]):
            for found in _segment(segment, number, Path(path), about):
                yield replace(found, origin=_origin(address, found)) if isinstance(found, Clip) else found


def _origin(address: str, clip: Clip) -> tuple[str, ...]:
    """The stretch of the video, or the item of archive.org (LibriVox keeps its books there), that an address names."""
    if video := _VIDEO.search(address):
        return (youtube(video[1], clip.start, clip.start + (clip.duration or 0.0)),)
    if item := _ITEM.search(address):
        return (f"archive.org:{item[1]}",)
    return ()


def _segment(segment: dict[str, Any], number: int, path: Path, about: dict[str, Any]) -> Iterator[Found]:
    try:
        name = safe_id(segment["sid"])
        start, end = float(segment["begin_time"]), float(segment["end_time"])
        published, subsets = segment["text_tn"], [subset.strip("{}") for subset in segment["subsets"]]
        if (
            not _SID.fullmatch(segment["sid"])
            or not isinstance(segment["subsets"], list)
            or not published.strip()
        ):
            raise ValueError
        if not {*subsets} <= {*CORPUS.splits}:
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError):
        yield BadClip(
            f"{safe_id(about['source'])}-segment-{number}",
            path,
            f"segment {number} of {about['source']} lacks sid, times, text or subsets",
        )
        return
    split = next((split for split in CORPUS.splits if split in subsets), None)
    if split is None or published in _GARBAGE:
        why = "a segment of no subset" if split is None else _GARBAGE[published]
        yield LeftOut(name, split or "", why, round(end - start, 4))
        return
    if published in _SOUNDS:
        facts = known(sound_events=[_SOUNDS[published]], **about)
    else:
        text = clean_text(_MARK.sub(lambda mark: _MARKS.get(mark[1], " "), published))
        facts = known(text=text, language="en", **about)
    yield Clip(name, split, path, facts, start, round(end - start, 4))
