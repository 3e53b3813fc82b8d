"""Answers about two clips are true of what is heard: real voices in rooms, judged by meters of this file alone.

Nothing here reads a label or uses the package's own measuring; the standards are written down once more.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut
from lhotse.cut import Cut, MixedCut
from scipy.signal import lfilter

from cryfish.pipeline.audio.load import load_tracks
from cryfish.pipeline.audio.manifests import read_cuts
from cryfish.pipeline.audio.render import render_together
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.augment.steps import augment_cuts, prepare_steps
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.instruct.clips import clip_of
from cryfish.pipeline.instruct.template.template import template_instructions
from cryfish.pipeline.prepare.prepare import prepare_corpus
from cryfish.pipeline.rirs.bank import make_bank
from cryfish.pipeline.rirs.recorded import prepared_cuts
from cryfish.pipeline.rirs.specification import RirBankSpec
from cryfish.shards.audio import encode_flac

RATE = 16_000
VOICES = {"librispeech": "LibriSpeech", "ravdess": "RAVDESS", "fsdd": "free-spoken-digit-dataset"}
ROOMS, ROUNDS, PAIRS = 24, 1, 60
Samples = np.ndarray


def p56_db(samples: Samples) -> float:
    """The active speech level of ITU-T P.56, sample by sample: activity counted for each of 16 thresholds."""
    decay = np.exp(-1 / (RATE * 0.03))
    envelope = lfilter([1 - decay], [1, -decay], lfilter([1 - decay], [1, -decay], np.abs(samples)))
    energy, hangover, places = float(np.sum(samples**2)), round(0.2 * RATE), np.arange(len(samples))
    before: tuple[float, float] | None = None
    for exponent in range(-15, 1):
        over = np.where(envelope >= 2.0**exponent, places, -len(samples) - hangover)
        active = int(np.sum(places - np.maximum.accumulate(over) <= hangover))
        if not active:
            break
        level = 10 * np.log10(energy / active)
        distance = level - 20 * exponent * np.log10(2)
        if distance <= 15.9:
            if before is None:
                return float(level)
            part = (before[1] - 15.9) / (before[1] - distance)
            return float(before[0] + part * (level - before[0]))
        before = (level, distance)
    assert before is not None
    return before[0]


def loudness_lufs(samples: Samples) -> float:
    """Integrated loudness of ITU-R BS.1770-4; the K filter's analogue prototypes at 16 kHz."""
    k = np.tan(np.pi * 1681.974450955533 / RATE)
    high, band, q = (
        10 ** (3.999843853973347 / 20),
        (10 ** (3.999843853973347 / 20)) ** 0.4996667741545416,
        0.7071752369554196,
    )
    norm = 1 + k / q + k * k
    shelf = [
        (high + band * k / q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - band * k / q + k * k) / norm,
    ]
    weighted = lfilter(shelf, [1, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm], samples)
    k, q = np.tan(np.pi * 38.13547087602444 / RATE), 0.5003270373238773
    norm = 1 + k / q + k * k
    weighted = lfilter([1, -2, 1], [1, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm], weighted)
    block, hop = round(0.4 * RATE), round(0.1 * RATE)
    weighted = np.pad(weighted, (0, max(0, block - len(weighted))))
    powers = np.array(
        [np.mean(weighted[at : at + block] ** 2) for at in range(0, len(weighted) - block + 1, hop)]
    )
    levels = -0.691 + 10 * np.log10(powers + 1e-20)
    loud = levels > -70
    assert loud.any()
    loud &= levels > -0.691 + 10 * np.log10(powers[loud].mean()) - 10
    return float(-0.691 + 10 * np.log10(powers[loud].mean()))


def room_of(cut: Cut) -> tuple[float, float, float]:
    """T60 (Schroeder, -5 to -35 dB), direct-to-reverberant ratio and C50 of the response that a cut is put through."""
    first = cut.tracks[0].cut if isinstance(cut, MixedCut) else cut
    [effect] = [one for one in map(as_dict, first.recording.transforms) if "Reverb" in one["name"]]
    rir, [channel] = effect["kwargs"]["rir"], effect["kwargs"]["rir_channels"]
    response = soundfile.read(rir["sources"][0]["source"], always_2d=True)[0][:, channel]
    energy = response**2
    left = 10 * np.log10(np.cumsum(energy[::-1])[::-1] / energy.sum() + 1e-30)
    fitted = np.flatnonzero((left <= -5) & (left >= -35))
    slope = np.polyfit(fitted / RATE, left[fitted], 1)[0]
    peak = int(np.argmax(energy))

    def ratio_db(seconds: float) -> float:
        end = peak + round(seconds * RATE)
        return float(10 * np.log10(energy[:end].sum() / energy[end:].sum()))

    return float(-60 / slope), ratio_db(0.0025), ratio_db(0.05)


def as_dict(transform: Any) -> dict[str, Any]:
    return transform if isinstance(transform, dict) else transform.to_dict()


def heard(cuts: Sequence[Cut]) -> list[Samples]:
    """As a training hears them: rendered as one sample, through FLAC."""
    flacs = [encode_flac(clip.samples) for clip in render_together(cuts)]
    return [soundfile.read(io.BytesIO(flac))[0] for flac in flacs]


