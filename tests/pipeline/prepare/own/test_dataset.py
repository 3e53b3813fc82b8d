"""Data sets of Hugging Face: on disk in every form, streamed, resumed, with names for the numbers of classes."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cryfish.files import sha256_of
from cryfish.pipeline.prepare.own import dataset as own_dataset

from ...conftest import cryfish
from . import own_data
from .own_data import CLIPS, FACTS, bad_of, cuts_of, facts_of

SAYS = ["--map", "mood=emotion", "--always", "language=en", "--name", "mine", "--jobs", 1]


def saved(folder: Path) -> Any:
    """The twenty clips as a data set in memory."""
    from datasets import load_from_disk

    own_data.hugging_face(folder)
    return load_from_disk(str(folder / "saved"))


def parquet(folder: Path) -> None:
    made = saved(folder / "made")
    (folder / "set" / "data").mkdir(parents=True)
    for split, chosen in (("train", range(15)), ("test", range(15, 20))):
        made.select(chosen).to_parquet(folder / "set" / "data" / f"{split}-00000-of-00001.parquet")


def arrow(folder: Path) -> None:
    from datasets import DatasetDict

    made = saved(folder / "made")
    DatasetDict({"train": made.select(range(15)), "test_other": made.select(range(15, 20))}).save_to_disk(
        str(folder / "set")
    )


def audio_folder(folder: Path) -> None:
    """AudioFolder with a table a split: the files are used where they are."""
    own_data.audio(folder / "made")
    for split, clips in (("train", CLIPS[:15]), ("test", CLIPS[15:])):
        (folder / "set" / split).mkdir(parents=True)
        lines = []
        for clip in clips:
            name = f"{clip['clip']}.wav"
            shutil.copy(folder / "made" / "wavs" / name, folder / "set" / split / name)
            lines.append(json.dumps({"file_name": name, **clip}))
        (folder / "set" / split / "metadata.jsonl").write_text("\n".join(lines))


@pytest.mark.parametrize("make", [parquet, arrow, audio_folder])
def test_every_form_gives_cuts_with_the_published_splits(make: Any, tmp_path: Path) -> None:
    make(tmp_path)
    out = tmp_path / "mine"
    code, told = cryfish("prepare", "--dataset", tmp_path / "set", *SAYS, out)
    assert code == 0, told
    facts = {facts["text"]: facts for facts in map(facts_of, cuts_of(out).values())}
    assert facts == {told["text"]: told for told in FACTS.values()}
    assert sorted(path.name for path in out.glob("*.gz")) == ["test.cuts.jsonl.gz", "train.cuts.jsonl.gz"]
    assert sum(cut["custom"]["split"] == "test" for cut in cuts_of(out).values()) == 5
    copied = list((tmp_path / "mine.audio").rglob("*.wav"))
    assert len(copied) == (0 if make is audio_folder else 20), "files on disk aren't copied"
    written = [path.stat().st_mtime_ns for path in copied]
    assert cryfish("prepare", "--dataset", tmp_path / "set", *SAYS, out)[0] == 0
    assert [path.stat().st_mtime_ns for path in copied] == written


def test_an_audio_folder_of_classes_is_a_folder(tmp_path: Path) -> None:
    own_data.audio(tmp_path / "made")
    for clip in CLIPS:
        mood = own_data.MOODS[clip["mood"]]
        (tmp_path / "set" / mood).mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / "made" / "wavs" / f"{clip['clip']}.wav", tmp_path / "set" / mood)
    code, told = cryfish(
        "prepare", "--dataset", tmp_path / "set", "--name", "mine", tmp_path / "mine", "--jobs", 1
    )
    assert code == 0, told
    assert "columns used: folder as emotion" in told
    assert {facts_of(cut)["emotion"] for cut in cuts_of(tmp_path / "mine").values()} == set(
        own_data.MOODS.values()
    )


def test_what_was_stopped_goes_on_and_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_data.hugging_face(tmp_path)
    whole = own_dataset.unpack(str(tmp_path / "saved"), None, tmp_path / "whole.audio")
    write = own_dataset._write
    written: list[Any] = []

    def stopped(*arguments: Any) -> None:
        if len(written) == 7:
            raise KeyboardInterrupt
        written.append(arguments)
        write(*arguments)

    monkeypatch.setattr(own_dataset, "_write", stopped)
    with pytest.raises(KeyboardInterrupt):
        own_dataset.unpack(str(tmp_path / "saved"), None, tmp_path / "mine.audio")
    assert not (tmp_path / "mine.audio").exists()
    half = tmp_path / ".cryfish-part-mine.audio" / own_dataset.TABLE
    half.write_bytes(half.read_bytes()[:-5])

    def counted(*arguments: Any) -> None:
        written.append(arguments)
        write(*arguments)

    monkeypatch.setattr(own_dataset, "_write", counted)
    resumed = own_dataset.unpack(str(tmp_path / "saved"), None, tmp_path / "mine.audio")
    assert sha256_of(resumed) == sha256_of(whole)
    assert len(written) == 7 + 14, "only the row that was cut short is written again"


def test_a_proposal_writes_nothing_and_rows_without_audio_are_quarantined(tmp_path: Path) -> None:
    from datasets import Audio, Dataset

    own_data.audio(tmp_path / "made")
    data = (tmp_path / "made" / "wavs" / "anna_0.wav").read_bytes()
    rows = [{"speech": {"bytes": data, "path": None}, "speaker": n % 2, "split": "x"} for n in range(6)]
    rows.append({"speech": None, "speaker": 1, "split": "x"})
    Dataset.from_list(rows).cast_column("speech", Audio(decode=False)).save_to_disk(str(tmp_path / "set"))
    code, told = cryfish("prepare", "--dataset", tmp_path / "set", "--propose", tmp_path / "mine")
    assert code == 0, told
    assert "  speech: audio" in told
    assert not (tmp_path / "mine.audio").exists()
    code, told = cryfish(
        "prepare", "--dataset", tmp_path / "set", "--name", "mine", tmp_path / "mine", "--jobs", 1
    )
    assert code == 0, told
    assert list(bad_of(tmp_path / "mine").values()) == [
        "no column says which file it is (clips.jsonl, line 7)"
    ]


def test_a_file_that_is_damaged_is_one_sentence_and_the_rest_is_kept(tmp_path: Path) -> None:
    parquet(tmp_path)
    broken = tmp_path / "set" / "data" / "test-00000-of-00001.parquet"
    good = broken.read_bytes()
    broken.write_bytes(b"PAR1 and nothing else")
    code, told = cryfish("prepare", "--dataset", tmp_path / "set", *SAYS, tmp_path / "mine")
    assert code == 2, told
    assert "can't be read to its end" in told
    assert not (tmp_path / "mine").exists()
    broken.write_bytes(good)
    code, told = cryfish("prepare", "--dataset", tmp_path / "set", *SAYS, tmp_path / "mine")
    assert code == 0, told
    assert len(cuts_of(tmp_path / "mine")) == 20
