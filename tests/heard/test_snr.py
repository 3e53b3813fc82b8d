"""The SNR labels of real clips, judged by what is heard at the end of all steps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import CutSet, MonoCut, Recording, SupervisionSegment
from lhotse.cut import MixedCut

from cryfish.recipes.kit.facts import read_facts

from .harness import (
    Judged,
    Workshop,
    command,
    cuts_of,
    effects_of,
    heard_ratio,
    judge,
    mono,
    original,
    read_shards,
    separate,
    through,
)
from .meters import RATE, Samples, active_level, active_power, decibels, heard_band, mean_level

WITHIN_DB = 0.5
"""A label that lies further from what is heard is false."""

WITHIN_KNOWN_DB = 1.0
"""The same where a clip's own noise is strong: it must be estimated, and a label is given up to this uncertainty."""

CLIPS = {"librispeech": 8, "ravdess": 5, "fsdd": 64, "tuxpaint": 60}
FEWER = {"librispeech": 12, "ravdess": 8, "fsdd": 80, "tuxpaint": 60}
"""Of which corpora every n-th clip is taken. `python -m tests.heard snr` takes more."""

PADDING = {
    "share": 0.2,
    "padding": {"share": 1, "start_s": {"uniform": [0, 1]}, "end_s": {"uniform": [0, 1]}},
}
NOISE = {
    "share": 1.0,
    "from": ["esc50"],
    "babble": {"from": ["asterisk", "ravdess"], "voices": [2, 4]},
    "colours": ["white", "pink", "brown"],
    "at_once": 2,
    "snr_db": {"uniform": [-5, 30]},
}
CODECS = ["mp3", "opus", "vorbis", "gsm", "ulaw", "alaw"]
CHANNELS: dict[str, dict[str, Any]] = {
    "none": {},
    "telephone": {"telephone": {"share": 1}},
    "low pass": {"low_pass": {"share": 1, "hz": {"uniform": [1000, 7000]}}},
    "gain": {"gain": {"share": 1, "db": {"uniform": [-60, 0]}}},
    "clipping": {"clipping": {"share": 1, "clipped": {"uniform": [0.0005, 0.05]}}},
    **{codec: {"codec": {"share": 1, "of": [codec]}} for codec in CODECS},
    "all": {
        "telephone": {"share": 0.3},
        "low_pass": {"share": 0.3, "hz": {"uniform": [1000, 7000]}},
        "gain": {"share": 0.3, "db": {"uniform": [-30, 0]}},
        "clipping": {"share": 0.2, "clipped": {"uniform": [0.0005, 0.05]}},
        "codec": {"share": 0.4, "of": CODECS},
    },
}


def judged(
    workshop: Workshop, name: str, sizes: dict[str, int], channel: dict[str, Any], level: str = "inverse"
) -> tuple[list[Judged], int]:
    """The labelled clips of the corpora (every n-th of each) and how many got noise at all."""
    manifests = [workshop.manifest(corpus, every) for corpus, every in sizes.items()]
    steps: list[dict[str, Any]] = [
        {"voice": PADDING},
        {"room": {"share": 0.4, "bank": str(workshop.rooms()), "level": level}},
        {"noise": NOISE},
    ]
    if channel:
        steps.append({"channel": {"share": 1, **channel}})
    made = cuts_of(workshop.augmented(f"snr {name}", manifests, steps, seed=len(name)))
    noisy = sum("noise_type" in read_facts(cut) for cut in made)
    rows = workshop.judgements.setdefault(name, [])
    if not rows:
        rows += judge(made, original(manifests, workshop.corpora))
    return rows, noisy


def complaints(rows: list[Judged]) -> list[str]:
    return [str(row) for row in rows if abs(row.off) > WITHIN_DB]


@pytest.mark.parametrize(
    ("channel", "least"), [("none", 0.5), ("telephone", 0.5), ("gain", 0.4), ("all", 0.25)]
)
def test_the_label_is_what_is_heard_at_the_end(workshop: Workshop, channel: str, least: float) -> None:
    """...or there is none; and there is one for a fair share of the clips, or nothing could be learnt."""
    rows, noisy = judged(workshop, channel, CLIPS if channel == "none" else FEWER, CHANNELS[channel])
    assert not complaints(rows), "\n".join(complaints(rows))
    assert len(rows) >= least * noisy > 0
    full = [row for row in rows if row.full is not None and abs(row.heard_full.off(row.full)) > WITHIN_DB]
    assert not full, "\n".join(f"{row.id}: {row.full} dB, heard {row.heard_full}" for row in full)


