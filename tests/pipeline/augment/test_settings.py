import pytest

from cryfish.errors import InputError
from cryfish.pipeline.augment.settings import corpora_of, read_steps

NOISE = {"share": 0.5, "from": ["esc50"], "snr_db": {"uniform": [0, 20]}}
ROOM = {"share": 0.3, "bank": "rirs/"}


@pytest.mark.parametrize("snr_db", [5, {"uniform": [-5, 5]}, {"choice": [0, 10]}])
def test_distributions(snr_db: object) -> None:
    [setting] = read_steps([{"noise": {**NOISE, "snr_db": snr_db}}])
    assert setting.share == 0.5


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ({"noise": NOISE}, "augment: must be a list"),
        (
            [{"noise": NOISE}, {"room": ROOM}],
            "step 2: 'room' comes before 'noise' in a real recording; swap them",
        ),
        ([{"noise": NOISE}, {"noise": NOISE}], "step 2: a second 'noise'"),
        ([{"nois": NOISE}], r"step 1: unknown step 'nois' \(did you mean 'noise'\?\)"),
        (["noise"], "step 1: must be one step's name"),
        ([{"noise": {**NOISE, "share": 1.5}}], r"step 1 \(noise\): field 'share'"),
        (
            [{"noise": {"share": 1, "snr_db": 5}}],
            r"step 1 \(noise\): .*no noise to mix in; give field 'from'",
        ),
        (
            [{"noise": {**NOISE, "babble": {"from": ["x"], "voices": [5, 2]}}}],
            r"voices wants \[least, most\]",
        ),
        ([{"noise": {**NOISE, "colours": ["green"]}}], r"step 1 \(noise\): field 'colours"),
        ([{"room": {**ROOM, "level": "loud"}}], r"step 1 \(room\): field 'level'"),
        (
            [{"room": ROOM}, {"voice": {"share": 1, "speed": {"share": 1, "factor": 1.1}}}],
            "'voice' comes before 'room'",
        ),
        ([{"noise": {**NOISE, "from": "esc50"}}], r"step 1 \(noise\): field 'from'"),
        ([{"noise": {**NOISE, "snr_db": "loud"}}], r"field 'snr_db' must be a number, \{uniform: "),
        (
            [{"noise": {**NOISE, "snr_db": {"uniform": [20, 0]}}}],
            r"uniform wants \[low, high\], found \[20, 0\]",
        ),
        (
            [{"noise": {**NOISE, "snr_db": {"uniform": [0, float("inf")]}}}],
            r"step 1 \(noise\): field 'snr_db",
        ),
        ([{"noise": {**NOISE, "snr_db": {"choice": []}}}], r"step 1 \(noise\): field 'snr_db"),
        ([{"room": {"share": 0.3}}], r"step 1 \(room\): field 'bank' is missing"),
        ([{"room": {**ROOM, "bnak": 1}}], r"step 1 \(room\): field 'bnak' is unknown; did you mean 'bank'"),
    ],
)
def test_a_bad_step_is_named_with_its_field(steps: object, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_steps(steps)
    assert "\n" not in str(caught.value)


def test_the_corpora_that_noise_and_babble_come_from() -> None:
    babble = {"from": ["librispeech", "musan"]}
    steps = read_steps(
        [{"noise": {**NOISE, "from": ["esc50", "musan"], "babble": babble, "colours": ["pink"]}}]
    )
    assert corpora_of(steps) == ["esc50", "musan", "librispeech"]
