"""prepare keeps a fingerprint for every clip of a manifest, in its order, and only when asked."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from cryfish.errors import InputError
from cryfish.files import sha256_of
from cryfish.pipeline.audio.manifests import find_manifests, read_cuts
from cryfish.pipeline.audio.resampled import Resampled
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.prepare.contamination.matching import PrintIndex, is_same
from cryfish.pipeline.prepare.contamination.peaks import Ear, unpack
from cryfish.pipeline.prepare.contamination.prints import prints_of, read_prints, record
from cryfish.pipeline.prepare.prepare import prepare_corpus

from .conftest import Samples


def test_one_for_each_clip_in_the_order_of_the_manifest(corpora: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    prepare_corpus("fsdd", corpora / "digits", out, engine=Engine(), fingerprints=True)
    for manifest in find_manifests(out):
        prints = prints_of(manifest)
        assert prints is not None
        packed = list(read_prints(prints))
        cuts = list(read_cuts(manifest))
        assert len(packed) == len(cuts)
        for cut, found in zip(cuts, packed, strict=True):
            samples, rate = soundfile.read(cut.recording.sources[0].source, dtype="float32")
            ear = Ear(rate)
            ear.hear(samples)
            for heard, kept in zip(ear.peaks(), unpack(found), strict=True):
                assert np.array_equal(heard, kept)
        assert list(read_prints(prints, 2, 3)) == packed[2:5]
        assert list(read_prints(prints, len(packed))) == []


def test_it_is_the_same_whether_the_clip_was_brought_to_16_khz_before(
    utterances: dict[str, tuple[Samples, int]],
) -> None:
    [(samples, _), *_] = utterances.values()
    alone, before, resampled = Ear(44_100), Ear(16_000), Resampled(44_100)
    for piece in np.array_split(samples, 5):
        alone.hear(piece)
        before.hear(resampled.of(piece))
    before.hear(resampled.rest())
    for one, other in zip(alone.peaks(), before.peaks(), strict=True):
        assert len(one) > 10
        assert np.array_equal(one, other)


def test_workers_do_not_change_them_and_nobody_gets_them_unasked(corpora: Path, tmp_path: Path) -> None:
    for jobs in (1, 3):
        with Engine(jobs) as engine:
            prepare_corpus("fsdd", corpora / "digits", tmp_path / str(jobs), engine=engine, fingerprints=True)
    assert sha256_of(tmp_path / "1") == sha256_of(tmp_path / "3")
    prepare_corpus("fsdd", corpora / "digits", tmp_path / "none", engine=Engine())
    prepare_corpus(
        "fsdd",
        corpora / "digits",
        tmp_path / "headers",
        engine=Engine(),
        headers_only=True,
        fingerprints=True,
    )
    for folder in ("none", "headers"):
        assert all(prints_of(manifest) is None for manifest in find_manifests(tmp_path / folder))


def test_it_is_made_of_the_channel_that_sounds(
    own_corpora: Path, utterances: dict[str, tuple[Samples, int]], tmp_path: Path
) -> None:
    [(samples, rate), *_] = utterances.values()
    stereo = np.stack([np.zeros_like(samples), samples], axis=1)
    soundfile.write(own_corpora / "sounds" / "audio" / "1-0100-A-0.wav", stereo, rate)
    out = tmp_path / "out"
    prepare_corpus("esc50", own_corpora / "sounds", out, engine=Engine(), fingerprints=True)
    manifest = out / "fold1.cuts.jsonl.gz"
    [place] = [place for place, cut in enumerate(read_cuts(manifest)) if cut.id == "esc50-1-0100-A-0"]
    ear = Ear(rate)
    ear.hear(samples)
    index = PrintIndex.of([ear.peaks()])
    packed = list(read_prints(manifest.with_name("fold1.prints")))[place]
    assert any(map(is_same, index.find(unpack(packed))))


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "train.prints"
    path.write_bytes(gzip.compress(record(b"abcd") + record(b"efgh")[:-1]))
    with pytest.raises(InputError, match=r"train\.prints: is damaged \(its record 2 was cut short\)"):
        list(read_prints(path))
    path.write_bytes(b"something else")
    with pytest.raises(InputError, match=r"train\.prints: is damaged"):
        list(read_prints(path))
    packed = bytearray(gzip.compress(record(bytes(range(256)) * 40)))
    for place in range(10, len(packed), 7):
        changed = packed.copy()
        changed[place] ^= 0x55
        path.write_bytes(changed)
        with pytest.raises(InputError, match=r"train\.prints: is damaged"):
            list(read_prints(path))
