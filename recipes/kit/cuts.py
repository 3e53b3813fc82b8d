"""From clips to Lhotse cuts: open the header, keep the facts, refuse what can't be used."""

import os
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from lhotse import AudioSource, MonoCut, Recording, SupervisionSegment
from lhotse.utils import fastcopy
from numpy.typing import NDArray

from ...errors import InputError
from .corpus import BadClip, Clip, Corpus, Found, safe_id
from .decoding import DecodingError, blocks, needs_ffmpeg, sampling_rate_and_channels
from .facts import SUPERVISION_FACTS, FactError, check_fact
from .origin import parse, source_of
from .spelling import on_disk
from .truncated import cut_short

MISSING = "the file is missing"
"""The reason that isn't held against a corpus whose copies usually have gaps."""

_DATA_CHUNK = re.compile(r"^data : (\d+) \(should be (\d+)\)", re.MULTILINE)

OVERSHOOT_S = 0.25
"""By how much a published time may lie behind the end of its recording and be taken for the end."""

_TURN = re.compile(r"(\d+\.\d+)-(\d+\.\d+)( .*)", re.DOTALL)

_BLOCK = 1 << 20
"""Frames decoded at a time: bounds the memory that an hour-long file takes."""


def cut_from_clip(clip: Clip, corpus: Corpus, corpus_dir: Path) -> MonoCut:
    """The Lhotse cut of a clip: its channel or 0, audio path relative to the corpus folder, facts where they belong.

    Only the header of the audio is read; `check_audio` decodes it. Facts are in NFC without blanks at their ends. A
    clip that ends up to 250 ms after its recording ends with it. Raises BadClip for audio that is missing, empty,
    unreadable, cut short, of no length or shorter than the clip says, and for a fact whose value isn't in the
    vocabulary. Raises InputError for a clip that breaks the rules for recipes: a fact of an unknown name, an id with
    odd characters, a split that the corpus doesn't name.
    """
    cut_id = f"{corpus.name}-{clip.id}"
    where = f"recipe {corpus.name}, clip {cut_id}"
    if clip.id != safe_id(clip.id) or not clip.id:
        raise InputError(f"{where}: an id may hold letters, digits, '-' and '_' only; use safe_id")
    if clip.split not in corpus.splits:
        raise InputError(f"{where}: split '{clip.split}' is not one of {', '.join(corpus.splits)}")
    try:
        facts = {
            name: check_fact(name, stripped, where)
            for name, value in clip.facts.items()
            if (stripped := _stripped(value)) not in ("", [])
        }
    except FactError as error:
        raise BadClip(clip.id, clip.audio, error.told) from None

    try:
        str(clip.audio).encode()
    except UnicodeEncodeError:
        raise BadClip(clip.id, repr(str(clip.audio)), "the file's name isn't UTF-8; rename it") from None
    recording = _recording(clip, cut_id, corpus, corpus_dir)
    rest = recording.duration - clip.start
    duration = rest if clip.duration is None else clip.duration
    # Half a sample of slack: published times are rounded.
    if rest + 0.5 / recording.sampling_rate < duration <= rest + OVERSHOOT_S and rest > 0:
        duration = rest
        if "speaker_turns" in facts:
            facts["speaker_turns"] = _turns_until(rest, facts["speaker_turns"], clip)
    if clip.start < 0 or duration <= 0 or duration > rest + 0.5 / recording.sampling_rate:
        raise BadClip(
            clip.id,
            clip.audio,
            f"the stretch from {clip.start:g} s to {clip.start + duration:g} s isn't within the recording "
            f"of {recording.duration:g} s",
        )
    channel = clip.channel or 0
    if channel not in recording.channel_ids:
        raise BadClip(clip.id, clip.audio, f"has no channel {channel}, but {recording.num_channels} in all")
    spoken = {name: facts.pop(name) for name in SUPERVISION_FACTS if name in facts}
    supervision = SupervisionSegment(
        id=cut_id, recording_id=recording.id, start=0.0, duration=duration, channel=channel, **spoken
    )
    return MonoCut(
        id=cut_id,
        start=clip.start,
        duration=duration,
        channel=channel,
        supervisions=[supervision] if spoken else [],
        recording=recording,
        custom={
            "corpus": corpus.name,
            "split": clip.split,
            **({"about": corpus.description} if corpus.own else {}),
            "facts": facts,
            **_provenance(clip, corpus, where),
        },
    )