def test_the_shards_hold_what_plain_lhotse_loads(workshop: Workshop) -> None:
    """Through `render` and through Lhotse the noise is the same, but for the ends of a resampled one."""
    rows, _ = judged(workshop, "none", CLIPS, CHANNELS["none"])
    unlike = [f"{row.id}: {row.unlike_db:.1f} dB ({row.noise})" for row in rows if row.unlike_db > -25]
    assert not unlike, "\n".join(unlike)


@pytest.fixture
def own_clips(tmp_path: Path) -> Callable[[dict[str, Samples]], Path]:
    """A manifest of clips with these samples at 16 kHz, as plain Lhotse writes it."""

    def make(clips: dict[str, Samples], facts: dict[str, dict[str, Any]] | None = None) -> Path:
        cuts = []
        for name, samples in clips.items():
            path = tmp_path / f"{name}.wav"
            soundfile.write(path, samples, RATE, subtype="FLOAT")
            recording = Recording.from_file(path, recording_id=name)
            said = SupervisionSegment(
                id=name,
                recording_id=name,
                start=0,
                duration=recording.duration,
                text="hello",
                speaker=name[:4],
            )
            cuts.append(
                MonoCut(
                    id=name,
                    start=0,
                    duration=recording.duration,
                    channel=0,
                    recording=recording,
                    supervisions=[said],
                    custom={"facts": (facts or {}).get(name, {}), "corpus": "own", "split": "train"},
                )
            )
        out = tmp_path / "own.cuts.jsonl.gz"
        CutSet.from_cuts(cuts).to_file(out)
        return out

    return make


@pytest.fixture(scope="module")
def clean(workshop: Workshop) -> dict[str, Samples]:
    """Real clips whose own noise lies 40 dB or more under the speech."""
    manifest = workshop.manifest("ravdess", 4)
    found = {}
    for cut in original([manifest], workshop.corpora).values():
        samples = mono(cut)
        first, last = np.flatnonzero(np.abs(samples) > 10 ** (-40 / 20) * np.abs(samples).max())[[0, -1]]
        found[cut.id.replace("ravdess-", "r")] = 0.05 * samples[first:last] / np.abs(samples).max()
    return found


Augment = Callable[..., list[MixedCut]]


@pytest.fixture
def augment(tmp_path: Path) -> Augment:
    """The clips of a manifest under white or brown noise of one SNR."""

    def make(manifest: Path, snr_db: float, colour: str = "white") -> list[MixedCut]:
        steps = tmp_path / "steps.yaml"
        steps.write_text(
            f"[{{noise: {{share: 1, colours: [{colour}], snr_db: {snr_db}}}}}]", encoding="utf-8"
        )
        out = tmp_path / f"noisy-{colour}.cuts.jsonl.gz"
        command("augment", manifest, "--steps", steps, "--out", out, "--jobs", 1)
        return [cut for cut in cuts_of(out) if isinstance(cut, MixedCut)]

    return make


@pytest.mark.parametrize("colour", ["white", "brown"])
@pytest.mark.parametrize("hertz", [0, 20])
def test_what_nobody_hears_is_no_level(
    own_clips: Callable[..., Path], clean: dict[str, Samples], augment: Augment, hertz: int, colour: str
) -> None:
    """A constant offset or a rumble of 20 Hz, louder than the speech, leaves the SNR that is heard."""
    unheard = {
        name: samples + 0.1 * np.cos(2 * np.pi * hertz * np.arange(len(samples)) / RATE)
        for name, samples in clean.items()
    }
    cuts = augment(own_clips(unheard), 10, colour)
    labelled = 0
    for cut in cuts:
        facts = read_facts(cut)
        if "snr_db" in facts:
            labelled += 1
            noise = separate(cut).noise
            heard = active_level(clean[cut.id]) - mean_level(heard_band(noise))
            assert facts["snr_db"] == pytest.approx(heard, abs=WITHIN_DB), cut.id
    # Of clips that are cut to the speech, few tell how little noise they have of their own.
    assert labelled >= len(cuts) / 2


