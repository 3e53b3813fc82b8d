"""Headers, broken audio, stretches, channels, and manifests that plain Lhotse reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import CutSet, validate

from cryfish.errors import InputError
from cryfish.recipes.fsdd import CORPUS
from cryfish.recipes.kit.corpus import BadClip, Clip
from cryfish.recipes.kit.cuts import check_audio, cut_from_clip, unique
from cryfish.recipes.kit.facts import read_facts

CLIP = Clip("7_a_0", "test", Path("recordings/7_a_0.wav"), {"text": "seven", "accent": "German"})


@pytest.fixture
def folder(tmp_path: Path, write_audio: Callable[..., Path]) -> Path:
    write_audio(tmp_path / CLIP.audio)
    return tmp_path


def test_a_cut_holds_header_facts_and_a_relative_path(folder: Path) -> None:
    cut = cut_from_clip(CLIP, CORPUS, folder)
    assert cut.id == cut.recording.id == cut.supervisions[0].id == "fsdd-7_a_0"
    assert (cut.duration, cut.sampling_rate, cut.num_samples) == (0.5, 8000, 4000)
    assert cut.recording.sources[0].source == "recordings/7_a_0.wav"
    assert cut.custom == {"corpus": "fsdd", "split": "test", "facts": {"accent": "German"}}
    assert read_facts(cut) == {"text": "seven", "accent": "German"}
    assert check_audio(cut, folder) is cut


def test_plain_lhotse_reads_the_manifest(folder: Path) -> None:
    stretch = replace(CLIP, id="stretch", start=0.1, duration=0.2)
    silent = replace(CLIP, id="sound", facts={"sound_events": ["bell"]})
    path = folder / "cuts.jsonl.gz"
    cuts = [cut_from_clip(clip, CORPUS, folder) for clip in (CLIP, stretch, silent)]
    CutSet.from_cuts(cuts).to_file(path)
    loaded = CutSet.from_file(path)
    validate(loaded)
    assert [cut.to_dict() for cut in loaded] == [cut.to_dict() for cut in cuts]
    assert [len(cut.supervisions) for cut in loaded] == [1, 1, 0]
    absolute = loaded.with_recording_path_prefix(folder)
    assert [cut.load_audio().shape for cut in absolute] == [(1, 4000), (1, 1600), (1, 4000)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "the file is missing"),
        (b"", "the file is empty"),
        (b"<html>404</html>", "Format not recognised"),
        ("header", "the header can't be read"),
        ("half", "cut short: it holds"),
        ("no samples", "holds no samples"),
    ],
)
def test_what_the_header_shows_goes_to_the_quarantine(
    folder: Path, content: bytes | str | None, reason: str
) -> None:
    path = folder / CLIP.audio
    whole = path.read_bytes()
    path.unlink()
    if content == "header":
        path.write_bytes(whole[:30])
    elif content == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif content == "no samples":
        soundfile.write(path, np.zeros(0), 8000)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(BadClip) as problem:
        cut_from_clip(CLIP, CORPUS, folder)
    assert reason in problem.value.reason
    assert (problem.value.clip_id, problem.value.path) == ("7_a_0", "recordings/7_a_0.wav")


def test_a_wav_written_into_a_pipe_is_whole(folder: Path) -> None:
    path = folder / CLIP.audio
    content = bytearray(path.read_bytes())
    position = content.index(b"data") + 4
    content[position : position + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert cut_from_clip(CLIP, CORPUS, folder).duration == 0.5


@pytest.mark.parametrize(
    ("start", "duration"), [(0.0, 0.76), (0.5, None), (0.5, 0.2), (0.4, 0.4), (-0.1, 0.2), (0.1, 0.0)]
)
def test_a_stretch_outside_the_recording_is_refused(
    folder: Path, start: float, duration: float | None
) -> None:
    with pytest.raises(BadClip, match=r"isn't within the recording of 0\.5 s"):
        cut_from_clip(replace(CLIP, start=start, duration=duration), CORPUS, folder)


@pytest.mark.parametrize(("start", "duration"), [(0.0, 0.6), (0.0, 0.75), (0.4, 0.2)])
def test_a_stretch_that_ends_a_little_late_ends_with_the_recording(
    folder: Path, start: float, duration: float
) -> None:
    cut = check_audio(cut_from_clip(replace(CLIP, start=start, duration=duration), CORPUS, folder), folder)
    assert (cut.start, cut.end) == (start, pytest.approx(0.5))
    assert cut.supervisions[0].duration == cut.duration


def test_turns_end_with_the_recording_and_none_is_lost(folder: Path) -> None:
    turns = {"speaker_count": 2, "speaker_turns": ["0.00-0.20 A: hi", "0.30-0.60 B: a 0.10-0.90 C"]}
    cut = cut_from_clip(replace(CLIP, facts=turns, duration=0.6), CORPUS, folder)
    assert read_facts(cut)["speaker_turns"] == ["0.00-0.20 A: hi", "0.30-0.50 B: a 0.10-0.90 C"]
    late = {"speaker_count": 2, "speaker_turns": ["0.00-0.20 A", "0.55-0.60 B"]}
    with pytest.raises(BadClip, match="a turn begins after the recording's end"):
        cut_from_clip(replace(CLIP, facts=late, duration=0.6), CORPUS, folder)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"emotion": "disgust"}, "fact 'emotion' is 'disgust', not one of neutral, calm"),
        ({"age": "thirty"}, "fact 'age' should be int, not str"),
        ({"language": "xx"}, "fact 'language' is 'xx', not a lower-case code"),
        ({"snr_db": float("nan")}, "fact 'snr_db' should be a finite number"),
        ({"sound_events": ["bell", 7]}, "fact 'sound_events' should be a list of str"),
    ],
)
def test_a_value_outside_the_vocabulary_costs_its_clip(
    folder: Path, facts: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadClip) as problem:
        cut_from_clip(replace(CLIP, facts=facts), CORPUS, folder)
    assert problem.value.reason.startswith(reason)


def test_blanks_at_the_ends_of_facts_are_dropped(folder: Path) -> None:
    blanks = {"text": " seven\n", "accent": " ", "sound_events": [" bell", ""]}
    cut = cut_from_clip(replace(CLIP, facts=blanks), CORPUS, folder)
    assert read_facts(cut) == {"text": "seven", "sound_events": ["bell"]}


@pytest.mark.parametrize(
    ("clip", "says"),
    [
        (replace(CLIP, id="a/b"), "use safe_id"),
        (replace(CLIP, split="dev"), "split 'dev' is not one of train, test"),
        (replace(CLIP, facts={"emotoin": "sad"}), "did you mean 'emotion'"),
    ],
)
def test_a_recipe_that_breaks_the_rules_is_told_so(folder: Path, clip: Clip, says: str) -> None:
    with pytest.raises(InputError, match=r"^recipe fsdd, clip fsdd-") as problem:
        cut_from_clip(clip, CORPUS, folder)
    assert says in str(problem.value)


def test_audio_that_only_decoding_shows_to_be_bad(folder: Path) -> None:
    flac = replace(CLIP, audio=Path("a.flac"))
    tone = np.sin(np.arange(80_000) / 3) * np.random.default_rng(1).random(80_000)
    soundfile.write(folder / "a.flac", tone, 8000)
    (folder / "a.flac").write_bytes((folder / "a.flac").read_bytes()[:40_000])
    with pytest.raises(BadClip, match=r"can't be decoded|cut short"):
        check_audio(cut_from_clip(flac, CORPUS, folder), folder)

    soundfile.write(folder / CLIP.audio, np.zeros(4000), 8000)
    with pytest.raises(BadClip, match="digital silence"):
        check_audio(cut_from_clip(CLIP, CORPUS, folder), folder)

    tone[70_000] = np.nan
    soundfile.write(folder / CLIP.audio, tone, 8000, subtype="FLOAT")
    with pytest.raises(BadClip, match="NaN"):
        check_audio(cut_from_clip(CLIP, CORPUS, folder), folder)
    before = replace(CLIP, duration=5.0)
    check_audio(cut_from_clip(before, CORPUS, folder), folder)


def test_the_channel_that_sounds_is_taken(folder: Path) -> None:
    audio = np.zeros((4000, 2))
    audio[:, 1] = np.sin(np.arange(4000))
    soundfile.write(folder / CLIP.audio, audio, 8000)
    header_only = cut_from_clip(CLIP, CORPUS, folder)
    cut = check_audio(header_only, folder)
    assert (header_only.channel, cut.channel, cut.supervisions[0].channel) == (0, 1, 1)
    assert np.abs(cut.with_recording_path_prefix(folder).load_audio()).max() > 0.9

    audio[:, 0] = 0.2 * audio[:, 1]
    soundfile.write(folder / CLIP.audio, audio, 8000)
    assert check_audio(header_only, folder).channel == 0


def test_an_mp3_is_as_long_as_it_decodes(folder: Path, shared: Path) -> None:
    samples = shared / "corpora/philharmonia/ORCHESTRA"
    path = next(iter(sorted(samples.rglob("*.mp3"))))
    clip = replace(CLIP, audio=path.relative_to(samples))
    cut = check_audio(cut_from_clip(clip, CORPUS, samples), samples)
    decoded = soundfile.read(path)[0]
    assert cut.num_samples == len(decoded) < soundfile.info(path).frames
    assert cut.with_recording_path_prefix(samples).load_audio().shape == (1, len(decoded))


def test_a_second_clip_of_one_id_becomes_a_bad_clip() -> None:
    bad = BadClip("7_a_0", "x", "why")
    again, other = replace(CLIP, audio=Path("again.wav")), replace(CLIP, id="b")
    first, second, duplicate, last = unique([CLIP, bad, again, other])
    assert (first, second, last) == (CLIP, bad, other)
    assert isinstance(duplicate, BadClip)
    assert (duplicate.clip_id, duplicate.path, duplicate.reason) == ("7_a_0", "again.wav", "duplicate id")
