import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lhotse import MonoCut
from lhotse.cut import Cut

from cryfish.pipeline.augment.noise import add_noise
from cryfish.pipeline.augment.preview import write_preview
from cryfish.recipes.facts import with_facts

MakeCut = Callable[..., MonoCut]


@pytest.fixture
def pairs(make_cut: MakeCut) -> list[tuple[Cut, Cut]]:
    rng = np.random.default_rng(0)
    noise = make_cut("hiss", 0.05 * rng.standard_normal(40_000))
    made: list[tuple[Cut, Cut]] = []
    for number, snr_db in enumerate((0.0, 10.0, 20.0)):
        tone = 0.2 * np.sin(2 * np.pi * 1_000 * (number + 1) * np.arange(32_000) / 16_000)
        clip = make_cut(
            f"clip-{number}", tone, text="Say <b>it</b> & שלום", accent="<script>alert(1)</script>"
        )
        noisy = add_noise(clip, noise.truncate(duration=2.0), snr_db)
        made.append((clip, with_facts(noisy, snr_db=snr_db, noise_type=["hiss"])))
    return made


def test_it_is_one_file_with_sounds_pictures_and_facts(tmp_path: Path, pairs: list[tuple[Cut, Cut]]) -> None:
    assert write_preview(pairs, tmp_path / "look.html", 2, "A <title>") == 2
    page = (tmp_path / "look.html").read_text(encoding="utf-8")
    assert page.count("<audio") == page.count("<img") == 4
    assert "clip-0" in page
    assert "clip-2" not in page
    assert not re.findall(r"(?:src|href)=\"(?!data:)", page)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Say &lt;b&gt;it&lt;/b&gt; &amp; שלום" in page
    assert '<tr class="changed"><th scope="row">snr_db</th><td dir="auto">10 dB</td></tr>' in page
    # Least, median and most of the SNRs.
    assert "<th scope=row>snr_db</th><td>2</td><td>0</td><td>5</td><td>10</td><td>dB</td>" in page
    write_preview(pairs, tmp_path / "again.html", 2, "A <title>")
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "look.html").read_bytes()


def test_a_clip_that_cannot_be_heard_says_why(tmp_path: Path, make_cut: MakeCut) -> None:
    silent = make_cut("silent", np.zeros(16_000), text="x")
    write_preview([(silent, silent)], tmp_path / "look.html", 1, "x")
    page = (tmp_path / "look.html").read_text()
    assert "is silent: every sample is zero" in page
    assert "<audio" not in page


def test_long_clips_are_cut_and_short_ones_are_not_stretched(tmp_path: Path, make_cut: MakeCut) -> None:
    rng = np.random.default_rng(1)
    long = make_cut("long", 0.1 * rng.standard_normal(16_000 * 30), text="x")
    short = make_cut("short", 0.1 * rng.standard_normal(401), text="x")
    write_preview([(long, long), (short, short)], tmp_path / "look.html", 2, "x")
    page = (tmp_path / "look.html").read_text()
    assert "before: 30.0 s, the first 20 s" in page
    assert "before: 0.0 s<" in page
    assert len(page) < 4e6


def test_without_a_clip_nothing_is_written(tmp_path: Path) -> None:
    assert write_preview([], tmp_path / "look.html", 3, "x") == 0
    assert not (tmp_path / "look.html").exists()


LOOKS = """
(async () => {
  const happens = (element, event) => new Promise(done => element.addEventListener(event, done, {once: true}));
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("too late")), 20000));
  const players = [...document.querySelectorAll("audio")];
  const ready = players.map(player => player.readyState >= 1 ? null : happens(player, "loadedmetadata"));
  await Promise.race([Promise.all(ready), late]);
  const played = [];
  for (const player of players) {
    await player.play();
    while (player.currentTime < 0.1) await Promise.race([happens(player, "timeupdate"), late]);
    played.push(player.currentTime);
    player.pause();
  }
  const pictures = [...document.images].map(image => [image.complete, image.naturalWidth, image.naturalHeight]);
  return {durations: players.map(player => player.duration), played, pictures};
})()
"""

BRIGHTEST = """
(() => {
  const image = document.images[NUMBER], canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const column = context.getImageData(image.naturalWidth / 2, 0, 1, image.naturalHeight).data;
  let best = 0;
  for (let row = 0; row < image.naturalHeight; row++) if (column[4 * row] + column[4 * row + 1] >
      column[4 * best] + column[4 * best + 1]) best = row;
  return 1 - best / image.naturalHeight;
})()
"""


def test_in_a_real_browser_players_play_and_pictures_show(
    tmp_path: Path, pairs: list[tuple[Cut, Cut]], chromium: Any
) -> None:
    write_preview(pairs, tmp_path / "look.html", 3, "Augmented clips")
    chromium.open((tmp_path / "look.html").as_uri())
    seen = chromium.evaluate(LOOKS)
    assert seen["durations"] == pytest.approx([2.0] * 6, abs=0.01)
    assert all(played >= 0.1 for played in seen["played"])
    assert all(complete and width > 100 and height == 257 for complete, width, height in seen["pictures"])
    # The picture shows what is heard: tones of 1, 2 and 3 of 8 kHz.
    for number in range(3):
        place = chromium.evaluate(BRIGHTEST.replace("NUMBER", str(2 * number)))
        assert place == pytest.approx((number + 1) / 8, abs=0.02)
