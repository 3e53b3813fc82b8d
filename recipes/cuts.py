"""From clips to Lhotse cuts: open the header, keep the facts, refuse what can't be used."""

import re
from pathlib import Path

import numpy as np
import soundfile
from lhotse import AudioSource, MonoCut, Recording, SupervisionSegment

from ..errors import InputError
from .corpus import BadClip, Clip, Corpus, safe_id
from .facts import SUPERVISION_FACTS, check_fact

_DATA_CHUNK = re.compile(r"^data : (\d+) \(should be (\d+)\)", re.MULTILINE)

_BLOCK = 1 << 20
"""Frames decoded at a time: bounds the memory that an hour-long file takes."""


def cut_from_clip(clip: Clip, corpus: Corpus, corpus_dir: Path) -> MonoCut:
    """The Lhotse cut of a clip: channel 0, audio path relative to the corpus folder, facts where they belong.

    Only the header of the audio is read; `check_audio` decodes it. Raises BadClip for audio that is missing,
    empty, unreadable, cut short, of no length or shorter than the clip says. Raises InputError for a clip
    that breaks the rules for recipes: a fact outside the vocabulary, an id with odd characters, a split that
    the corpus doesn't name.
    """
    cut_id = f"{corpus.name}-{clip.id}"
    where = f"recipe {corpus.name}, clip {cut_id}"
    if clip.id != safe_id(clip.id) or not clip.id:
        raise InputError(f"{where}: an id may hold letters, digits, '-' and '_' only; use safe_id")
    if clip.split not in corpus.splits:
        raise InputError(f"{where}: split '{clip.split}' is not one of {', '.join(corpus.splits)}")
    facts = {name: check_fact(name, value, where) for name, value in clip.facts.items()}

    recording = _recording(clip, cut_id, corpus, corpus_dir)
    duration = recording.duration - clip.start if clip.duration is None else clip.duration
    # Half a sample of slack: published times are rounded.
    if (
        clip.start < 0
        or duration <= 0
        or clip.start + duration > recording.duration + 0.5 / recording.sampling_rate
    ):
        raise BadClip(
            cut_id,
            clip.audio,
            f"the stretch from {clip.start:g} s to {clip.start + duration:g} s isn't within the recording "
            f"of {recording.duration:g} s",
        )
    spoken = {name: facts.pop(name) for name in SUPERVISION_FACTS if name in facts}
    supervision = SupervisionSegment(
        id=cut_id, recording_id=recording.id, start=0.0, duration=duration, channel=0, **spoken
    )
    return MonoCut(
        id=cut_id,
        start=clip.start,
        duration=duration,
        channel=0,
        supervisions=[supervision] if spoken else [],
        recording=recording,
        custom={"corpus": corpus.name, "split": clip.split, "facts": facts},
    )


def _recording(clip: Clip, cut_id: str, corpus: Corpus, corpus_dir: Path) -> Recording:
    path = corpus_dir / clip.audio
    whole = clip.start == 0.0 and clip.duration is None
    try:
        if path.stat().st_size == 0:
            raise BadClip(cut_id, clip.audio, "the file is empty")
        info = soundfile.info(str(path), verbose=True)
    except FileNotFoundError:
        raise BadClip(cut_id, clip.audio, "the file is missing") from None
    except OSError as error:
        raise BadClip(cut_id, clip.audio, f"the file can't be opened ({error.strerror})") from None
    except soundfile.SoundFileError as error:
        raise BadClip(cut_id, clip.audio, f"the header can't be read ({_last_words(error)})") from None
    if info.frames <= 0:
        raise BadClip(cut_id, clip.audio, "the file holds no samples")
    if info.frames > 2**48:
        raise BadClip(cut_id, clip.audio, "the header doesn't say how long the file is; write it anew")
    if reason := _cut_short(info.extra_info):
        raise BadClip(cut_id, clip.audio, reason)
    return Recording(
        id=cut_id if whole else f"{corpus.name}-{safe_id(clip.audio.with_suffix('').as_posix())}",
        sources=[AudioSource(type="file", channels=list(range(info.channels)), source=clip.audio.as_posix())],
        sampling_rate=info.samplerate,
        num_samples=info.frames,
        duration=info.frames / info.samplerate,
    )


def _cut_short(log: str) -> str | None:
    """What libsndfile's log of a WAV header says of a file that ends before its data chunk does.

    A size of nearly 2 GiB or more is what programs write into a pipe, where they can't know the length.
    """
    found = _DATA_CHUNK.search(log)
    if found is None:
        return None
    declared, present = int(found[1]), int(found[2])
    if present >= declared or declared >= 0x7FFF_0000:
        return None
    return f"the file was cut short: it holds {present} of {declared} bytes of audio"


def _last_words(error: Exception) -> str:
    return str(error).rpartition(": ")[2].rstrip(".")


def check_audio(cut: MonoCut, corpus_dir: Path) -> None:
    """Decode a cut from `cut_from_clip` and refuse what no model should see.

    Raises BadClip for audio that can't be decoded to its end, holds NaN or infinity, or is nothing but zeros.
    """
    source = cut.recording.sources[0].source
    path = corpus_dir / source
    start = round(cut.start * cut.sampling_rate)
    wanted = min(round(cut.duration * cut.sampling_rate), cut.recording.num_samples - start)
    seen, silent = 0, True
    try:
        with soundfile.SoundFile(str(path)) as audio:
            audio.seek(start)
            while seen < wanted:
                block = audio.read(min(_BLOCK, wanted - seen), dtype="float32", always_2d=True)[
                    :, cut.channel
                ]
                if len(block) == 0:
                    break
                if not np.isfinite(block).all():
                    raise BadClip(cut.id, source, "the audio holds NaN or infinity")
                silent = silent and not block.any()
                seen += len(block)
    except soundfile.SoundFileError as error:
        raise BadClip(cut.id, source, f"the audio can't be decoded ({_last_words(error)})") from None
    if seen < wanted:
        raise BadClip(
            cut.id, source, f"the audio ends after {seen} of {wanted} samples: the file was cut short"
        )
    if silent:
        raise BadClip(cut.id, source, "digital silence: every sample is zero")
