"""Every other label against what is heard at the end of all steps, also where later steps follow."""

import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import CutSet, MonoCut, Recording, SupervisionSegment
from lhotse.augmentation import AudioTransform
from lhotse.cut import Cut, MixedCut
from scipy import signal

from cryfish.pipeline.audio.render import render
from cryfish.recipes.kit.facts import FACTS, read_facts

from .harness import Workshop, cuts_of, effects_of, mono, original, through
from .meters import RATE, Samples, decay, decibels, heard_band, mean_level, spectrum

EFFECTS: dict[str, dict[str, Any]] = {
    "low_pass": {"hz": {"uniform": [1000, 4500]}},
    "gain": {"db": {"uniform": [-30, 0]}},
    "clipping": {"clipped": {"uniform": [0.005, 0.1]}},
    "telephone": {},
    "mp3": {"of": ["mp3"], "kbps": 16},
    "opus": {"of": ["opus"], "kbps": 16},
    "gsm": {"of": ["gsm"]},
    "ulaw": {"of": ["ulaw"]},
}
CODECS = ("mp3", "opus", "gsm", "ulaw")

PAIRS = [
    effects
    for effects in combinations(EFFECTS, 2)
    if effects[0] not in CODECS  # a clip goes through one codec
]


def is_history(fact: str) -> bool:
    """Whether a fact says of itself that it tells what came before something."""
    return re.search(r"\bbefore (?!the clip\b)", FACTS[fact].description) is not None


def channel_in_parts(cut: Cut, dry: dict[str, Cut]) -> tuple[Samples, list[AudioTransform]]:
    """What comes to the channel, and the channel's effects; of a clip to which nothing but a channel happened."""
    if isinstance(cut, MixedCut):
        tracks = cut.load_audio(mixed=False)
        return np.sum([np.atleast_2d(track)[0] for track in tracks], axis=0), effects_of(cut.transforms)
    return mono(dry[cut.id]), [
        effect for effect in effects_of(cut.recording.transforms) if type(effect).__name__ != "Resample"
    ]


@pytest.mark.parametrize("noisy", [False, True])
def test_the_channels_labels_hold_behind_each_other(workshop: Workshop, noisy: bool) -> None:
    """Every effect alone and every two of them together."""
    manifests = [workshop.manifest("ravdess", 16), workshop.manifest("asterisk", 50)]
    dry = original(manifests, workshop.corpora)
    complaints: list[str] = []
    for effects in [(effect,) for effect in EFFECTS] + PAIRS if not noisy else PAIRS[::5]:
        channel = {
            ("codec" if effect in CODECS else effect): {"share": 1, **EFFECTS[effect]} for effect in effects
        }
        steps: list[dict[str, Any]] = [{"channel": {"share": 1, **channel}}]
        if noisy:
            steps.insert(0, {"noise": {"share": 1, "colours": ["white"], "snr_db": 10}})
        name = f"channel {' '.join(effects)} {noisy}"
        for cut in cuts_of(workshop.augmented(name, manifests, steps, seed=7)):
            before, line = channel_in_parts(cut, dry)
            complaints += [f"{' + '.join(effects)}: {told}" for told in untrue(cut, before, line)]
    assert not complaints, "\n".join(complaints)


def untrue(cut: Cut, before: Samples, line: list[AudioTransform]) -> list[str]:
    """What is false of a clip's channel."""
    facts = read_facts(cut)
    heard = render(cut).samples.astype(np.float64)
    before = np.asarray(before, np.float64)[: len(heard)]
    found = []
    if "gain_db" in facts and not is_history("gain_db"):
        change = mean_level(heard_band(heard)) - mean_level(heard_band(before))
        if abs(change - facts["gain_db"]) > 1:
            found.append(f"gain_db {facts['gain_db']} but the level changed by {change:.1f} dB ({cut.id})")
    if "clipped_share" in facts:
        place = [type(effect).__name__ for effect in line].index("CryfishClip") + 1
        there = through(line[:place], before) if is_history("clipped_share") else heard
        share = float(np.mean(np.abs(there) >= 0.999 * np.abs(there).max()))
        if abs(share - facts["clipped_share"]) > 0.1 * facts["clipped_share"] + 0.001:
            found.append(f"clipped_share {facts['clipped_share']} but {share:.4f} is at the limit ({cut.id})")
    limit = facts.get("bandwidth_hz")
    if limit is not None and 1.4 * limit < 7800:
        hertz, power = spectrum(heard)
        _, given = spectrum(before)
        above = hertz > 1.4 * limit
        level = decibels(float(power[above].sum())) - decibels(float(power.sum()))
        lost = decibels(float(given[above].sum())) - decibels(float(power[above].sum()))
        if level > -40 and lost < 20:
            found.append(
                f"bandwidth_hz {limit} but above {1.4 * limit:.0f} Hz lie {level:.0f} dB, {lost:.0f} dB less than came"
            )
        below, middle = (hertz > 0.6 * limit) & (hertz < 0.9 * limit), (hertz > 400) & (hertz < 600)
        passed, reference = (
            decibels(float(power[band].sum())) - decibels(float(given[band].sum()))
            for band in (below, middle)
        )
        if passed < reference - 8:
            found.append(f"bandwidth_hz {limit} but below it {reference - passed:.0f} dB are lost ({cut.id})")
    return found


