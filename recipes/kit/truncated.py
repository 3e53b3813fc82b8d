"""Audio files that end before their format says they do, where decoders play what is there without a word.

Each format tells it elsewhere: MP3 in the Xing, Info or VBRI header of its encoder (frames and bytes of the stream)
and in the length of every frame (ISO/IEC 11172-3, 13818-3), Ogg in the segment table of its last page (RFC 3533), MP4
in the sizes of its boxes (ISO/IEC 14496-12), AU, AIFF and sphere in their headers. A file is called cut short only when
that is certain: one that was cut exactly between two frames, and says nothing of its length, passes.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_HEAD = 1 << 16
_MP3_KBPS = {
    # (MPEG 1, layer) -> bit rates; MPEG 2 and 2.5 share theirs.
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FEW_BYTES = 4
"""Old encoders leave out the padding of the last frame."""


def cut_short(path: Path) -> str | None:
    """What is wrong with a file that ends too early; None for one that is whole, or where nobody can tell.

    Raises:
        OSError: the file can't be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(b"OggS"):
            whole = _ogg(file, size)
        elif head[4:8] == b"ftyp":
            whole = _mp4(file, size)
        elif head.startswith(b".snd"):
            offset, length = struct.unpack(">II", head[4:12].ljust(8, b"\0"))
            whole = 0 if length == 0xFFFF_FFFF else offset + length
        elif head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"):
            whole = 8 + int(struct.unpack(">I", head[4:8])[0])
        elif head.startswith(b"NIST_1A"):
            whole = _sphere(head)
        elif head.startswith((b"fLaC", b"RIFF", b"RF64")):
            return None
        else:
            return _mp3(file, head, size)
    return None if size >= whole else f"the file was cut short: it holds {size} of {whole} bytes"


def _ogg(file: BinaryIO, size: int) -> int:
    """Where the last page ends."""
    file.seek(max(0, size - _HEAD))
    tail = file.read()
    start = tail.rfind(b"OggS\0")
    if start < 0:
        return 0
    page = tail[start:]
    segments = page[26] if len(page) > 26 else 0
    if len(page) < 27 + segments:
        return size + 27 + segments - len(page)
    return size - len(page) + 27 + segments + sum(page[27 : 27 + segments])


def _mp4(file: BinaryIO, size: int) -> int:
    """Where the last of the boxes ends."""
    place = 0
    while place + 8 <= size:
        file.seek(place)
        header = file.read(16)
        length, kind = struct.unpack(">I4s", header[:8])
        if length == 1 and len(header) == 16:
            length = struct.unpack(">Q", header[8:])[0]
        if not re.fullmatch(rb"[\w \xa9-]{4}", kind) or 1 < length < 8:
            return 0
        if length == 0:
            return size
        place += length
    return place


def _sphere(head: bytes) -> int:
    """Where the samples end, unless they are compressed."""
    fields = dict(re.findall(rb"(\w+) -i (\d+)", head[:1024]))
    coding = re.search(rb"sample_coding -s\d+ (\S+)", head[:1024])
    if coding is not None and coding[1] not in (b"pcm", b"ulaw", b"alaw"):
        return 0
    length = re.match(rb"NIST_1A\n\s*(\d+)\n", head)
    frame = int(fields.get(b"sample_n_bytes", b"1")) * int(fields.get(b"channel_count", b"1"))
    return int(length[1]) + int(fields.get(b"sample_count", b"0")) * frame if length else 0


@dataclass(frozen=True)
class _Frame:
    """The header of one MPEG audio frame: its length in bytes, and how long its side information is."""

    length: int
    side: int


def _frame(header: bytes) -> _Frame | None:
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    kbps, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 4 or kbps in (0, 15) or rate == 3:
        return None
    newest, mono = version == 3, header[3] >> 6 == 3
    bits = 1000 * _MP3_KBPS[newest, layer][kbps - 1]
    hertz = _MP3_RATES[version][rate]
    if layer == 1:
        return _Frame((12 * bits // hertz + padding) * 4, 0)
    spread = 144 if newest or layer == 2 else 72
    side = (17 if mono else 32) if newest else (9 if mono else 17)
    return _Frame(spread * bits // hertz + padding, side)


def _mp3(file: BinaryIO, head: bytes, size: int) -> str | None:
    start = 0
    if head.startswith(b"ID3") and len(head) > 10:
        a, b, c, d = head[6:10]
        start = 10 + (a << 21 | b << 14 | c << 7 | d) + (10 if head[5] & 0x10 else 0)
    file.seek(start)
    first = file.read(_HEAD)
    skipped = next(_synchronised(first), None)
    if skipped is None:
        return None
    start, first = start + skipped, first[skipped:]
    frame = _frame(first)
    assert frame is not None
    frames, stream = _announced(first, frame)
    if stream is not None and size + frame.length < stream:
        return f"the file was cut short: it holds {size} of {stream} bytes"
    file.seek(start)
    return _walked(file.read(), frames)


def _synchronised(content: bytes) -> Iterator[int]:
    """Where a frame begins after which another one begins, or nothing comes."""
    for match in re.finditer(rb"\xff[\xe2-\xff]", content):
        frame = _frame(content[match.start() : match.start() + 4])
        if frame is None:
            continue
        after = match.start() + frame.length
        if after >= len(content) or _frame(content[after : after + 4]) is not None:
            yield match.start()


def _announced(content: bytes, frame: _Frame) -> tuple[int | None, int | None]:
    """Frames and bytes of the whole stream, as its encoder wrote them into the first frame."""
    tag = content[4 + frame.side :]
    if tag[:4] in (b"Xing", b"Info") and len(tag) >= 16:
        flags = tag[7]
        frames = struct.unpack(">I", tag[8:12])[0] if flags & 1 else None
        place = 12 if flags & 1 else 8
        return frames, struct.unpack(">I", tag[place : place + 4])[0] if flags & 2 else None
    if content[36:40] == b"VBRI" and len(content) >= 54:
        stream, frames = struct.unpack(">II", content[46:54])
        return frames, stream
    return None, None


def _walked(content: bytes, announced: int | None) -> str | None:
    """Goes from frame to frame: the last may not be cut, nor may there be fewer than were announced."""
    place, count = 0, 0
    while place + 4 <= len(content):
        frame = _frame(content[place : place + 4])
        if frame is None:
            # A tag, zeros or what nobody knows: the frames before it are whole.
            break
        missing = place + frame.length - len(content)
        if missing > _FEW_BYTES:
            return f"the file was cut short: its last frame lacks {missing} of {frame.length} bytes"
        place += frame.length
        count += 1
    # The frame that holds the announcement isn't counted by all encoders.
    if announced is not None and place + 4 > len(content) and count < announced - 1:
        return f"the file was cut short: it holds {count} of {announced} frames"
    return None
