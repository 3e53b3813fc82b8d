"""MUSAN: recordings that are cut into pieces, and the folder that its archive makes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_a_long_recording_is_cut(miniature: Callable[[str], Path], prepare: Callable[..., Any]) -> None:
    cuts, _ = prepare("musan", miniature("musan"))
    assert [(cut.start, cut.duration) for name, cut in cuts.items() if "speech" in name] == [
        (0, 30),
        (30, 30),
    ]


def test_the_folder_above_will_do(miniature: Callable[[str], Path], prepare: Callable[..., Any]) -> None:
    folder = miniature("musan")
    inner = folder / "musan"
    inner.mkdir()
    for kind in ("music", "speech", "noise"):
        (folder / kind).rename(inner / kind)
    cuts, _ = prepare("musan", folder)
    assert len(cuts) == 6
    assert cuts["musan-music-fma-0000"].recording.sources[0].source.startswith("musan/music/")