def pitch_hz(samples: Samples) -> float:
    """The median of the voice's fundamental, by the autocorrelation of 40 ms where that is periodic."""
    low = signal.sosfilt(signal.butter(4, [60, 1000], "bandpass", fs=RATE, output="sos"), samples)
    length, lags = RATE // 25, np.arange(RATE // 600, RATE // 60)
    loud = np.quantile(np.convolve(low**2, np.ones(length) / length, mode="same"), 0.6)
    found = []
    for start in range(0, len(low) - 2 * length, length // 2):
        head = low[start : start + length]
        if np.mean(head**2) < loud:
            continue
        others = np.lib.stride_tricks.sliding_window_view(low[start : start + 2 * length], length)[lags]
        likeness = others @ head / np.sqrt(float(head @ head) * np.sum(others**2, axis=1) + 1e-20)
        peaks, _ = signal.find_peaks(likeness)
        good = [peak for peak in peaks if likeness[peak] > 0.9 * likeness[peaks].max()]
        if good and likeness[good[0]] > 0.7:
            left, top, right = likeness[good[0] - 1 : good[0] + 2]
            found.append(RATE / (lags[good[0]] + 0.5 * (left - right) / (left - 2 * top + right)))
    return float(np.median(found))


@pytest.mark.parametrize(
    ("effect", "content"),
    [
        ("speed", {"factor": {"choice": [0.8, 0.9, 1.1, 1.25]}}),
        ("tempo", {"factor": {"choice": [0.8, 0.9, 1.1, 1.25]}}),
        ("pitch", {"semitones": {"choice": [-4, -2, 3, 5]}}),
    ],
)
def test_speed_tempo_and_pitch_at_the_end(workshop: Workshop, effect: str, content: dict[str, Any]) -> None:
    """With noise and a codec behind them. (A room's decay and a band without the fundamental blur the meter.)"""
    manifests = [workshop.manifest("librispeech", 10)]
    dry = original(manifests, workshop.corpora)
    steps = [
        {"voice": {"share": 1, effect: {"share": 1, **content}}},
        {"noise": {"share": 1, "colours": ["pink"], "snr_db": 25}},
        {"channel": {"share": 0.5, "codec": {"share": 1, "of": ["mp3"]}}},
    ]
    for cut in cuts_of(workshop.augmented(f"voice {effect}", manifests, steps, seed=1)):
        facts = read_facts(cut)
        before, after = mono(dry[cut.id]), render(cut).samples.astype(np.float64)
        factor = facts.get("speed", facts.get("tempo", 1.0))
        assert len(after) == pytest.approx(len(before) / factor, abs=RATE / 100)
        semitones = facts.get("pitch_shift_semitones", 12 * np.log2(facts.get("speed", 1.0)))
        shifted = 12 * np.log2(pitch_hz(after) / pitch_hz(before))
        assert shifted == pytest.approx(semitones, abs=0.6), cut.id


def test_padding_is_silent_at_the_end_or_no_fact(workshop: Workshop) -> None:
    """Noise and the room's decay fill it; a fact that speaks of silence may stay only if it says: before them."""
    manifests = [workshop.manifest("ravdess", 8)]
    steps = [
        {
            "voice": {
                "share": 1,
                "padding": {"share": 1, "start_s": {"uniform": [0.2, 1]}, "end_s": {"uniform": [0.2, 1]}},
            }
        },
        {"room": {"share": 0.5, "bank": str(workshop.rooms())}},
        {"noise": {"share": 0.5, "colours": ["pink"], "snr_db": 15}},
        {"channel": {"share": 0.5, "codec": {"share": 1, "of": ["gsm", "opus"]}}},
    ]
    complaints = []
    for cut in cuts_of(workshop.augmented("padding", manifests, steps, seed=2)):
        facts = read_facts(cut)
        heard = render(cut).samples.astype(np.float64)
        start, end = (round(facts.get(f"padding_{side}_s", 0) * RATE) for side in ("start", "end"))
        for fact, stretch in (
            ("padding_start_s", heard[: start - 160]),
            ("padding_end_s", heard[160 - end :]),
        ):
            if fact in facts and not is_history(fact) and mean_level(stretch) > -85:
                complaints.append(f"{fact} {facts[fact]}: at {mean_level(stretch):.0f} dB ({cut.id})")
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Samples]:
    """A manifest of clips that are a rising tone (Farina 2000), and its samples: behind it a room can be measured."""
    folder = tmp_path_factory.mktemp("sweeps")
    time = np.arange(3 * RATE) / RATE
    rising = (
        0.3 * signal.chirp(time, 40, 3, 7900, method="logarithmic") * signal.windows.tukey(3 * RATE, 0.02)
    )
    rising = np.pad(rising, (0, round(1.5 * RATE)))
    cuts = []
    for number in range(12):
        soundfile.write(folder / f"sweep-{number}.wav", rising, RATE, subtype="FLOAT")
        recording = Recording.from_file(folder / f"sweep-{number}.wav")
        said = SupervisionSegment(recording.id, recording.id, 0, recording.duration, text="a rising tone")
        cuts.append(
            MonoCut(
                recording.id,
                0,
                recording.duration,
                0,
                supervisions=[said],
                recording=recording,
                custom={"facts": {}, "corpus": "own", "split": "train"},
            )
        )
    manifest = folder / "sweeps.cuts.jsonl.gz"
    CutSet.from_cuts(cuts).to_file(manifest)
    return manifest, rising