def louder(cuts: Sequence[Cut]) -> tuple[float, ...]:
    one, other = heard(cuts)
    return p56_db(one) - p56_db(other), loudness_lufs(one) - loudness_lufs(other)


def nearer(cuts: Sequence[Cut]) -> tuple[float, ...]:
    one, other = (room_of(cut)[1] for cut in cuts)
    levels = [p56_db(samples) for samples in heard(cuts)]
    even = all("Volume" not in {as_dict(one)["name"] for one in cut.recording.transforms} for cut in cuts)
    # Where the loudness falls with the distance, it speaks as well; a tenth of a dB says nothing.
    return (
        (one - other,) if even or abs(levels[0] - levels[1]) < 0.1 else (one - other, levels[0] - levels[1])
    )


def noisier(cuts: Sequence[Cut]) -> tuple[float, ...]:
    ratios = []
    for cut in cuts:
        assert isinstance(cut, MixedCut)
        speech, noise = (part.astype(np.float64)[0] for part in load_tracks(cut))
        ratios.append(p56_db(speech) - 10 * np.log10(np.mean(noise**2)))
    return (ratios[1] - ratios[0],)


def more_reverberant(cuts: Sequence[Cut]) -> tuple[float, ...]:
    (decay, direct, clear), (other_decay, other_direct, other_clear) = map(room_of, cuts)
    return decay - other_decay, other_direct - direct, other_clear - clear


JUDGES: dict[str, Callable[[Sequence[Cut]], tuple[float, ...]]] = {
    "louder": louder,
    "nearer": nearer,
    "noisier": noisier,
    "more_reverberant": more_reverberant,
}


def room(bank: Path, **more: Any) -> dict[str, Any]:
    return {"room": {"share": 1, "bank": str(bank), **more}}


@pytest.fixture(scope="module")
def augmented(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Cut]]:
    return augment(shared, tmp_path_factory.mktemp("told-apart"))


def augment(shared: Path, folder: Path) -> dict[str, list[Cut]]:
    """Real voices: at two distances, loudness falling and even; and in real and simulated rooms with noise."""
    voices: list[Cut] = []
    for corpus, name in {**VOICES, "rir_files": "rirs"}.items():
        prepare_corpus(corpus, shared / "corpora" / name, folder / corpus, engine=Engine())
        if corpus != "rir_files":
            for path in sorted((folder / corpus).glob("*.cuts.jsonl.gz")):
                voices += [cut for cut in read_cuts(path, shared / "corpora" / name) if cut.duration < 12]
    spec = RirBankSpec(rooms=ROOMS, held_out=0.05, recorded=("rir_files",))
    bank = make_bank(
        folder / "rirs", spec, seed=5, recorded=lambda corpus: prepared_cuts(folder / corpus)
    ).folder
    kinds = {
        "inverse": [room(bank, distances=2, level="inverse")],
        "even": [room(bank, distances=2)],
        "noisy": [
            {**room(bank), "room": {"share": 0.9, "bank": str(bank)}},
            {"noise": {"share": 0.9, "colours": ["white", "pink", "brown"], "snr_db": {"uniform": [-5, 25]}}},
        ],
    }
    made: dict[str, list[Cut]] = {}
    for kind, settings in kinds.items():
        steps = prepare_steps(read_steps(settings), "train", folder, lambda corpus: iter(()))
        for turn in range(ROUNDS):
            for cut in augment_cuts(voices, steps, seed=turn):
                cut.id = f"{cut.id}-{turn}"
                made.setdefault(kind, []).append(cut)
    return made


def asked(cuts: list[Cut], task: str, count: int) -> Iterator[tuple[list[Cut], str]]:
    records = [cut.to_dict() for cut in cuts]
    by_id = {cut.id: cut for cut in cuts}
    for instruction in template_instructions(lambda _: map(clip_of, records), {task: count}, seed=1):
        yield [by_id[name] for name in instruction.clips], instruction.label


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        ("louder", "inverse"),
        ("nearer", "inverse"),
        ("nearer", "even"),
        ("noisier", "noisy"),
        ("more_reverberant", "noisy"),
    ],
)
def test_every_answer_about_two_clips_is_what_is_heard(
    augmented: dict[str, list[Cut]], task: str, kind: str
) -> None:
    judged = []
    for cuts, label in asked(augmented[kind], task, PAIRS):
        more_comes_first = JUDGES[task](cuts)
        judged.append((min(more_comes_first) if label == "1" else -max(more_comes_first), label, cuts))
    assert len(judged) == PAIRS
    assert {label for _, label, _ in judged} == {"1", "2"}
    wrong = [(margin, label, [cut.id for cut in cuts]) for margin, label, cuts in judged if margin <= 0]
    assert not wrong, wrong[:3]


def test_what_is_asked_about_can_be_heard(augmented: dict[str, list[Cut]]) -> None:
    """The loudness differs by 1 dB or nearly so, by either measure; and no pair is left out that has 2 dB."""
    found = list(asked(augmented["inverse"], "louder", 10_000))
    for cuts, _ in found[:40]:
        assert min(map(abs, louder(cuts))) > 0.5
    pairs = len(augmented["inverse"]) // 2
    assert 0.7 * pairs < len(found) < pairs
    assert all(isinstance(cut, MonoCut) for cuts, _ in found for cut in cuts)
