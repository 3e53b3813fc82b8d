import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from pyroomacoustics.experimental import measure_rt60 as measured_by_another

from cryfish.constants import SAMPLE_RATE
from cryfish.errors import InputError
from cryfish.pipeline.rirs.bank import make_bank
from cryfish.pipeline.rirs.rirs import Bank, direct_to_reverberant_db, open_bank
from cryfish.pipeline.rirs.simulated import PRE_DIRECT, eyring_absorption, measure_rt60
from cryfish.pipeline.rirs.specification import RirBankSpec, read_spec

SMALL = RirBankSpec(rooms=3, distances=2, rt60_s=(0.2, 0.3))


def rows(bank: Bank) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bank.folder / "bank.jsonl").read_text().splitlines()]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def audio_of(bank: Bank, row: dict[str, Any]) -> np.ndarray:
    audio, rate = soundfile.read(bank.folder / row["path"], always_2d=True)
    assert rate == SAMPLE_RATE
    return np.asarray(audio[:, row["channel"]])


def test_another_measurement_of_the_stored_audio_finds_the_same_rt60(tmp_path: Path) -> None:
    bank = make_bank(tmp_path, RirBankSpec(rooms=12), seed=0, jobs=2)
    found = np.array(
        [measured_by_another(audio_of(bank, row), SAMPLE_RATE, decay_db=30) for row in rows(bank)]
    )
    label = np.array([row["rt60_s"] for row in rows(bank)])
    target = np.array([row["target_rt60_s"] for row in rows(bank)])
    assert len(found) == 60
    assert np.abs(found / label - 1).max() < 0.03
    assert np.mean(np.abs(found / target - 1) < 0.1) >= 0.95
    assert target.min() < 0.4 < 0.8 < target.max()


def test_rt60_of_a_known_decay() -> None:
    noise = np.random.default_rng(0).standard_normal(SAMPLE_RATE)
    assert measure_rt60(noise * 10 ** (-3 * np.arange(SAMPLE_RATE) / SAMPLE_RATE / 0.6)) == pytest.approx(
        0.6, rel=0.02
    )


def test_no_rt60_is_told_of_what_ends_before_it_has_decayed() -> None:
    assert np.isnan(measure_rt60(np.ones(100)))


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
    of_room: dict[str, list[dict[str, Any]]] = {}
    for row in rows(bank):
        of_room.setdefault(row["room"], []).append(row)
    assert len(of_room) == 5
    for room in of_room.values():
        assert len({(str(row["size_m"]), str(row["source_m"]), row["target_rt60_s"]) for row in room}) == 1
        distances = [row["distance_m"] for row in room]
        assert distances == sorted(distances)
        # Farther off, the direct path carries less of the energy.
        ratios = [direct_to_reverberant_db(audio_of(bank, row)) for row in room]
        assert ratios == pytest.approx([row["drr_db"] for row in room], abs=0.01)
        assert ratios[0] > ratios[-1]
        for row in room:
            energy = audio_of(bank, row) ** 2
            early = int(np.argmax(energy)) + SAMPLE_RATE // 20
            clarity = 10 * np.log10(energy[:early].sum() / energy[early:].sum())
            assert row["c50_db"] == pytest.approx(clarity, abs=0.01)


def test_direct_path_is_the_highest_sample_so_that_lhotse_aligns_to_it(bank: Bank) -> None:
    for row in rows(bank):
        audio = audio_of(bank, row)
        assert np.argmax(audio) == PRE_DIRECT
        # No reflection can come before the direct path: what is there is the filter's ringing.
        assert np.abs(audio[: PRE_DIRECT - 16]).max() < 0.1


def test_direct_path_has_the_same_energy_at_any_distance(bank: Bank) -> None:
    # Up to the first reflection, which a clearance of half a metre keeps a few samples off.
    energies = [np.sum(audio_of(bank, row)[: PRE_DIRECT + 8] ** 2) for row in rows(bank)]
    assert 10 * np.log10(np.array(energies) / 0.9**2) == pytest.approx(0, abs=0.5)


def test_recordings_need_no_opening_and_load_as_the_mapped_ones(bank: Bank) -> None:
    for rir in bank.rirs:
        loaded = rir.recording.load_audio()
        assert loaded.shape == (4, rir.samples)
        np.testing.assert_array_equal(loaded[rir.channel], rir.load())


def test_same_bytes_from_several_processes_and_after_a_kill(tmp_path: Path) -> None:
    make_bank(tmp_path / "a", SMALL, seed=1)
    make_bank(tmp_path / "b", SMALL, seed=1, jobs=2)

    class Killed(BaseException):
        pass

    def die(done: int, total: int) -> None:
        assert total == 6
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        make_bank(tmp_path / "c", SMALL, seed=1, progress=die)
    with pytest.raises(InputError, match="no finished RIR bank"):
        open_bank(tmp_path / "c")
    seen: list[int] = []
    make_bank(tmp_path / "c", SMALL, seed=1, progress=lambda done, total: seen.append(done))
    assert seen == [2, 4, 6]
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
    assert set.union(*parts) == {f"room0000{number}" for number in range(5)}
    assert sum(len(bank.for_role(role)) for role in ("train", "dev", "test")) == len(bank)


