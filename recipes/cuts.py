"""From clips to Lhotse cuts: open the header, keep the facts, refuse what can't be used."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from lhotse import AudioSource, MonoCut, Recording, SupervisionSegment
from lhotse.utils import fastcopy

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
            clip.id,
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
            raise BadClip(clip.id, clip.audio, "the file is empty")
        info = soundfile.info(str(path), verbose=True)
        frames = _frames(path, info)
    except FileNotFoundError:
        raise BadClip(clip.id, clip.audio, "the file is missing") from None
    except OSError as error:
        raise BadClip(clip.id, clip.audio, f"the file can't be opened ({error.strerror})") from None
    except soundfile.SoundFileError as error:
        raise BadClip(clip.id, clip.audio, f"the header can't be read ({_last_words(error)})") from None
    if frames <= 0:
        raise BadClip(clip.id, clip.audio, "the file holds no samples")
    if frames > 2**48:
        raise BadClip(clip.id, clip.audio, "the header doesn't say how long the file is; write it anew")
    if reason := _cut_short(info.extra_info):
        raise BadClip(clip.id, clip.audio, reason)
    return Recording(
        id=cut_id if whole else f"{corpus.name}-{safe_id(clip.audio.with_suffix('').as_posix())}",
        sources=[AudioSource(type="file", channels=list(range(info.channels)), source=clip.audio.as_posix())],
        sampling_rate=info.samplerate,
        num_samples=frames,
        duration=frames / info.samplerate,
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


def _frames(path: Path, info: Any) -> int:
    """How many samples a file decodes to; MP3 is decoded to know, as its header may promise 0.2 s more."""
    if info.format != "MP3" and info.subtype != "MPEG_LAYER_III":
        return int(info.frames)
    frames = 0
    with soundfile.SoundFile(str(path)) as audio:
        while read := len(audio.read(_BLOCK, dtype="float32")):
            frames += read
    return frames


def unique(clips: Iterable[Clip | BadClip]) -> Iterator[Clip | BadClip]:
    """The clips with every id once: a clip whose id was met before becomes a BadClip."""
    seen: set[str] = set()
    for clip in clips:
        if isinstance(clip, Clip):
            if clip.id in seen:
                yield BadClip(clip.id, clip.audio, "duplicate id")
                continue
            seen.add(clip.id)
        yield clip


def check_audio(cut: MonoCut, corpus_dir: Path) -> MonoCut:
    """Decode a cut from `cut_from_clip`, refuse what no model should see, and choose the channel that sounds.

    The cut comes back as it is, or on the loudest channel where its own is more than 30 dB below that one: some
    corpora hold stereo files with one empty channel. Raises BadClip for audio that can't be decoded to its end,
    holds NaN or infinity, or is nothing but zeros.
    """
    source = cut.recording.sources[0].source
    clip_id = cut.id.removeprefix(f"{cut.custom['corpus']}-")
    start = round(cut.start * cut.sampling_rate)
    wanted = min(round(cut.duration * cut.sampling_rate), cut.recording.num_samples - start)
    seen, energy = 0, np.zeros(cut.recording.num_channels)
    try:
        with soundfile.SoundFile(str(corpus_dir / source)) as audio:
            audio.seek(start)
            while seen < wanted:
                block = audio.read(min(_BLOCK, wanted - seen), dtype="float32", always_2d=True)
                if len(block) == 0:
                    break
                energy += np.einsum("tc,tc->c", block, block, dtype=np.float64)
                seen += len(block)
    except soundfile.SoundFileError as error:
        raise BadClip(clip_id, source, f"the audio can't be decoded ({_last_words(error)})") from None
    if not np.isfinite(energy).all():
        raise BadClip(clip_id, source, "the audio holds NaN or infinity")
    if seen < wanted:
        raise BadClip(clip_id, source, f"the file was cut short: it ends after {seen} of {wanted} samples")
    if not energy.any():
        raise BadClip(clip_id, source, "digital silence: every sample is zero")
    loudest = int(energy.argmax())
    if energy[cut.channel] >= energy[loudest] / 1000:
        return cut
    supervisions = [fastcopy(supervision, channel=loudest) for supervision in cut.supervisions]
    return fastcopy(cut, channel=loudest, supervisions=supervisions)
