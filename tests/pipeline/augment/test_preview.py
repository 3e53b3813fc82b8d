"""The preview page: its text, and the page in a real browser."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.cut import Cut

from cryfish.errors import InputError
from cryfish.pipeline.audio.render import render
from cryfish.pipeline.augment.noise import add_noise
from cryfish.pipeline.augment.preview import write_preview
from cryfish.recipes.kit.facts import with_facts
from cryfish.shards import decode_flac

MakeCut = Callable[..., MonoCut]
Pairs = list[tuple[Cut, Cut]]


@pytest.fixture
def pairs(make_cut: MakeCut) -> Pairs:
    """Three tones, of 1, 2 and 3 kHz, in noise of 0, 10 and 20 dB."""
    rng = np.random.default_rng(0)
    noise = make_cut("hiss", 0.05 * rng.standard_normal(40_000))
    made: Pairs = []
    for number, snr_db in enumerate((0.0, 10.0, 20.0)):
        tone = 0.2 * np.sin(2 * np.pi * 1_000 * (number + 1) * np.arange(32_000) / 16_000)
        clip = make_cut(
            f"clip-{number}", tone, text="Say <b>it</b> & שלום", accent="<script>alert(1)</script>"
        )
        noisy = add_noise(clip, noise.truncate(duration=2.0), snr_db)
        made.append((clip, with_facts(noisy, snr_db=snr_db, noise_type=["hiss"])))
    return made


def table_rows(page: str) -> list[list[str]]:
    """The cells of all rows, without their tags."""
    return [
        [re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    ]


def test_it_is_one_file_with_sounds_pictures_and_facts(tmp_path: Path, pairs: Pairs) -> None:
    assert write_preview(pairs, tmp_path / "look.html", 2, "A <title>") == 2
    page = (tmp_path / "look.html").read_text(encoding="utf-8")
    assert page.count("<audio") == page.count("<img") == 4
    assert "clip-0" in page
    assert "clip-2" not in page
    assert not re.findall(r"(?:src|href)=\"(?!data:)", page)
    assert "<h1>A &lt;title&gt;</h1>" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Say &lt;b&gt;it&lt;/b&gt; &amp; שלום" in page
    rows = table_rows(page)
    assert ["snr_db", "–", "10 dB"] in rows
    assert '<tr class="changed"><th scope="row">snr_db</th>' in page
    # The summary: in how many clips, least, median and most; or the commonest values.
    assert ["snr_db", "2", "0 dB", "5 dB", "10 dB"] in [row[:5] for row in rows]
    assert ["noise_type", "2", "hissing (2)"] in [row[:3] for row in rows]
    assert not [row for row in rows if row[0] == "accent" and len(row) > 2], "the augmentation didn't give it"
    write_preview(pairs, tmp_path / "again.html", 2, "A <title>")
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "look.html").read_bytes()


def test_it_sounds_as_in_a_shard(tmp_path: Path, pairs: Pairs) -> None:
    write_preview(pairs, tmp_path / "look.html", 1, "x")
    sounds = re.findall(
        r"data:audio/flac;base64,([^\"]*)", (tmp_path / "look.html").read_text(encoding="utf-8")
    )
    for cut, sound in zip(pairs[0], sounds, strict=True):
        np.testing.assert_allclose(decode_flac(base64.b64decode(sound)), render(cut).samples, atol=2**-15)


def test_clips_that_did_not_change_are_passed_over(tmp_path: Path, pairs: Pairs) -> None:
    clean = pairs[0][0]
    same = MonoCut.from_dict(clean.to_dict())
    assert write_preview([(clean, clean), (clean, same), *pairs[1:]], tmp_path / "look.html", 1, "x") == 1
    page = (tmp_path / "look.html").read_text(encoding="utf-8")
    assert "clip-1" in page
    assert "clip-0" not in page
    assert write_preview([(clean, same)], tmp_path / "none.html", 3, "x") == 0
    assert not (tmp_path / "none.html").exists()


def test_values_before_and_after_with_their_units(tmp_path: Path, make_cut: MakeCut) -> None:
    clip = make_cut("clip", 0.1 * np.ones(8_000), speed=1.0, room_volume_m3=12345.6, codec="MP3")
    changed = with_facts(clip, speed=1.25, bandwidth_hz=11025, clipped_share=0.01)
    changed = with_facts(changed, codec="GSM")
    write_preview([(clip, changed)], tmp_path / "look.html", 1, "x")
    rows = table_rows((tmp_path / "look.html").read_text(encoding="utf-8"))
    assert ["speed", "1 times", "1.25 times"] in rows
    assert ["codec", "MP3", "GSM"] in rows
    assert ["bandwidth_hz", "–", "11025 Hz"] in rows
    assert ["bandwidth_hz", "1", "11025 Hz", "11025 Hz", "11025 Hz"] in [row[:5] for row in rows]
    assert ["clipped_share", "–", "0.01 (0 to 1)"] in rows
    assert ["room_volume_m3", "12346 m3"] in rows


def test_a_clip_that_cannot_be_heard_says_why(tmp_path: Path, make_cut: MakeCut) -> None:
    silent = make_cut("silent", np.zeros(16_000), text="x")
    write_preview([(silent, with_facts(silent, gain_db=3.0))], tmp_path / "look.html", 1, "x")
    page = (tmp_path / "look.html").read_text(encoding="utf-8")
    assert page.count("No sound: the clip is silent: every sample is zero.") == 2
    assert "<audio" not in page
    assert ["gain_db", "–", "3 dB"] in table_rows(page)


def test_long_clips_are_cut_and_short_ones_are_not_stretched(tmp_path: Path, make_cut: MakeCut) -> None:
    rng = np.random.default_rng(1)
    long = make_cut("long", 0.1 * rng.standard_normal(16_000 * 30), text="x")
    short = make_cut("short", 0.1 * rng.standard_normal(401), text="x")
    changed = [(cut, with_facts(cut, gain_db=1.0)) for cut in (long, short)]
    changed.append((long, with_facts(long.truncate(duration=5.0), gain_db=1.0)))
    write_preview(changed, tmp_path / "look.html", 3, "x")
    page = (tmp_path / "look.html").read_text(encoding="utf-8")
    assert page.count("before: 30.00 s, the first 20 s<") == 2
    assert "before: 0.03 s<" in page
    # Before and after have one time axis: 5 s take a quarter of the 20 s beside them.
    widths = re.findall(r'<img style="width:([0-9.]*)%"', page)
    assert widths == ["100.00"] * 5 + ["25.00"]
    assert len(page) < 4e6


def test_half_a_surrogate_pair_does_no_harm(tmp_path: Path, make_cut: MakeCut) -> None:
    clip = make_cut("clip", 0.1 * np.ones(8_000), text="half \ud83d of it")
    assert write_preview([(clip, with_facts(clip, gain_db=1.0))], tmp_path / "look.html", 1, "x") == 1
    assert "half ? of it" in (tmp_path / "look.html").read_text(encoding="utf-8")


def test_bad_facts_leave_the_earlier_page(tmp_path: Path, pairs: Pairs) -> None:
    (tmp_path / "look.html").write_text("earlier")
    broken = with_facts(pairs[1][1], gain_db=1.0)
    broken.tracks[0].cut.custom["facts"]["loudness"] = 3  # no such fact
    with pytest.raises(InputError, match="unknown fact 'loudness'"):
        write_preview([pairs[0], (pairs[1][0], broken)], tmp_path / "look.html", 2, "x")
    assert (tmp_path / "look.html").read_text() == "earlier"


WATCH = """
window.troubles = [];
window.addEventListener("error", event => troubles.push(String(event.message || event.target.tagName)), true);
document.addEventListener("securitypolicyviolation", event => troubles.push("refused " + event.blockedURI));
const error = console.error;
console.error = (...said) => { troubles.push(said.join(" ")); error(...said); };
"""

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
  const root = document.documentElement;
  return {durations: players.map(player => player.duration), played, pictures, troubles,
          names: players.map(player => player.getAttribute("aria-label")),
          described: [...document.images].every(image => image.alt), tooWide: root.scrollWidth > root.clientWidth};
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


def look(chromium: Any, page: Path) -> dict[str, Any]:
    """What a browser makes of a page that it opens from the disk."""
    chromium.do("Page.enable")
    chromium.do("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
    chromium.open(page.as_uri())
    seen: dict[str, Any] = chromium.evaluate(LOOKS)
    assert seen["troubles"] == []
    assert seen["described"]
    assert not seen["tooWide"]
    assert all(played >= 0.1 for played in seen["played"])
    assert all(complete and width > 0 and height > 0 for complete, width, height in seen["pictures"])
    return seen


def test_in_a_real_browser_players_play_and_pictures_show(
    tmp_path: Path, pairs: Pairs, chromium: Any
) -> None:
    write_preview(pairs, tmp_path / "look.html", 3, "Augmented clips")
    seen = look(chromium, tmp_path / "look.html")
    assert seen["durations"] == pytest.approx([2.0] * 6, abs=0.01)
    assert seen["names"][:2] == ["clip-0, before", "clip-0, after"]
    # The picture shows what is heard: tones of 1, 2 and 3 of 8 kHz.
    for number in range(3):
        place = chromium.evaluate(BRIGHTEST.replace("NUMBER", str(2 * number)))
        assert place == pytest.approx((number + 1) / 8, abs=0.02)


def real_cut(path: Path, text: str | None = None) -> MonoCut:
    recording = Recording.from_file(path)
    said = SupervisionSegment(path.stem, path.stem, 0, recording.duration, text=text, language="en")
    return MonoCut(path.stem, 0, recording.duration, 0, [said] if text else [], recording=recording)


def real_pairs(corpora: Path) -> Pairs:
    """Real speech in real noise, in a real room, faster, and over a narrow line."""
    [texts] = sorted((corpora / "LibriSpeech").glob("*/*/*/*.trans.txt"))[:1]
    lines = [line.split(" ", 1) for line in texts.read_text().splitlines()[:4]]
    noisy, reverberant, faster, narrow = (
        real_cut(texts.with_name(f"{name}.flac"), text.strip()) for name, text in lines
    )
    noise = real_cut(sorted((corpora / "ESC-50-master" / "audio").glob("*-0.wav"))[0]).resample(16_000)
    rir = Recording.from_file(corpora / "rirs" / "audiomentations" / "impulse_response_0.wav")
    mixed = noisy.mix(noise.truncate(duration=min(noise.duration, noisy.duration)), snr=5)
    return [
        (noisy, with_facts(mixed, snr_db=5.0, noise_type=["dog"])),
        (reverberant, with_facts(reverberant.reverb_rir(rir), rt60_s=0.45)),
        (faster, with_facts(faster.perturb_speed(1.2), speed=1.2)),
        (narrow, with_facts(narrow.resample(4_000).resample(16_000), bandwidth_hz=2_000)),
    ]


def test_real_speech_in_a_real_browser(tmp_path: Path, shared: Path, chromium: Any) -> None:
    made = real_pairs(shared / "corpora")
    assert write_preview(made, tmp_path / "look.html", 10, "Augmented clips") == 4
    seen = look(chromium, tmp_path / "look.html")
    shown = [min(20.0, cut.duration) for pair in made for cut in pair]
    assert seen["durations"] == pytest.approx(shown, abs=0.05)