@pytest.mark.parametrize("own_db", [15, 25])
@pytest.mark.parametrize("asked_db", [20, 10])
def test_noise_of_the_clip_itself_counts(
    own_clips: Callable[..., Path],
    clean: dict[str, Samples],
    augment: Augment,
    own_db: float,
    asked_db: float,
) -> None:
    """Speech over all noise: that of the clip, known here because it was put there, and that mixed in."""
    rng = np.random.default_rng(3)
    own = {}
    for name, samples in clean.items():
        padded = np.pad(samples, RATE // 2)
        hiss = rng.standard_normal(len(padded))
        level = active_level(padded) - own_db - mean_level(heard_band(hiss))
        own[name] = (padded, hiss * 10 ** (level / 20))
    for cut in augment(own_clips({name: sum(both) for name, both in own.items()}), asked_db):
        facts = read_facts(cut)
        if "snr_db" in facts:
            speech, hiss = own[cut.id]
            heard = active_level(speech) - mean_level(heard_band(hiss + separate(cut).noise))
            assert facts["snr_db"] == pytest.approx(heard, abs=WITHIN_KNOWN_DB), cut.id
            assert facts["snr_db"] < own_db + WITHIN_KNOWN_DB


def test_a_noise_floor_in_long_pauses_moves_no_label(
    own_clips: Callable[..., Path], clean: dict[str, Samples], augment: Augment
) -> None:
    """At the margin of P.56 a floor 15 or 17 dB under the speech counts as speech or doesn't: 6 dB of difference."""
    rng = np.random.default_rng(4)
    truth = {}
    for name, samples in clean.items():
        for floor_db in (13, 15, 16, 17, 20):
            speech = np.concatenate(
                [samples, np.zeros(5 * len(samples)), samples, np.zeros(2 * len(samples))]
            )
            hiss = rng.standard_normal(len(speech))
            hiss *= 10 ** ((active_level(speech) - floor_db - mean_level(heard_band(hiss))) / 20)
            truth[f"{name}-{floor_db}"] = (speech, hiss)
    for cut in augment(own_clips({name: sum(both) for name, both in list(truth.items())[::3]}), 8):
        facts = read_facts(cut)
        if "snr_db" in facts:
            speech, hiss = truth[cut.id]
            heard = active_level(speech) - mean_level(heard_band(hiss + separate(cut).noise))
            assert facts["snr_db"] == pytest.approx(heard, abs=WITHIN_KNOWN_DB), cut.id


def test_sixteen_bits_of_a_quiet_clip(
    own_clips: Callable[..., Path], clean: dict[str, Samples], augment: Augment, tmp_path: Path
) -> None:
    """At -80 dBFS the steps of 16-bit samples are noise too: what lies in the shard is judged, not what was meant."""
    quiet = {
        name: samples * 10 ** ((-80 - active_level(samples)) / 20)
        for name, samples in list(clean.items())[:4]
    }
    cuts = augment(own_clips(quiet), 25)
    manifest = tmp_path / "noisy-white.cuts.jsonl.gz"
    asked = tmp_path / "asked.jsonl"
    command("instruct", "template", manifest, "--task", "asr", "--out", asked)
    command("shard", manifest, "--instructions", asked, "--out", tmp_path / "shards", "--jobs", 1)
    heard_of = {}
    for example in read_shards(tmp_path / "shards"):
        heard_of[example.ids[0]] = (example.facts[0], example.samples[0])
    assert set(heard_of) == {cut.id for cut in cuts}
    for cut in cuts:
        facts, samples = heard_of[cut.id]
        if "snr_db" not in facts:
            continue
        speech = quiet[cut.id][: len(samples)]
        # By the part of the shard that follows the speech it is known how loud the speech is there.
        gain = float(speech @ samples) / float(speech @ speech)
        rest = samples - gain * speech
        heard = decibels(active_power(heard_band(gain * speech))[0]) - mean_level(heard_band(rest))
        assert facts["snr_db"] == pytest.approx(heard, abs=WITHIN_DB), cut.id


def test_a_published_ratio_ends_with_the_channel(
    workshop: Workshop, own_clips: Callable[..., Path], tmp_path: Path
) -> None:
    """The corpus' own noisy clips with the SNR that they have: behind a telephone it is no longer what is heard."""
    dry = original([workshop.manifest("voicebank_demand")], workshop.corpora)
    pairs = {}
    for name, cut in dry.items():
        if "noisy" in name:
            clean, noisy = mono(dry[name.replace("noisy", "clean")]), mono(cut)
            pairs[name] = (clean, noisy - clean, noisy)
    facts = {name: {"snr_db": heard_ratio(*parts[:2], parts[0]).middle} for name, parts in pairs.items()}
    manifest = own_clips({name: noisy for name, (_, _, noisy) in pairs.items()}, facts)
    steps = tmp_path / "steps.yaml"
    steps.write_text("[{channel: {share: 1, telephone: {share: 1}}}]", encoding="utf-8")
    command("augment", manifest, "--steps", steps, "--out", tmp_path / "line.cuts.jsonl.gz", "--jobs", 1)
    for cut in cuts_of(tmp_path / "line.cuts.jsonl.gz"):
        known = read_facts(cut)
        if "snr_db" in known:
            clean, noise, _ = pairs[cut.id]
            channel = effects_of(cut.recording.transforms)
            heard = heard_ratio(through(channel, clean), through(channel, noise), clean)
            assert known["snr_db"] == pytest.approx(heard.middle, abs=WITHIN_DB), cut.id
