"""What others read from our shards: plain WebDataset, and Hugging Face `datasets`."""

import io
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import soundfile

from cryfish.shards import write_shard

from .conftest import MakeSamples


@pytest.mark.parametrize("clips", [1, 2])
def test_webdataset_reads_a_shard(
    tmp_path: Path, samples: MakeSamples, monkeypatch: pytest.MonkeyPatch, clips: int
) -> None:
    webdataset = pytest.importorskip("webdataset")
    monkeypatch.setattr(webdataset.utils, "enforce_security", True)
    write_shard(tmp_path / "a.tar", samples(5, clips=clips))

    def flac(extension: str, data: bytes) -> object:
        return soundfile.read(io.BytesIO(data)) if extension.endswith("flac") else None

    read = list(webdataset.WebDataset(str(tmp_path / "a.tar"), shardshuffle=False).decode(flac))
    assert [item["__key__"] for item in read] == [f"sample-{number:04d}" for number in range(5)]
    for got, item in zip(read, samples(5, clips=clips), strict=True):
        assert got["json"] == item.sample.to_json()
        for number, clip in enumerate(item.sample.clips):
            audio, rate = got["flac" if clips == 1 else f"{number}.flac"]
            assert (rate, len(audio)) == (16_000, round(clip.seconds * 16_000))


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    module: ModuleType = pytest.importorskip("datasets")
    monkeypatch.setattr(module.config, "HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr(module.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    return module


@pytest.mark.parametrize("clips", [1, 2])
def test_hugging_face_datasets_reads_shards(
    tmp_path: Path, samples: MakeSamples, datasets: ModuleType, clips: int
) -> None:
    """With the columns stated: facts may differ between samples, and FLAC needs no torchcodec."""
    items = []
    for number, item in enumerate(samples(12, clips=clips)):
        facts = {"language": "en"} if number < 8 else {"distance_m": 2.0, "sound_events": ["rain"]}
        records = tuple(replace(clip, facts=facts) for clip in item.sample.clips)
        items.append(replace(item, sample=replace(item.sample, clips=records)))
    write_shard(tmp_path / "0.tar", items[:6])
    write_shard(tmp_path / "1.tar", items[6:])
    names = ["flac"] if clips == 1 else ["0.flac", "1.flac"]
    columns = {name: datasets.Value("binary") for name in names}
    read = datasets.load_dataset(
        "webdataset",
        data_files=[str(tmp_path / "0.tar"), str(tmp_path / "1.tar")],
        split="train",
        features=datasets.Features({**columns, "json": datasets.Json(), "__key__": datasets.Value("string")}),
    )
    assert len(read) == 12
    for got, item in zip(read, items, strict=True):
        assert got["__key__"] == item.sample.key
        assert [got[name] for name in names] == list(item.flac)
        assert got["json"] == item.sample.to_json()


@pytest.mark.parametrize("clips", [1, 2])
def test_hugging_face_datasets_finds_the_columns(
    tmp_path: Path, samples: MakeSamples, datasets: ModuleType, clips: int
) -> None:
    pytest.importorskip("torchcodec", reason="datasets needs torchcodec to fill a column of audio")
    write_shard(tmp_path / "0.tar", samples(12, clips=clips))
    read = datasets.load_dataset("webdataset", data_files=[str(tmp_path / "0.tar")], split="train")
    for name in ["flac"] if clips == 1 else ["0.flac", "1.flac"]:
        read = read.cast_column(name, datasets.Audio(decode=False))
    assert [got["json"] for got in read] == [item.sample.to_json() for item in samples(12, clips=clips)]
