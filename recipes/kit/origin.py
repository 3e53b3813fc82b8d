"""Where a clip was taken from, in words that all corpora share: `SOURCE:ID`, such as `freesound:12345`.

Corpora draw on each other and on the same archives, and give what they take names of their own. A recipe says of each
clip what its publisher says: the archive, and the name there. Where one recording gives several clips, the stretch may
follow, in seconds: `youtube:dQw4w9WgXcQ@30-40`. A clip may have several origins (a mixture of two utterances), and one
of them may be who speaks, where corpora number people together (`voxceleb-speaker:id10270`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SPEAKER = "-speaker"
_PARTS = re.compile(r"([a-z0-9.-]+):(.+?)(?:@([0-9.]+)-([0-9.]+))?", re.DOTALL)


@dataclass(frozen=True)
class Origin:
    """`key` is `SOURCE:ID`; `start` and `end` are seconds, of the whole recording where no stretch is told."""

    key: str
    start: float = 0.0
    end: float = float("inf")

    @property
    def of_speaker(self) -> bool:
        """Whether it tells who speaks, and not which recording this is."""
        return source_of(self.key).endswith(_SPEAKER)

    def meets(self, other: "Origin") -> bool:
        """Whether two origins are one recording, or one person, and their stretches overlap."""
        return self.key == other.key and self.start < other.end and other.start < self.end


def source_of(text: str) -> str:
    """`freesound` of `freesound:12345`."""
    return text.partition(":")[0]


def parse(text: str) -> Origin:
    """Raises ValueError for a text that isn't `SOURCE:ID` or `SOURCE:ID@START-END`."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} isn't SOURCE:ID or SOURCE:ID@START-END")
    source, name, start, end = match.groups()
    if start is None:
        return Origin(f"{source}:{name}")
    return Origin(f"{source}:{name}", float(start), float(end))


def stretch(source: str, name: str, start: float, end: float) -> str:
    """The origin of a stretch of a recording, from `start` to `end` seconds."""
    return f"{source}:{name}@{start:.2f}-{end:.2f}"


def youtube(video: str, start: float | None = None, end: float | None = None) -> str:
    """The origin of a video of YouTube, or of a stretch of it."""
    if start is None or end is None:
        return f"youtube:{video}"
    return stretch("youtube", video, start, end)


def librivox(reader: str, chapter: str) -> tuple[str, str]:
    """The origins of what was cut from LibriVox by reader and chapter, as LibriSpeech and its kin number them."""
    return f"librivox-chapter:{chapter}", f"librivox-speaker:{reader}"


def recordings(origins: Iterable[str]) -> list[str]:
    """The keys, without stretches, of those that tell a recording and not a person."""
    return [origin.key for origin in map(parse, origins) if not origin.of_speaker]
