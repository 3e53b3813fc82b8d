"""What was written is known: `verify` compares it, with the notes beside the shards, and so does who copies audio."""

import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cryfish.errors import InputError
from cryfish.files import read_json, sha256_of
from cryfish.pipeline.cli.shards import verify_command
from cryfish.pipeline.config import load_config
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.run import run

WriteConfig = Callable[..., Path]


def go(path: Path) -> dict[str, dict[str, Any]]:
    with Engine(1) as engine:
        return run(load_config(path), path.parent, engine)


def members(tar: Path, ending: str) -> Iterator[tarfile.TarInfo]:
    with tarfile.open(tar) as archive:
        yield from (member for member in archive if member.name.endswith(ending))


def flip(tar: Path, offset: int) -> None:
    data = bytearray(tar.read_bytes())
    data[offset] ^= 1
    tar.write_bytes(data)


def verified(*arguments: object) -> Result:
    return CliRunner().invoke(verify_command, [str(argument) for argument in arguments])


def test_verify_compares_what_is_there_with_what_was_made(write_config: WriteConfig, tmp_path: Path) -> None:
    go(write_config())
    shards = tmp_path / "work" / "shards" / "train"
    tar = sorted(shards.glob("*.tar"))[0]
    index, note = tar.with_suffix(".idx.jsonl"), tar.with_suffix(".made.json")
    assert read_json(note)["tar"] == {"bytes": tar.stat().st_size, "sha256": sha256_of(tar)}
    assert verified(shards).exit_code == 0

    sound = tar.read_bytes()
    flip(tar, sound.index(b'"answer":"') + 11)
    damaged = verified(shards)
    assert damaged.exit_code == 1
    [member] = [
        member.name for member in members(tar, ".json") if f"member '{member.name}'" in damaged.output
    ]
    assert f"{tar}: '{member.removesuffix('.json')}' is damaged" in damaged.output
    refused = verified(shards, "--rebuild", tar)
    assert isinstance(refused.exception, InputError)
    assert "a new index would hide that" in str(refused.exception)
    old_index = index.read_bytes()
    index.unlink()
    refused = verified(shards, "--rebuild", tar)
    assert f"delete {note.name} and rebuild then" in str(refused.exception)
    assert not index.exists()
    tar.write_bytes(sound)
    assert verified(shards, "--rebuild", shards).exit_code == 0
    assert index.read_bytes() == old_index

    tar.unlink()
    index.unlink()
    gone = verified(shards)
    assert gone.exit_code == 1
    assert f"{tar}: it was made ({note.name} says so) but is gone" in gone.output
    note.unlink()
    unmade = verified(shards)
    assert unmade.exit_code == 1
    assert f"{note}: this planned shard isn't made yet" in unmade.output


@pytest.mark.parametrize("digests", [True, False])
def test_damaged_audio_is_not_copied_into_new_shards(
    write_config: WriteConfig, tmp_path: Path, digests: bool
) -> None:
    """A copy would give the damage a digest of its own; without an index, FLAC's own MD5 tells."""
    change = {"old": "gender: 20, snr: all", "new": "gender: 12, snr: all"}
    go(write_config())
    shards = tmp_path / "work" / "shards" / "train"
    for tar in shards.glob("*.tar"):
        for member in list(members(tar, ".flac")):
            flip(tar, member.offset_data + 30)  # in the MD5, which decoding alone doesn't look at
        if not digests:
            tar.with_suffix(".idx.jsonl").unlink()
    go(write_config(**change))
    go(write_config(work="fresh", **change))
    for path in (tmp_path / "fresh" / "shards" / "train").glob("*.tar"):
        assert path.read_bytes() == (shards / path.name).read_bytes()
    assert verified(shards).exit_code == 0