def _provenance(clip: Clip, corpus: Corpus, where: str) -> dict[str, list[str]]:
    """`origin` and `kept_from` of a clip that has them, beside its facts: nobody is asked about them."""
    for text in clip.origin:
        try:
            parse(text)
        except ValueError as error:
            raise InputError(f"{where}: origin {error}") from None
        if source_of(text) not in corpus.origins:
            raise InputError(f"{where}: origin {text!r} is of none of the corpus' `origins`")
    told = {"origin": clip.origin, "kept_from": clip.kept_from}
    return {name: list(values) for name, values in told.items() if values}


def _stripped(value: Any) -> Any:
    """A text in NFC without blanks at its ends, a list of such texts, or any other value as it is."""
    if isinstance(value, str):
        return (value if value.isascii() else unicodedata.normalize("NFC", value)).strip()
    if isinstance(value, list):
        return [item for item in map(_stripped, value) if item != ""]
    return value


def _turns_until(end: float, turns: list[str], clip: Clip) -> list[str]:
    """The turns of a clip that is over at `end`: the last may be shorter, but none may be gone."""
    kept = []
    for turn in turns:
        found = _TURN.fullmatch(turn)
        if found is None or float(found[1]) >= end:
            raise BadClip(clip.id, clip.audio, f"a turn begins after the recording's end: {turn[:40]}")
        kept.append(f"{found[1]}-{min(float(found[2]), end):.2f}{found[3]}")
    return kept


@dataclass(frozen=True)
class _Header:
    """What is known of an audio file before its samples are looked at; `trouble` says that it was cut short."""

    rate: int
    channels: int
    frames: int
    trouble: str | None = None


def _recording(clip: Clip, cut_id: str, corpus: Corpus, corpus_dir: Path) -> Recording:
    whole = clip.start == 0.0 and clip.duration is None
    source = clip.audio
    try:
        # Paths as texts: joining and asking them takes a third of the time.
        path = os.path.join(corpus_dir, source)  # noqa: PTH118
        try:
            status = os.stat(path)  # noqa: PTH116
        except FileNotFoundError:
            there = on_disk(corpus_dir / source)
            path, status = str(there), there.stat()
            source = there.relative_to(corpus_dir)
        header = _header(path, status.st_size, status.st_mtime_ns)
    except FileNotFoundError:
        raise BadClip(clip.id, source, MISSING) from None
    except OSError as error:
        raise BadClip(clip.id, source, f"the file can't be opened ({error.strerror})") from None
    except EOFError:
        raise BadClip(clip.id, source, "the file is empty") from None
    except (soundfile.SoundFileError, DecodingError) as error:
        raise BadClip(clip.id, source, f"the header can't be read ({_last_words(error)})") from None
    if header.frames <= 0:
        raise BadClip(clip.id, source, "the file holds no samples")
    if header.frames > 2**48:
        raise BadClip(clip.id, source, "the header doesn't say how long the file is; write it anew")
    if header.trouble:
        raise BadClip(clip.id, source, header.trouble)
    return Recording(
        id=cut_id if whole else f"{corpus.name}-{safe_id(clip.audio.with_suffix('').as_posix())}",
        sources=[AudioSource(type="file", channels=list(range(header.channels)), source=source.as_posix())],
        sampling_rate=header.rate,
        num_samples=header.frames,
        duration=header.frames / header.rate,
    )


# Clips of one long recording follow each other; size and time tell a file that was changed meanwhile.
@lru_cache(maxsize=8)
def _header(path: str, size: int, changed: int) -> _Header:
    if size == 0:
        raise EOFError
    if needs_ffmpeg(path):
        rate, channels = sampling_rate_and_channels(Path(path))
        trouble = cut_short(Path(path))
        frames = 1 if trouble else sum(len(block) for block in blocks(Path(path)))
        return _Header(rate, channels, frames, trouble)
    with soundfile.SoundFile(path) as audio:
        # Each question costs as much as a look at the disk: FLAC, of which nothing can be told undecoded, is asked one.
        form, mp3, trouble = audio.format, False, None
        if form in ("WAV", "WAVEX", "RF64"):
            trouble = _cut_short(audio.extra_info)
        elif form != "FLAC":
            trouble = cut_short(Path(path))
        if form != "FLAC":
            # An MP3 is decoded to know: its header may promise 0.2 s more.
            mp3 = form == "MP3" or audio.subtype == "MPEG_LAYER_III"
        return _Header(audio.samplerate, audio.channels, _decoded(audio) if mp3 else audio.frames, trouble)


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


def _decoded(audio: soundfile.SoundFile) -> int:
    frames = 0
    while read := len(audio.read(_BLOCK, dtype="float32")):
        frames += read
    return frames


