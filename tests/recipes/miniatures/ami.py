"""AMI: a meeting of two people who overlap, one of the test, one without annotations."""

from collections.abc import Callable

_SPOKEN = {"language": "en", "speaking_style": "spontaneous"}
CLIPS = {
    "ES2002a-0000005-0000150": (
        "train",
        {
            "speaker_count": 2,
            "speaker_turns": ["0.05-0.85 A: Hello, all.", "0.75-1.45 B: Mm-hmm."],
            "source": "ES2002",
            **_SPOKEN,
        },
    ),
    "EN2002b-0000000-0000050": (
        "test",
        {"speaker_count": 1, "speaker_turns": ["0.00-0.50 A: Okay"], "source": "EN2002", **_SPOKEN},
    ),
}
BAD = {"IS1008a": "there are no annotations of IS1008a"}

_MARK = ' punc="true"'
_NITE = 'xmlns:nite="http://nite.sourceforge.net/"'


def _words(*rows: tuple[float, str, bool]) -> str:
    inner = "".join(
        f'<w nite:id="w{place}" starttime="{start}" endtime="{start + 0.1:.2f}"'
        f"{_MARK if mark else ''}>{word}</w>"
        for place, (start, word, mark) in enumerate(rows)
    )
    return f'<nite:root {_NITE} nite:id="x.words">{inner}<vocalsound starttime="9" type="laugh"/></nite:root>'


def _segments(*rows: tuple[float, float]) -> str:
    inner = "".join(
        f'<segment nite:id="s" transcriber_start="{start}" transcriber_end="{end}"/>' for start, end in rows
    )
    return f'<nite:root {_NITE} nite:id="x.segs">{inner}</nite:root>'


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    notes = "ami_public_manual_1.6.2"
    head = '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>'
    hello = _words((0.1, "Hello", False), (0.3, ",", True), (0.4, "all", False), (0.6, ".", True))
    text(f"{notes}/words/ES2002a.A.words.xml", head, hello)
    text(f"{notes}/words/ES2002a.B.words.xml", head, _words((0.9, "Mm-hmm", False), (1.0, ".", True)))
    text(f"{notes}/words/EN2002b.C.words.xml", head, _words((0.0, "Okay", False)))
    text(f"{notes}/segments/ES2002a.A.segments.xml", head, _segments((0.1, 0.9)))
    text(f"{notes}/segments/ES2002a.B.segments.xml", head, _segments((0.8, 1.5), (1.6, 1.7)))
    text(f"{notes}/segments/EN2002b.C.segments.xml", head, _segments((0.0, 0.5)))
    for meeting in ("ES2002a", "EN2002b", "IS1008a"):
        audio(f"amicorpus/{meeting}/audio/{meeting}.Mix-Headset.wav", 2.0)
