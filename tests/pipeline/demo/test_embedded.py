"""The embedded corpus: the same bytes however it is made, honest labels, splits that share nothing."""

import csv
import io
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cryfish.errors import InputError
from cryfish.pipeline.demo import embedded
from cryfish.pipeline.demo.noises import SOUNDS, make_sound
from cryfish.pipeline.demo.phrases import PHRASES, TRAIN_PHRASES

pytest.importorskip("espeakng_loader")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """One speaker a split (the breathy voices, which draw noise) and one sound a class and split."""
    chosen = {"f-f5", "f-f2", "m-victor"}
    speakers = tuple(speaker for speaker in embedded._speakers() if speaker.name in chosen)
    monkeypatch.setattr(embedded, "_speakers", lambda: speakers)
    monkeypatch.setattr(embedded, "NOISES_PER_CLASS", {"train": 1, "dev": 1, "test": 1})


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("few")
def test_the_bytes_depend_on_neither_the_workers_nor_the_folder(tmp_path: Path) -> None:
    embedded.make_embedded(tmp_path / "one", workers=1)
    embedded.make_embedded(tmp_path / "a longer name, with blanks", workers=3)
    first, second = _contents(tmp_path / "one"), _contents(tmp_path / "a longer name, with blanks")
    assert first == second
    wavs = [content for name, content in first.items() if name.endswith(".wav")]
    assert len(set(wavs)) == len(wavs) == len(PHRASES) * (TRAIN_PHRASES + 6 + 6) + 3 * len(SOUNDS)


@pytest.mark.usefixtures("few")
def test_what_the_tables_say_lies_in_the_folder(tmp_path: Path) -> None:
    phrases, noises = embedded.make_embedded(tmp_path)
    for table in (phrases / "utterances.tsv", noises / "noises.tsv"):
        rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")), delimiter="\t"))
        assert {row["path"] for row in rows} == {
            path.relative_to(table.parent).as_posix() for path in table.parent.rglob("*.wav")
        }
        for row in rows:
            audio, rate = soundfile.read(table.parent / row["path"])
            assert 1.0 < len(audio) / rate < 7.0
            assert 0.05 < np.abs(audio).max() <= 1.0
    for folder in (phrases, noises):
        assert (folder / "README").is_file()
        assert "CC0" in (folder / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.usefixtures("few")
def test_a_second_call_keeps_what_is_there_and_a_failure_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "PHRASES", {"xx-none": PHRASES["en"]})
    with pytest.raises(InputError, match="espeak-ng has no voice 'xx-none"):
        embedded.make_embedded(tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(embedded, "PHRASES", {"en": PHRASES["en"]})
    phrases, _ = embedded.make_embedded(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert embedded.make_embedded(tmp_path)[0] == phrases
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_without_espeak_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install espeakng-loader"):
        embedded.make_embedded(tmp_path)


def test_splits_share_no_voice_and_hold_both_genders() -> None:
    speakers = embedded._speakers()
    assert len({speaker.name for speaker in speakers}) == len({s.variant for s in speakers}) == 24
    for split, count in (("train", 14), ("dev", 2), ("test", 8)):
        genders = [speaker.gender for speaker in speakers if speaker.split == split]
        assert genders.count("female") == genders.count("male") == count // 2


def test_the_declared_gender_is_that_of_the_variant() -> None:
    module = pytest.importorskip("espeakng_loader")
    variants = Path(module.get_data_path()) / "voices" / "!v"
    for speaker in embedded._speakers():
        lines = (variants / speaker.variant).read_text(encoding="utf-8").lower().splitlines()
        declared = next(line.split()[1] for line in lines if line.startswith("gender"))
        assert declared == speaker.gender


def test_sentences_are_many_distinct_and_of_equal_number() -> None:
    assert len(PHRASES) == 8
    assert {len(sentences) for sentences in PHRASES.values()} == {20}
    everything = [sentence for sentences in PHRASES.values() for sentence in sentences]
    assert len(set(everything)) == len(everything)
    assert all(sentence == " ".join(sentence.split()) for sentence in everything)


@pytest.mark.parametrize("name", SOUNDS)
def test_sounds_of_a_class_vary_but_never_clip(name: str) -> None:
    first, second = (make_sound(name, np.random.default_rng(seed), 3.0, 16_000) for seed in (1, 2))
    assert first.dtype == np.int16
    assert first.shape == (48_000,)
    assert not np.array_equal(first, second)
    assert 0.2 * 32767 < np.abs(first).max() < 32767
    assert np.sqrt(np.mean(np.square(first / 32768))) > 0.002


def test_a_crash_of_espeak_names_the_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(InputError, match=r"espeak-ng failed for the voice .*exit code 1"):
        embedded.make_embedded(tmp_path)
