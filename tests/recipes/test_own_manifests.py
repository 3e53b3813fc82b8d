"""Lhotse manifests and Kaldi folders of own data: what can be used becomes clips, what can't says why."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import (
    AudioSource,
    CutSet,
    MonoCut,
    MultiCut,
    Recording,
    RecordingSet,
    SupervisionSegment,
    SupervisionSet,
)

from cryfish.errors import InputError
from cryfish.pipeline.prepare.own.cutsets import manifest_rows
from cryfish.pipeline.prepare.own.describe import Asked, describe
from cryfish.pipeline.prepare.own.kaldi import kaldi_rows
from cryfish.pipeline.prepare.own.mapping import ColumnMap
from cryfish.pipeline.prepare.own.own_data import Own
from cryfish.pipeline.prepare.own.proposal import propose
from cryfish.pipeline.prepare.own.recipe import own_recipe
from cryfish.pipeline.prepare.own.row import Row
from cryfish.recipes.kit.corpus import BadClip, Clip
from cryfish.recipes.kit.cuts import cut_from_clip


def record(folder: Path, name: str, seconds: float = 2.0, channels: int = 1) -> Recording:
    path = folder / f"{name}.wav"
    samples = np.random.default_rng(1).uniform(-0.1, 0.1, (round(8000 * seconds), channels))
    soundfile.write(path, samples, 8000)
    return Recording.from_file(path, recording_id=name)


def say(name: str, recording: str, start: float, duration: float, **said: Any) -> SupervisionSegment:
    return SupervisionSegment(id=name, recording_id=recording, start=start, duration=duration, **said)


def clips_of(kind: Any, *places: Path) -> tuple[dict[str, Clip], dict[str, str]]:
    """Good clips by id, and the reasons of bad ones."""
    own = Own("mine", kind, places, places[0].parent)
    columns = propose(own.sample(), ColumnMap()).columns
    found = list(
        own_recipe(Own("mine", kind, places, places[0].parent, columns=columns)).found(places[0].parent)
    )
    good = {clip.id: clip for clip in found if isinstance(clip, Clip)}
    return good, {bad.clip_id: bad.reason for bad in found if isinstance(bad, BadClip)}


def test_recordings_and_their_supervisions_are_clips(tmp_path: Path) -> None:
    whole, talk = record(tmp_path, "whole"), record(tmp_path, "talk", 4.0)
    RecordingSet.from_recordings([whole, talk]).to_file(tmp_path / "x_recordings_train.jsonl.gz")
    spoken = [
        say("talk-2", "talk", 2.5, 1.0, text="two", speaker="b", custom={"emotion": "sad"}),
        say("talk-1", "talk", 0.5, 1.0, text="one", speaker="a"),
        say("whole-1", "whole", 0.0, 2.0, text="all", speaker="a", gender="F", language="English"),
        say("lost-1", "lost", 0.0, 2.0, text="nowhere"),
    ]
    SupervisionSet.from_segments(spoken).to_file(tmp_path / "x_supervisions_train.jsonl.gz")
    good, bad = clips_of("manifest", tmp_path / "x_recordings_train.jsonl.gz")
    assert set(good) == {"talk-1", "talk-2", "whole-1"}
    assert (good["talk-2"].start, good["talk-2"].duration) == (2.5, 1.0)
    assert good["talk-2"].facts["emotion"] == "sad"
    assert good["talk-1"].facts["source"] == good["talk-2"].facts["source"]
    assert (good["whole-1"].start, good["whole-1"].duration) == (0.0, None)
    assert good["whole-1"].facts == {"text": "all", "speaker": "a", "gender": "female", "language": "en"}
    assert bad == {"lost-1": "x_recordings_train.jsonl.gz has no recording lost"}
    with pytest.raises(InputError, match="holds supervisions; name the manifest of their recordings"):
        list(manifest_rows(tmp_path / "x_supervisions_train.jsonl.gz"))


def test_cuts_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    plain, stereo = record(tmp_path, "plain"), record(tmp_path, "stereo", channels=2)
    one = MonoCut("one", 0.5, 1.0, 0, [say("s", "plain", 0.0, 1.0, text="one")], recording=plain)
    two = [say("first", "plain", 0.0, 0.6, text="a"), say("second", "plain", 0.9, 0.6, text="b")]
    crossed = [say("left", "plain", 0.0, 0.9, text="a"), say("right", "plain", 0.5, 0.9, text="b")]
    command = Recording("made", [AudioSource("command", [0], "sox x -t wav -")], 8000, 16000, 2.0)
    sides = [
        say("side0", "stereo", 0.0, 1.0, channel=0, text="l"),
        say("side1", "stereo", 0.5, 1.0, channel=1, text="r"),
    ]
    cuts = [
        one,
        MonoCut("both", 0.0, 2.0, 0, two, recording=plain),
        MonoCut("talking", 0.0, 2.0, 0, crossed, recording=plain),
        MonoCut("right", 0.0, 2.0, 1, [say("r", "stereo", 0.0, 2.0, channel=1, text="x")], recording=stereo),
        MultiCut("sides", 0.0, 2.0, [0, 1], sides, recording=stereo),
        one.pad(3.0).with_id("padded"),
        one.perturb_speed(1.1).with_id("faster"),
        MonoCut("commanded", 0.0, 2.0, 0, [], recording=command),
        MonoCut("bare", 0.0, 2.0, 0, []),
    ]
    CutSet.from_cuts(cuts).to_file(tmp_path / "cuts.jsonl")
    good, bad = clips_of("manifest", tmp_path / "cuts.jsonl")
    assert set(good) == {"one", "first", "second", "right", "side0", "side1"}
    assert (good["one"].start, good["one"].duration, good["one"].channel) == (0.5, 1.0, None)
    assert (good["second"].start, good["second"].duration) == (0.9, 0.6)
    assert [good[name].channel for name in ("right", "side0", "side1")] == [1, 0, 1]
    corpus = own_recipe(Own("mine", "manifest", (tmp_path,), tmp_path)).corpus
    cut = cut_from_clip(good["side1"], corpus, tmp_path)
    assert (cut.channel, cut.supervisions[0].channel, cut.supervisions[0].text) == (1, 1, "r")
    for name, reason in {
        "left": "two speak at once",
        "padded": "is a mix",
        "faster": "changed on the fly",
        "commanded": "commands of data are never run",
        "bare": "has no recording",
    }.items():
        assert reason in bad[name]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("- id: x\n", "isn't JSON"),
        ('{"a": 1}\n', "isn't a Lhotse manifest"),
    ],
)
def test_what_is_no_manifest_is_one_sentence(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "cuts.jsonl").write_text(content)
    with pytest.raises(InputError, match=message):
        list(manifest_rows(tmp_path / "cuts.jsonl"))


@pytest.mark.parametrize("where", ["cut", "recording", "supervision"])
@pytest.mark.parametrize("value", [None, "x", [], [1], {}, {"a": [1]}, True, float("inf"), float("nan"), 7])
def test_a_field_of_another_form_costs_its_cut_and_no_more(where: str, value: Any, tmp_path: Path) -> None:
    """Whatever stands in whatever field: the other clips stay, and this one is a clip or says why it is none."""
    whole = record(tmp_path, "whole")
    cuts = [
        MonoCut(f"c{number}", 0.5, 1.0, 0, [say("s", "whole", 0.0, 1.0)], recording=whole).to_dict()
        for number in range(2)
    ]
    parts = {"cut": cuts[0], "recording": cuts[0]["recording"], "supervision": cuts[0]["supervisions"][0]}
    for name in [*parts[where], "custom"]:
        changed = json.loads(json.dumps(cuts[0]))
        part = {
            "cut": changed,
            "recording": changed["recording"],
            "supervision": changed["supervisions"][0],
        }[where]
        part[name] = value
        (tmp_path / "cuts.jsonl").write_text(f"{json.dumps(changed)}\n{json.dumps(cuts[1])}\n")
        good, bad = clips_of("manifest", tmp_path / "cuts.jsonl")
        assert "c1" in good, name
        assert len(good) + len(bad) == 2, name


def test_relative_audio_is_found_though_the_first_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "lists"
    folder.mkdir(parents=True)
    lines = [json.dumps({"audio_filepath": f"wavs/{name}.wav"}) for name in ("lost", "here")]
    (folder / "train.json").write_text("\n".join(lines))
    (tmp_path / "data" / "wavs").mkdir()
    record(tmp_path / "data" / "wavs", "here")
    asked = Asked("mine", "nemo", (folder / "train.json",))
    assert describe(asked).own.home == tmp_path / "data"


def kaldi(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def test_a_kaldi_folder_without_segments(tmp_path: Path) -> None:
    record(tmp_path, "u1")
    data = kaldi(
        tmp_path / "train",
        wav_scp=f"u1 {tmp_path}/u1.wav\nu2 sox x.flac -t wav - |\nu3 feats.ark:27\n",
        text="u1 hello  there\nu2 b\nu3 c\nu9 lost\n",
        utt2spk="u1 s1\nu2 s1\nu3 s1\n",
        spk2gender="s1 f\n",
        utt2lang="u1 deu\nu2 deu\nu3 deu\n",
        utt2room="u1 kitchen\nu2 kitchen\nu3 kitchen\n",
    )
    good, bad = clips_of("kaldi", data)
    assert good["u1"].facts == {
        "text": "hello there",
        "speaker": "s1",
        "gender": "female",
        "language": "de",
        "room": "kitchen",
    }
    assert "is a command, and commands of data are never run" in bad["u2"]
    assert "is a place in an archive" in bad["u3"]
    assert bad["u9"] == "text names it, but wav.scp doesn't"


def test_a_kaldi_folder_whose_files_do_not_fit_together(tmp_path: Path) -> None:
    record(tmp_path, "r")
    data = kaldi(
        tmp_path / "d",
        wav_scp=f"r {tmp_path}/r.wav\n",
        segments="a r 0.0 1.0\nb r 1.0 -1\nc r\nd nowhere 0 1\ne r 0 1\nf r 0 1\n",
        utt2spk="a s\nb s\nc s\nd s\ne s\nf s\nf t\n",
        text="a A\nb B\nc C\nd D\nf F\n",
    )
    good, bad = clips_of("kaldi", data)
    assert set(good) == {"a", "b"}
    assert (good["b"].start, good["b"].duration) == (1.0, None)
    assert bad == {
        "c": "segments says 'r' of it, not RECORDING START END",
        "d": "wav.scp says nothing of nowhere",
        "e": "text says nothing of e",
        "f": "utt2spk says two things of f",
    }
    with pytest.raises(InputError, match=r"no wav\.scp here"):
        list(kaldi_rows(tmp_path))


def test_a_speaker_for_every_utterance_is_none(tmp_path: Path) -> None:
    names = ("u1", "u2", "u3")
    data = kaldi(
        tmp_path / "d",
        wav_scp="".join(f"{name} {name}.wav\n" for name in names),
        utt2spk="".join(f"{name} {name}\n" for name in names),
    )
    proposal = propose(Own("mine", "kaldi", (data,), data).sample(), ColumnMap())
    assert {column.target for column in proposal.columns.columns.values()} == {"id", "audio"}
    assert proposal.unsure["speaker"] == "is the clip's own name, so no speaker is known"


def test_rows_of_a_kaldi_folder_are_in_its_order(tmp_path: Path) -> None:
    data = kaldi(tmp_path / "d", wav_scp="".join(f"u{number} {number}.wav\n" for number in (3, 1, 2)))
    assert [row.values["id"] for row in kaldi_rows(data) if isinstance(row, Row)] == ["u3", "u1", "u2"]