def response_of(heard: Samples, played: Samples) -> Samples:
    """The impulse response of all that lies between, by division of the spectra."""
    length = 2 * len(played)
    given, arrived = np.fft.rfft(played, length), np.fft.rfft(heard, length)
    power = np.abs(given) ** 2
    response = np.fft.irfft(arrived * given.conj() / (power + 1e-5 * power.max()), length)
    return np.roll(response, RATE // 20)[: 2 * RATE]


@pytest.mark.parametrize(
    "channel",
    [
        {},
        {"gain": {"share": 1, "db": -10}},
        {"telephone": {"share": 1}},
        {"low_pass": {"share": 1, "hz": 2000}},
        {"codec": {"share": 1, "of": ["ulaw"]}},
        {"codec": {"share": 1, "of": ["alaw"]}, "low_pass": {"share": 1, "hz": 1500}},
        {"codec": {"share": 1, "of": ["mp3"], "kbps": 64}},
    ],
    ids=["none", "gain", "telephone", "low pass", "mu-law", "low pass and a-law", "mp3"],
)
def test_the_rooms_labels_hold_at_the_end(
    workshop: Workshop, sweeps: tuple[Any, Samples], channel: dict[str, Any]
) -> None:
    """T60 and the direct-to-reverberant ratio, of what a tone in the room has become at the end of the line."""
    manifest, played = sweeps
    steps: list[dict[str, Any]] = [{"room": {"share": 1, "bank": str(workshop.rooms()), "level": "inverse"}}]
    if channel:
        steps.append({"channel": {"share": 1, **channel}})
    narrow = {"telephone", "low_pass", "codec"} & set(channel)
    for cut in cuts_of(workshop.augmented(f"sweep {' '.join(channel)}", [manifest], steps, seed=3)):
        facts = read_facts(cut)
        heard = decay(response_of(render(cut).samples.astype(np.float64), played))
        assert heard.t30_s == pytest.approx(facts["rt60_s"], rel=0.15 if narrow else 0.03), cut.id
        # A narrow band spreads the direct sound, so that there are no such ratios behind one.
        if "drr_db" in facts:
            assert heard.drr_db == pytest.approx(facts["drr_db"], abs=1), cut.id
        if facts.get("c50_db") is not None:
            assert heard.c50_db == pytest.approx(facts["c50_db"], abs=1), cut.id


def test_distances_are_the_sounds_way(workshop: Workshop) -> None:
    """What a bank's impulse responses are delayed by, in metres at 343 m/s, and how their level falls."""
    import json

    bank = workshop.rooms()
    noted = [json.loads(line) for line in (bank / "bank.jsonl").read_text(encoding="utf-8").splitlines()]
    for rir in noted:
        samples, rate = soundfile.read(bank / rir["path"], always_2d=True)
        response = samples[:, rir["channel"]]
        heard = decay(response, rate)
        assert heard.t30_s == pytest.approx(rir["rt60_s"], rel=0.03)
        # A reflection may lie at the edge of the 2.5 ms.
        assert heard.drr_db == pytest.approx(rir["drr_db"], abs=1)
        geometry = np.linalg.norm(np.subtract(rir["source_m"], rir["microphone_m"]))
        assert geometry == pytest.approx(rir["distance_m"], abs=0.01)
