"""MUSAN: three kinds, their annotations, and recordings that are cut into pieces."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryfish.recipes.facts import read_facts


def test_facts(miniature: Callable[[str], Path], prepare: Callable[..., Any]) -> None:
    cuts, bad = prepare("musan", miniature("musan"))
    assert bad == {}
    assert {name.removeprefix("musan-"): read_facts(cut) for name, cut in cuts.items()} == {
        "music-fma-0000": {
            "sound_events": ["music"],
            "music_genre": "classical",
            "music_tags": ["classical", "romantic", "instrumental"],
            "artist": "Edward Smith",
            "source": "music-fma-0000",
        },
        "music-fma-0001": {
            "sound_events": ["music"],
            "music_genre": "hiphop",
            "music_tags": ["hiphop", "vocals"],
            "artist": "The Band",
            "source": "music-fma-0001",
        },
        "noise-free-sound-0000": {"sound_events": ["noise"], "source": "noise-free-sound-0000"},
        "noise-sound-bible-0001": {"sound_events": ["noise"], "source": "noise-sound-bible-0001"},
        "speech-librivox-0000-000": {
            "gender": "male",
            "language": "en",
            "source": "speech-librivox-0000",
        },
        "speech-librivox-0000-001": {
            "gender": "male",
            "language": "en",
            "source": "speech-librivox-0000",
        },
    }
    assert [cut.start for name, cut in cuts.items() if "speech" in name] == [0, 30]


def test_the_folder_above_will_do(miniature: Callable[[str], Path], prepare: Callable[..., Any]) -> None:
    folder = miniature("musan")
    inner = folder / "musan"
    inner.mkdir()
    for kind in ("music", "speech", "noise"):
        (folder / kind).rename(inner / kind)
    cuts, _ = prepare("musan", folder)
    assert len(cuts) == 6
    assert cuts["musan-music-fma-0000"].recording.sources[0].source.startswith("musan/music/")
