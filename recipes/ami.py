"""AMI: 100 hours of meetings in English, mostly of four people with many accents, transcribed by the word.

Published at https://groups.inf.ed.ac.uk/ami/corpus/ by Carletta et al., "The AMI Meeting Corpus: A Pre-announcement",
MLMI 2005. CC BY 4.0.

The folder holds the mixed headsets `MEETING/audio/MEETING.Mix-Headset.wav` (16 kHz; also inside `amicorpus` or
`wav_db`) and the manual annotations (version 1.6 or later: `words/MEETING.X.words.xml`,
`segments/MEETING.X.segments.xml`, perhaps inside `ami_public_manual_1.6.2`). Meetings are cut where nobody speaks
into clips of 30 s at most. The splits are the usual ones for speech recognition ("full-corpus-ASR").

Tables: NXT's XML, as lhotse reads it (https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from .corpus import BadClip, Clip, Corpus, Licence, clean_text, safe_id
from .turns import Turn, stretches

CORPUS = Corpus(
    name="ami",
    title="AMI meetings",
    description=(
        "Small groups discuss in English in a meeting room, many of them with the accent of another language. "
        "Several people speak in most clips, at times at once; the transcripts say who speaks when."
    ),
    hours=100.0,
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
)

_DEV = ("ES2011", "IS1008", "TS3004", "IB4001", "IB4002", "IB4003", "IB4004", "IB4010", "IB4011")
_TEST = ("ES2004", "IS1009", "TS3003", "EN2002")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every meeting on disk in clips."""
    notes = next(corpus_dir.glob("words/"), None) or next(iter(sorted(corpus_dir.glob("*/words/"))))
    recordings = {
        path.name.partition(".")[0]: path
        for pattern in ("*/audio/*.Mix-Headset.wav", "*/*/audio/*.Mix-Headset.wav")
        for path in corpus_dir.glob(pattern)
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
            facts = {
                **stretch.facts(),
                "language": "en",
                "speaking_style": "spontaneous",
                "source": session,
            }
            clip_id = f"{meeting}-{round(stretch.start * 100):07d}-{round(stretch.end * 100):07d}"
            duration = round(stretch.end - stretch.start, 3)
            yield Clip(clip_id, split, audio, facts, stretch.start, duration)


def _turns(notes: Path, meeting: str) -> Iterator[Turn]:
    """The segments of every participant, each with the words that begin within it."""
    people = [
        {path.name.split(".")[1] for path in (notes / kind).glob(f"{meeting}.*.{kind}.xml")}
        for kind in ("segments", "words")
    ]
    if people[0] != people[1]:
        raise ValueError(f"segments of {sorted(people[0])}, words of {sorted(people[1])}")
    for path in sorted((notes / "segments").glob(f"{meeting}.*.segments.xml")):
        person = path.name.split(".")[1]
        words = list(_words(notes / "words" / f"{meeting}.{person}.words.xml"))
        for segment in ElementTree.parse(path).getroot().iter("segment"):
            start, end = (float(segment.get(f"transcriber_{name}", "nan")) for name in ("start", "end"))
            spoken = [(begin, word) for begin, word in words if start <= begin < end]
            if spoken:
                yield Turn(start, end, person, clean_text("".join(word for _, word in spoken)))


def _words(path: Path) -> Iterator[tuple[float, str]]:
    """Start and word, with a blank before it unless it is a punctuation mark."""
    if not path.is_file():
        return
    for word in ElementTree.parse(path).getroot().iter("w"):
        if (start := word.get("starttime")) and word.text:
            yield float(start), word.text if word.get("punc") == "true" else f" {word.text}"
