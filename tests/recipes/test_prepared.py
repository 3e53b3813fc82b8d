"""What `prepare` makes of corpora that hold less, more or something else than expected."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from cryfish.errors import InputError
from cryfish.files import read_json, read_jsonl, tree_signature
from cryfish.pipeline.audio.manifests import find_manifests, read_cuts
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.prepare import prepare, probe
from cryfish.pipeline.prepare.prepare import prepare_corpus
from cryfish.pipeline.prepare.probe import Probed
from cryfish.pipeline.prepare.resumable import ResumableFolder
from cryfish.pipeline.prepare.selection import Selection
from cryfish.recipes.kit.registry import Recipe, corpora, recipe

Miniature = Callable[[str], Path]
NAMES = sorted(corpora())


def prepared(name: str, folder: Path, out: Path, **options: Any) -> dict[str, Any]:
    return prepare_corpus(name, folder, out, engine=Engine(), **options)


def ids(out: Path) -> set[str]:
    return {cut.id for path in find_manifests(out) for cut in read_cuts(path)}


@pytest.mark.parametrize("asked", [None, 0.01])
def test_a_corpus_may_hold_more_hours_than_declared_or_asked(
    miniature: Miniature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: float | None
) -> None:
    folder = miniature("fsdd")
    noise = np.random.default_rng(0).integers(-90, 90, 8000 * 60 * 33, np.int16) * 256
    names = sorted(path.name for path in (folder / "recordings").iterdir() if path.name[0].isdigit())
    soundfile.write(folder / "recordings" / names[0], noise.astype(np.int16), 8000, subtype="PCM_U8")

    def small(name: str) -> Recipe:
        found = recipe(name)
        return replace(found, corpus=replace(found.corpus, hours=asked or 0.01))

    monkeypatch.setattr(prepare, "recipe", small)
    monkeypatch.setattr(probe, "CHUNK", 1)
    summary = prepared("fsdd", folder, tmp_path / "out", max_bad=1, selection=Selection(hours=asked))
    assert summary["hours"] == pytest.approx(0.55, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_a_corpus_without_its_audio_is_refused(name: str, miniature: Miniature, tmp_path: Path) -> None:
    folder = miniature(name)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".wav", ".flac", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".sph"):
            path.unlink()
    with pytest.raises(InputError) as problem:
        prepared(name, folder, tmp_path / "out", max_bad=1)
    assert str(folder) in str(problem.value)
    assert not (tmp_path / "out").exists()
    assert len(str(problem.value).splitlines()) == 1


def test_no_clip_at_all_says_what_was_looked_for_and_what_lies_there(
    miniature: Miniature, tmp_path: Path
) -> None:
    folder = miniature("audiocaps")
    (folder / "audio").rename(folder / "sounds")
    with pytest.raises(InputError) as problem:
        prepared("audiocaps", folder, tmp_path / "out")
    message = str(problem.value)
    assert "none of 5 clips of AudioCaps can be used (2 of them: the file is missing" in message
    assert "looked for at audio/train/r1nicOVtvkQ.wav, and the folder holds dataset, sounds" in message
    told = [record["reason"] for record in read_jsonl(tmp_path / "out.quarantine.jsonl")]
    assert told.count("the file is missing") == 2


def test_two_bad_clips_and_no_other_are_not_tolerated(miniature: Miniature, tmp_path: Path) -> None:
    folder = miniature("esc50")
    for path in folder.rglob("*.wav"):
        path.write_bytes(b"")
    with pytest.raises(InputError, match=r"none of [0-9]+ clips of ESC-50 .*the file is empty"):
        prepared("esc50", folder, tmp_path / "out")


def test_a_selection_of_nothing_names_what_lies_there(miniature: Miniature, tmp_path: Path) -> None:
    folder = miniature("wavefake")
    with pytest.raises(InputError, match=r"no clip of .* found here \(it holds .*\); check .*--split"):
        prepared("wavefake", folder, tmp_path / "o", selection=Selection(hours=1e-9))


def test_meld_as_its_inner_archives_unpack(miniature: Miniature, tmp_path: Path) -> None:
    folder = miniature("meld")
    prepared("meld", folder, tmp_path / "before", max_bad=1)
    raw = folder / "MELD.Raw"
    for split, inner in (("train", "train_splits"), ("test", "output_repeated_splits_test")):
        (raw / split).mkdir()
        (raw / inner).rename(raw / split / inner)
    prepared("meld", folder, tmp_path / "nested", max_bad=1)
    (raw / "train_sent_emo.csv").rename(raw / "train" / "train_sent_emo.csv")
    prepared("meld", raw, tmp_path / "inner", max_bad=1)
    assert ids(tmp_path / "before") == ids(tmp_path / "nested") == ids(tmp_path / "inner")
    assert len(ids(tmp_path / "before")) == 2


@pytest.mark.parametrize("place", ["audios/{0}/{0}_part{1}", "{0}_part{1}", "audio/{0}/part{1}"])
def test_audioset_in_parts(miniature: Miniature, write_audio: Any, tmp_path: Path, place: str) -> None:
    folder = miniature("audioset")
    rows = [f'{video}, 0.000, 10.000, "/m/09x0r"' for video in ("aaaaaaaaaaa", "bbbbbbbbbbb", "ccccccccccc")]
    (folder / "unbalanced_train_segments.csv").write_text("# remarks\n" + "\n".join(rows) + "\n")
    for part, video in (("00", "aaaaaaaaaaa"), ("01", "ccccccccccc"), ("40", "bbbbbbbbbbb")):
        write_audio(folder / place.format("unbalanced_train_segments", part) / f"Y{video}.wav")
    summary = prepared("audioset", folder, tmp_path / "out", max_bad=1)
    assert summary["splits"]["unbalanced_train"]["clips"] == 3


def test_audiocaps_named_after_their_numbers(miniature: Miniature, write_audio: Any, tmp_path: Path) -> None:
    folder = miniature("audiocaps")
    prepared("audiocaps", folder, tmp_path / "before")
    for path in folder.rglob("*.[wf][al]*"):
        path.unlink()
    write_audio(folder / "audio" / "train" / "91139.ogg")
    # The first of the two captions' copies wasn't downloaded.
    write_audio(folder / "audio" / "val" / "97152.ogg")
    prepared("audiocaps", folder, tmp_path / "numbers")
    assert ids(tmp_path / "numbers") == ids(tmp_path / "before")


def _conversation(folder: Path, write_audio: Callable[..., Path]) -> None:
    """A silent and a garbage segment, one of no subset, and a good one, as GigaSpeech has them."""
    times = {"A_S1": "HELLO <PERIOD>", "A_S2": "<SIL>", "A_S3": "<OTHER>", "A_S4": "NO SUBSET"}
    segments = [
        {
            "sid": sid,
            "begin_time": place,
            "end_time": place + 0.5,
            "text_tn": text,
            "subsets": [] if sid == "A_S4" else ["{XS}"],
        }
        for place, (sid, text) in enumerate(times.items())
    ]
    audios = [{"path": "a.wav", "aid": "A", "segments": segments}]
    (folder / "GigaSpeech.json").write_text(json.dumps({"audios": audios}))
    write_audio(folder / "a.wav", seconds=5.0, rate=16000)


def test_what_is_left_out_is_added_up_by_reason(
    write_audio: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "giga"
    folder.mkdir()
    _conversation(folder, write_audio)
    monkeypatch.setattr(probe, "CHUNK", 1)
    summary = prepared("gigaspeech", folder, tmp_path / "out")
    assert summary["clips"] == 1
    assert summary["left_out"] == {
        "a segment of no subset": {"stretches": 1, "hours": round(0.5 / 3600, 4)},
        "a segment of other sounds or languages": {"stretches": 1, "hours": round(0.5 / 3600, 4)},
        "a segment that is silent": {"stretches": 1, "hours": round(0.5 / 3600, 4)},
    }
    # A run that was stopped counts what it had noted once.
    real = ResumableFolder.add
    stopped: list[bool] = []

    def stop(self: ResumableFolder, chunk: Probed) -> None:
        real(self, chunk)
        self.note()
        if self.clips == 2 and not stopped:
            stopped.append(True)
            raise RuntimeError("killed")

    monkeypatch.setattr(ResumableFolder, "add", stop)
    with pytest.raises(RuntimeError):
        prepared("gigaspeech", folder, tmp_path / "again")
    assert prepared("gigaspeech", folder, tmp_path / "again") == summary
    some = prepared("gigaspeech", folder, tmp_path / "some", selection=Selection(limit=1))
    assert (some["clips"], some["left_out"]) == (1, {})


def test_the_ends_of_long_noises_are_left_out(
    miniature: Miniature, write_audio: Callable[..., Path], tmp_path: Path
) -> None:
    folder = miniature("musan")
    write_audio(folder / "noise" / "free-sound" / "noise-free-sound-0999.wav", seconds=75.0)
    summary = prepared("musan", folder, tmp_path / "out", max_bad=1)
    assert summary["left_out"]["the end after the last 30 s"]["stretches"] >= 1
    assert summary["left_out"]["the end after the last 30 s"]["hours"] >= round(15 / 3600, 4)


def test_a_value_outside_the_vocabulary_ends_no_run(miniature: Miniature, tmp_path: Path) -> None:
    folder = miniature("cryfish_phrases")
    before = prepared("cryfish_phrases", folder, tmp_path / "before", max_bad=1)
    table = folder / "speakers.tsv"
    table.write_text(table.read_text().replace("\tfemale", "\twoman"))
    summary = prepared("cryfish_phrases", folder, tmp_path / "out", max_bad=1)
    lost = before["clips"] - summary["clips"]
    assert lost > 0
    assert summary["clips"] > 0
    # Another of hers has no file.
    assert (
        summary["quarantined"]["line N of utterances.tsv: speakers.tsv has no gender of 'f-fN'"] == lost + 1
    )


def test_links_in_circles_and_to_nowhere_end_no_run(miniature: Miniature, tmp_path: Path) -> None:
    folder = miniature("fsdd")
    before = prepared("fsdd", folder, tmp_path / "before", max_bad=1)
    signature = tree_signature(folder)
    (folder / "up").symlink_to("..", target_is_directory=True)
    (folder / "here").symlink_to("here")
    speaker = next(iter(ids(tmp_path / "before"))).split("_")[1]
    (folder / "recordings" / f"9_{speaker}_77.wav").symlink_to("nowhere")
    assert tree_signature(folder) != signature
    assert tree_signature(folder) == tree_signature(folder)
    summary = prepared("fsdd", folder, tmp_path / "out", max_bad=1)
    assert summary["clips"] == before["clips"]
    assert read_json(tmp_path / "out" / "summary.json")["quarantined"]["the file is missing"] == 1


def test_iemocap_has_utterances_without_a_number(
    miniature: Miniature, write_audio: Any, tmp_path: Path
) -> None:
    folder = miniature("iemocap")
    dialogue = next(
        path for path in sorted(folder.rglob("Ses*")) if path.is_dir() and path.parent.name == "wav"
    )
    session = dialogue.parents[2]
    transcript = session / "dialog" / "transcriptions" / f"{dialogue.name}.txt"
    for person in "FM":
        write_audio(dialogue / f"{dialogue.name}_{person}XX0.wav")
        # Nobody judged these.
        with transcript.open("a") as lines:
            lines.write(f"{dialogue.name}_{person}XX0 [151.2551-153.4251]: [LAUGHTER] That's it.\n")
    prepared("iemocap", folder, tmp_path / "out", max_bad=1)
    found = {
        cut.id: cut.supervisions[0] for path in find_manifests(tmp_path / "out") for cut in read_cuts(path)
    }
    for person, gender in (("F", "female"), ("M", "male")):
        said = found[f"iemocap-{dialogue.name}_{person}XX0"]
        assert (said.gender, said.text) == (gender, "That's it.")


def test_every_language_of_common_voice_is_taken(tmp_path: Path, write_audio: Any) -> None:
    # Locales that releases are named after, in the letters that they have there.
    locales = (
        "zh-HK",
        "zh-TW",
        "nan-tw",
        "rm-sursilv",
        "sat",
        "dsb",
        "nb-NO",
        "pap-AW",
        "kpv",
        "udm",
        "cak",
        "sv-SE",
    )
    for locale in locales:
        name = f"common_voice_{locale}_1"
        table = f"client_id\tpath\tsentence\taccents\tlocale\naa\t{name}.mp3\tx\tMy own story\t{locale}\n"
        write_audio(tmp_path / "cv" / locale / "clips" / f"{name}.mp3", rate=16000)
        (tmp_path / "cv" / locale / "train.tsv").write_text(table)
    summary = prepared("commonvoice", tmp_path / "cv", tmp_path / "out")
    assert set(summary["languages"]) == {locale.lower() for locale in locales}
    assert "accent" not in summary["facts"]
    hong_kong = Selection(languages=("zh-HK",))
    assert prepared("commonvoice", tmp_path / "cv", tmp_path / "hk", selection=hong_kong)["clips"] == 1