def spoil_audio(folder: Path) -> None:
    path = folder / "room00001.wav"
    path.write_bytes(path.read_bytes()[:-100])


def spoil_field(folder: Path) -> None:
    path = folder / "bank.jsonl"
    path.write_text(path.read_text().replace('"distance_m"', '"distance"'))


def spoil_role(folder: Path) -> None:
    path = folder / "bank.jsonl"
    path.write_text(path.read_text().replace('"role":"test"', '"role":"tset"'))


def escape(folder: Path) -> None:
    path = folder / "bank.jsonl"
    path.write_text(path.read_text().replace('"path":"', '"path":"../'))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / "room00001.wav").unlink(), "room00001.wav: missing or cut short"),
        (spoil_audio, "room00001.wav: missing or cut short"),
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
    with pytest.raises(InputError, match="no RIR bank here; make one with"):
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
        ({"width_m": [2.0, 4.0], "wall_clearance_m": 0.95}, "width_m leaves no room"),
        ({"source_height_m": [0.2, 1.0]}, "source_height_m"),
        ({"distance_m": [0.0, 2.0]}, "distance_m"),
        ({"distance_m": [1.0, 50.0]}, "field 'distance_m': must be between 0.1 and 20, found 50"),
        ({"width_m": [1.5, 4.0]}, "field 'width_m': must be between 2 and 50, found 1.5"),
        ({"recorded": ["but_reverbdb", "but_reverbdb"]}, "twice"),
    ],
)
def test_a_bad_specification_names_the_field(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_spec(settings)


def cryfish(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cryfish", "rirs", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_makes_a_bank_and_tells_what_is_in_it(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("{rooms: 50, distances: 2, rt60_s: [0.2, 0.3]}\n")
    out = cryfish(tmp_path / "bank", "--rooms", 3, "--spec", spec, "--seed", 1, "--jobs", 1)
    assert out.returncode == 0, out.stderr
    assert "3 rooms, 6 impulse responses, 2 train, 2 dev, 2 test" in out.stdout
    assert "RIR/s" in out.stderr
    again = cryfish(tmp_path / "bank", "--rooms", 3, "--spec", spec, "--seed", 1)
    assert (again.returncode, again.stdout, again.stderr) == (0, out.stdout, "")
    make_bank(tmp_path / "called", SMALL, seed=1)
    assert content(tmp_path / "bank") == content(tmp_path / "called")


def test_the_command_goes_on_after_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cryfish", "rirs", str(tmp_path / "a"), "--rooms", "40", "--jobs", "2"]
    killed = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while killed.poll() is None and len(list(tmp_path.glob("a/.cryfish-rooms/room*.json"))) < 4:
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    assert not (tmp_path / "a" / "bank.jsonl").exists()
    # A room is done once its note is written; the sound of one that was under way is made again.
    done = [tmp_path / "a" / f"{note.stem}.wav" for note in tmp_path.glob("a/.cryfish-rooms/room*.json")]
    kept = {path: path.stat().st_mtime_ns for path in done}
    assert kept
    assert cryfish(tmp_path / "a", "--rooms", 40, "--jobs", 1).returncode == 0
    assert kept == {path: path.stat().st_mtime_ns for path in kept}
    assert cryfish(tmp_path / "b", "--rooms", 40, "--jobs", 2).returncode == 0
    assert content(tmp_path / "a") == content(tmp_path / "b")


@pytest.mark.parametrize(
    ("spec", "arguments", "reason"),
    [
        ("[1, 2]", [], "must hold fields such as"),
        ("{roms: 3}", [], "spec.yaml: field 'roms' is unknown; did you mean 'rooms'"),
        ("{}", ["--rooms", 1], "field 'rooms'"),
        ("{}", ["--recorded", "rir_files"], "must be CORPUS=FOLDER"),
        ("{}", ["--recorded", "rir_files=nowhere"], "nowhere: no cut manifest"),
        ("{}", ["--recorded", "rir_fils=nowhere"], "rir_files"),
        ("{recorded: [but_reverbdb]}", [], "say --recorded but_reverbdb=FOLDER too"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path: Path, spec: str, arguments: list[str], reason: str) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(spec)
    out = cryfish(tmp_path / "bank", "--spec", path, *arguments)
    assert out.returncode == 2
    assert reason in out.stderr
    assert len(out.stderr.splitlines()) == 1
    assert not (tmp_path / "bank").exists()