def unique(clips: Iterable[Found]) -> Iterator[Found]:
    """The clips with every id once: a clip whose id was met before becomes a BadClip."""
    seen = DigestSet()
    for clip in clips:
        if isinstance(clip, Clip) and not seen.add(clip.id):
            yield BadClip(clip.id, clip.audio, "duplicate id")
        else:
            yield clip


class DigestSet:
    """A set of texts that takes 11 to 32 bytes for each, by their 64-bit digests in an open-addressed table.

    Among ten million ids two digests are alike with a probability of 3e-6.
    """

    def __init__(self) -> None:
        self._table = array("Q", bytes(8 * 1024))
        self._count = 0

    def add(self, text: str) -> bool:
        """False if the text was there already."""
        digest = _digest(text)
        if not self._put(digest):
            return False
        self._count += 1
        if self._count * 3 > len(self._table) * 2:
            old = self._table
            self._table = array("Q", bytes(2 * 8 * len(old)))
            for present in old:
                if present:
                    self._put(present)
        return True

    def __contains__(self, text: str) -> bool:
        return self._table[self._place(_digest(text))] != 0

    def _put(self, digest: int) -> bool:
        place = self._place(digest)
        if self._table[place]:
            return False
        self._table[place] = digest
        return True

    def _place(self, digest: int) -> int:
        """Where a digest stands, or the empty place where it belongs."""
        table, mask = self._table, len(self._table) - 1
        place = digest & mask
        while table[place] not in (0, digest):
            place = (place + 1) & mask
        return place


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "little") or 1


def check_audio(
    cut: MonoCut, corpus_dir: Path, listen: Callable[[NDArray[np.float32]], None] | None = None
) -> MonoCut:
    """Decode a cut from `cut_from_clip`, refuse what no model should see, and choose the channel that sounds.

    The cut comes back as it is, or on the loudest channel where its own is more than 30 dB below that one: some
    corpora hold stereo files with one empty channel. Who wants to `listen` is given the cut's own channel, [time],
    piece by piece, and hears in vain if the cut comes back on another. Raises BadClip for audio that can't be decoded
    to its end, holds NaN or infinity, or is nothing but zeros.
    """
    source = cut.recording.sources[0].source
    clip_id = cut.id.removeprefix(f"{cut.custom['corpus']}-")
    start = round(cut.start * cut.sampling_rate)
    wanted = min(round(cut.duration * cut.sampling_rate), cut.recording.num_samples - start)
    seen, energy = 0, np.zeros(cut.recording.num_channels)
    try:
        for block in _samples(corpus_dir / source, start, wanted):
            energy += np.einsum("tc,tc->c", block, block, dtype=np.float64)
            seen += len(block)
            if listen is not None:
                listen(block[:, cut.channel])
    except (soundfile.SoundFileError, DecodingError) as error:
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


def _samples(path: Path, start: int, wanted: int) -> Iterator[NDArray[np.float32]]:
    """Float32 [time, channels], in pieces; fewer than `wanted` samples when the file ends before."""
    if needs_ffmpeg(path):
        place = 0
        for block in blocks(path):
            piece = block[max(0, start - place) : max(0, start + wanted - place)]
            place += len(block)
            if len(piece):
                yield piece
            if place >= start + wanted:
                return
        return
    with soundfile.SoundFile(str(path)) as audio:
        audio.seek(start)
        while wanted > 0 and len(block := audio.read(min(_BLOCK, wanted), dtype="float32", always_2d=True)):
            wanted -= len(block)
            yield block


def cut_to_json(cut: MonoCut) -> dict[str, Any]:
    """What `cut.to_dict()` gives for a cut of a recipe, in a fifth of the time."""
    recording = cut.recording
    [source] = recording.sources
    return {
        "id": cut.id,
        "start": cut.start,
        "duration": cut.duration,
        "channel": cut.channel,
        "supervisions": [
            {
                name: value
                for name, value in (
                    ("id", spoken.id),
                    ("recording_id", spoken.recording_id),
                    ("start", spoken.start),
                    ("duration", spoken.duration),
                    ("channel", spoken.channel),
                    ("text", spoken.text),
                    ("language", spoken.language),
                    ("speaker", spoken.speaker),
                    ("gender", spoken.gender),
                )
                if value is not None
            }
            for spoken in cut.supervisions
        ],
        "recording": {
            "id": recording.id,
            "sources": [{"type": source.type, "channels": source.channels, "source": source.source}],
            "sampling_rate": recording.sampling_rate,
            "num_samples": recording.num_samples,
            "duration": recording.duration,
            "channel_ids": recording.channel_ids,
        },
        "custom": cut.custom,
        "type": "MonoCut",
    }
