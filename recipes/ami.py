"""AMI: 100 hours of meetings in English, mostly of four people with many accents, transcribed by the word.

Published at https://groups.inf.ed.ac.uk/ami/corpus/ by Carletta et al., "The AMI Meeting Corpus: A Pre-announcement",
MLMI 2005. CC BY 4.0.

The folder holds the mixed headsets `MEETING/audio/MEETING.Mix-Headset.wav` (16 kHz; also inside `amicorpus` or
`wav_db`) and the manual annotations (version 1.6 or later: `words/MEETING.X.words.xml`,
`segments/MEETING.X.segments.xml`, perhaps inside `ami_public_manual_1.6.2`). Meetings are cut where nobody speaks
into clips of 30 s at most; where somebody always speaks for longer, in the longest pause between words. The splits are
the usual ones for speech recognition ("full-corpus-ASR").

Tables: NXT's XML, as lhotse reads it (https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from .kit.corpus import (
    RECORDED_FOR_IT,
    BadClip,
    Clip,
    Corpus,
    Download,
    Found,
    LeftOut,
    Licence,
    clean_text,
    safe_id,
)
from .kit.hours import published_hours
from .kit.segments import TimedWord, Turn, Unusable, stretches
from .kit.spelling import find, is_file, on_disk

_LACKING = ("1002a", "1005d")
_SITE = "https://groups.inf.ed.ac.uk/ami"
_MEETINGS = (
    *(f"ES{number}{part}" for number in range(2002, 2017) for part in "abcd"),
    *(
        f"IS{number}{part}"
        for number in range(1000, 1010)
        for part in "abcd"
        if f"{number}{part}" not in _LACKING
    ),
    *(f"TS{number}{part}" for number in range(3003, 3013) for part in "abcd"),
    *(f"EN2001{part}" for part in "abde"),
    *(f"EN2002{part}" for part in "abcd"),
    *("EN2003a", "EN2004a", "EN2005a", "EN2006a", "EN2006b", "EN2009b", "EN2009c", "EN2009d"),
    *(f"IB40{number:02}" for number in (1, 2, 3, 4, 5, 10, 11)),
    *(f"IN10{number:02}" for number in (1, 2, 5, 7, 8, 9, 12, 13, 14, 16)),
)
"""The meetings of the full corpus, as lhotse's recipe fetches them."""

CORPUS = Corpus(
    name="ami",
    title="AMI meetings",
    description=(
        "Small groups discuss in English in a meeting room, many of them with the accent of another language. "
        "Several people speak in most clips, at times at once; the transcripts say who speaks when."
    ),
    hours=published_hours("ami"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://groups.inf.ed.ac.uk/ami/corpus/",
    citation="Carletta et al., The AMI Meeting Corpus: A Pre-announcement, MLMI 2005",
    layout=(
        "*/audio/*.Mix-Headset.wav|*/*/audio/*.Mix-Headset.wav",
        "words/*.words.xml|*/words/*.words.xml",
        "segments/*.segments.xml|*/segments/*.segments.xml",
    ),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("language", "speaker_count", "speaker_turns", "speaking_style", "source"),
    tasks=("speaker_count", "speaker_turns", "language"),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download(f"{_SITE}/AMICorpusAnnotations/ami_public_manual_1.6.2.zip"),
        *(
            Download(
                f"{_SITE}/AMICorpusMirror/amicorpus/{meeting}/audio/{meeting}.Mix-Headset.wav",
                folder=f"{meeting}/audio",
            )
            for meeting in _MEETINGS
        ),
    ),
)

_DEV = ("ES2011", "IS1008", "TS3004", "IB4001", "IB4002", "IB4003", "IB4004", "IB4010", "IB4011")
_TEST = ("ES2004", "IS1009", "TS3003", "EN2002")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every meeting on disk in clips."""
    notes = next(iter([*find(corpus_dir, "words/"), *find(corpus_dir, "*/words/")]))
    recordings = {
        path.name.partition(".")[0]: path
        for pattern in ("*/audio/*.Mix-Headset.wav", "*/*/audio/*.Mix-Headset.wav")
        for path in find(corpus_dir, pattern)
    }
    for meeting, path in sorted(recordings.items()):
        audio = path.relative_to(corpus_dir)
        session = meeting.rstrip("abcdefgh")
        split = "dev" if session in _DEV else "test" if session in _TEST else "train"
        try:
            turns = list(_turns(notes.parent, meeting))
        except (ElementTree.ParseError, UnicodeDecodeError, ValueError) as error:
            yield BadClip(safe_id(meeting), audio, f"the annotations of {meeting} can't be read ({error})")
            continue
        if not turns:
            yield BadClip(safe_id(meeting), audio, f"there are no annotations of {meeting}")
        for stretch in stretches(turns):
            clip_id = f"{safe_id(meeting)}-{round(stretch.start * 100):07d}-{round(stretch.end * 100):07d}"
            if isinstance(stretch, Unusable):
                yield LeftOut(clip_id, split, stretch.reason, stretch.end - stretch.start)
                continue
            facts = {
                **stretch.facts(),
                "language": "en",
                "speaking_style": "spontaneous",
                "source": session,
            }
            duration = round(stretch.end - stretch.start, 3)
            yield Clip(clip_id, split, audio, facts, stretch.start, duration)


def _turns(notes: Path, meeting: str) -> Iterator[Turn]:
    """The segments of every participant, each with the words that begin within it."""
    people = [
        {path.name.split(".")[1] for path in find(notes / kind, f"{meeting}.*.{kind}.xml")}
        for kind in ("segments", "words")
    ]
    if people[0] != people[1]:
        raise ValueError(f"segments of {sorted(people[0])}, words of {sorted(people[1])}")
    for path in find(notes / "segments", f"{meeting}.*.segments.xml"):
        person = path.name.split(".")[1]
        words = list(_words(notes / "words" / f"{meeting}.{person}.words.xml"))
        for segment in ElementTree.parse(on_disk(path)).getroot().iter("segment"):
            start, end = (float(segment.get(f"transcriber_{name}", "nan")) for name in ("start", "end"))
            spoken = tuple(word for word in words if start <= word.start < end)
            if spoken:
                text = clean_text("".join(word.text for word in spoken))
                yield Turn(start, end, person, text, spoken)


def _words(path: Path) -> Iterator[TimedWord]:
    """The words of one person, with a blank before each that isn't a punctuation mark."""
    if not is_file(path):
        return
    for word in ElementTree.parse(on_disk(path)).getroot().iter("w"):
        if (start := word.get("starttime")) and word.text:
            text = word.text if word.get("punc") == "true" else f" {word.text}"
            yield TimedWord(float(start), float(word.get("endtime") or start), text)
