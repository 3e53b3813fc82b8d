import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cryfish.errors import InputError
from cryfish.pipeline.augment.rirs import Bank, RirBankSpec, make_bank, open_bank, read_spec
from cryfish.pipeline.augment.simulate import (
    PRE_DIRECT,
    RATE,
    eyring_absorption,
    measure_rt60,
)

SMALL = RirBankSpec(rooms=3, distances=2, rt60_s=(0.2, 0.3))


def rows(bank: Bank) -> list[dict]:
    return [json.loads(line) for line in (bank.folder / "bank.jsonl").read_text().splitlines()]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_measured_rt60_is_near_its_target_and_is_what_the_audio_says(bank: Bank) -> None:
    for row in rows(bank):
        audio, rate = soundfile.read(bank.folder / row["path"])
        assert rate == RATE
        assert measure_rt60(audio) == pytest.approx(row["rt60_s"], rel=0.01)
        assert row["rt60_s"] == pytest.approx(row["target_rt60_s"], rel=0.15)


def test_rt60_of_a_known_decay() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE)
    assert measure_rt60(noise * 10 ** (-3 * np.arange(RATE) / RATE / 0.6)) == pytest.approx(0.6, rel=0.02)


def test_absorption_matches_the_textbook_constant() -> None:
    # T60 = 0.161 V / (-S ln(1 - a)), in metric units
    absorption = eyring_absorption((6.0, 5.0, 3.0), 0.5)
    assert 0.161 * 90 / (-126 * np.log(1 - absorption)) == pytest.approx(0.5, rel=0.01)


def test_distance_is_that_of_the_geometry(bank: Bank) -> None:
    for row in rows(bank):
        source, microphone, size = (np.array(row[name]) for name in ("source_m", "microphone_m", "size_m"))
        assert np.linalg.norm(source - microphone) == pytest.approx(row["distance_m"], abs=2e-3)
        for place in (source, microphone):
            assert (place >= 0.5 - 1e-3).all()
            assert (place <= size - 0.5 + 1e-3).all()


def test_only_the_distance_changes_within_a_room(bank: Bank) -> None:
    of_room: dict[int, list[dict]] = {}
    for row in rows(bank):
        of_room.setdefault(row["room"], []).append(row)
    assert len(of_room) == 5
    for room in of_room.values():
        assert len({(str(row["size_m"]), str(row["source_m"]), row["target_rt60_s"]) for row in room}) == 1
        distances = [row["distance_m"] for row in room]
        assert distances == sorted(distances)
        # Farther off, the direct path carries less of the energy.
        shares = []
        for row in room:
            audio, _ = soundfile.read(bank.folder / row["path"])
            shares.append(np.sum(audio[: PRE_DIRECT + 20] ** 2) / np.sum(audio**2))
        assert shares[0] > shares[-1]


def test_direct_path_is_the_peak_so_that_lhotse_aligns_to_it(bank: Bank) -> None:
    for rir in bank.rirs:
        audio, _ = soundfile.read(rir.path)
        assert np.argmax(audio) == PRE_DIRECT
        assert audio[PRE_DIRECT] == pytest.approx(0.9, abs=1e-6)
        # No reflection can come before the direct path: what is there is the filter's ringing.
        assert np.abs(audio[: PRE_DIRECT - 16]).max() < 0.1


def test_recordings_need_no_opening_and_load(bank: Bank) -> None:
    rir = bank.rirs[0]
    assert rir.recording.load_audio().shape == (1, rir.samples)


def test_same_bytes_from_several_processes_and_after_a_kill(tmp_path: Path) -> None:
    make_bank(tmp_path / "a", SMALL, seed=1)
    make_bank(tmp_path / "b", SMALL, seed=1, jobs=2)

    class Killed(BaseException):
        pass

    def die(done: int, total: int) -> None:
        assert (done, total) == (1, 3)
        raise Killed

    with pytest.raises(Killed):
        make_bank(tmp_path / "c", SMALL, seed=1, progress=die)
    with pytest.raises(InputError, match="no finished RIR bank"):
        open_bank(tmp_path / "c")
    seen: list[int] = []
    make_bank(tmp_path / "c", SMALL, seed=1, progress=lambda done, total: seen.append(done))
    assert seen == [2, 3]
    assert content(tmp_path / "a") == content(tmp_path / "b") == content(tmp_path / "c")


def test_a_finished_bank_is_opened_not_made_again(bank: Bank) -> None:
    seed = rows(bank)[0]["seed"]
    spec = RirBankSpec(rooms=5, distances=4)
    assert make_bank(bank.folder, spec, seed, progress=lambda *_: pytest.fail("made again")) == bank
    with pytest.raises(InputError, match="another specification or seed"):
        make_bank(bank.folder, spec, seed + 1)


def test_rooms_of_a_role_are_never_used_by_another(bank: Bank) -> None:
    parts = [{rir.room for rir in bank.for_role(role).rirs} for role in ("train", "dev", "test")]
    assert [len(part) for part in parts] == [3, 1, 1]
    assert set.union(*parts) == {0, 1, 2, 3, 4}
    assert sum(len(bank.for_role(role)) for role in ("train", "dev", "test")) == len(bank)


def spoil_audio(folder: Path) -> None:
    path = folder / "room00001-0.flac"
    path.write_bytes(path.read_bytes()[:-100])


def spoil_field(folder: Path) -> None:
    path = folder / "bank.jsonl"
    path.write_text(path.read_text().replace('"distance_m"', '"distance"'))


def spoil_role(folder: Path) -> None:
    path = folder / "bank.jsonl"
    path.write_text(path.read_text().replace('"role": "test"', '"role": "tset"'))


def escape(folder: Path) -> None:
    path = folder / "bank.jsonl"
    path.write_text(path.read_text().replace('"path": "', '"path": "../'))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (spoil_audio, "room00001-0.flac: missing or cut short"),
        (spoil_field, "line 1 isn't an RIR"),
        (spoil_role, "field 'role': must be train, dev or test, not 'tset'"),
        (escape, "field 'path'"),
        (lambda folder: (folder / "bank.jsonl").write_text(""), "is empty"),
        (lambda folder: (folder / "bank.jsonl").write_text('{"id": "ro'), "line 1 isn't valid JSON"),
    ],
)
def test_broken_banks_are_named(tmp_path: Path, spoil: Callable[[Path], object], reason: str) -> None:
    make_bank(tmp_path, SMALL, seed=1)
    spoil(tmp_path)
    with pytest.raises(InputError, match=reason):
        open_bank(tmp_path)


def test_missing_bank(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no RIR bank here; describe one"):
        open_bank(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        make_bank(tmp_path / "file", SMALL, seed=1)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"roms": 3}, "field 'roms' is unknown; did you mean 'rooms'"),
        ({"rt60_s": [0.9, 0.2]}, r"rt60_s wants \[low, high\]"),
        ({"rt60_s": [0.01, 0.2]}, "between 0.1 and 3"),
        ({"width_m": [0.9, 2.0]}, "width_m leaves no room"),
        ({"source_height_m": [0.2, 1.0]}, "source_height_m"),
        ({"distance_m": [0.0, 2.0]}, "distance_m"),
    ],
)
def test_a_bad_specification_names_the_field(settings: dict, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_spec(settings)
