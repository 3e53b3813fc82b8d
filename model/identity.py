"""Which model it is: a name that people read and a digest of what decides its replies.

Two folders of one name are two models, and a folder that was trained anew is another than before; a folder that was
only moved is the same. So keys of what a model wrote hold its identity, not its name.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import InputError

_COUNTED = (".json", ".safetensors", ".bin", ".pt", ".gguf", ".jinja", ".model", ".tiktoken", ".txt", ".py")
_WEIGHTS = (".safetensors", ".bin", ".pt", ".gguf")
# Written by tools beside a model; they decide nothing.
_ASIDE = ("training_args.bin", "optimizer.pt", "scheduler.pt", "trainer_state.json", "rng_state.pth")
# What names where a model came from or who wrote the file.
_NAMES = ("_name_or_path", "transformers_version", "_commit_hash")
_NOTED_FROM = 1 << 24


def identity(model: str | Path) -> str:
    """`NAME@DIGEST`, such as `SmolLM2-135M-Instruct@3f2a9c01b5d4`.

    Of a folder the digest is of its content (`content_of_model`), and the name its last part. Of a name on the Hub it
    is the revision (commit) that lies in the local cache; before the model was fetched, and of a model behind a
    server, only the name is known: a server that serves other weights under the same name can't be told.
    """
    folder = Path(model)
    return f"{folder.resolve().name}@{content_of_model(folder)}" if folder.is_dir() else content(model)


def content(model: str | Path) -> str:
    """As `identity`; of a folder the digest alone."""
    if Path(model).is_dir():
        return content_of_model(Path(model))
    revision = cached_revision(str(model))
    return f"{model}@{revision[:12]}" if revision else str(model)


def content_of_model(folder: Path) -> str:
    """A digest (12 hex digits) of a model's configuration, tokenizer, chat template, code and weights.

    Weights are digested whole, since a fine-tuned model may differ in a few rows of one tensor, which samples of the
    file would miss. That takes about a second a gigabyte, once: digests of large files are noted under the user's
    cache folder by place, size and time of change. Files of the Hub's cache are named by their digest and aren't read.
    A model that was trained here names its base models: their content counts too, not their places.

    Raises:
        InputError: a file can't be read.
    """
    home = folder if (folder / "config.json").is_file() else folder / "model"
    home = home if (home / "config.json").is_file() else folder
    digest = hashlib.sha256()
    try:
        for path in _files(home):
            digest.update(f"{path.relative_to(home).as_posix()}\0{_content(path)}\n".encode())
    except OSError as error:
        raise InputError(
            f"{error.filename}: can't be read ({error.strerror}); mend the model's folder"
        ) from error
    return digest.hexdigest()[:12]


def cached_revision(name: str) -> str | None:
    """The commit of the Hub's model `name` that the local cache holds; None where there is none.

    The layout is huggingface_hub's: `models--OWNER--NAME/refs/main` holds the commit.
    """
    hub = os.environ.get("HF_HUB_CACHE") or Path(
        os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface"),
        "hub",
    )
    if "\0" in name or name.count("/") > 1:
        return None
    try:
        ref = Path(hub).expanduser() / f"models--{name.replace('/', '--')}" / "refs" / "main"
        return ref.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def _files(home: Path) -> list[Path]:
    found = [
        path
        for path in home.rglob("*")
        if path.suffix in _COUNTED
        and path.name not in _ASIDE
        and not any(part.startswith((".", "checkpoint-")) for part in path.relative_to(home).parts)
        and path.is_file()
    ]
    safe = any(path.suffix == ".safetensors" for path in found)
    return sorted(
        path for path in found if not (safe and path.suffix in _WEIGHTS and path.suffix != ".safetensors")
    )


def _content(path: Path) -> str:
    if path.name in ("config.json", "generation_config.json"):
        with suppress(ValueError):
            return hashlib.sha256(_bare(json.loads(path.read_bytes())).encode()).hexdigest()
    blob = path.resolve()
    # The Hub's cache names large files by their sha256.
    if blob.parent.name == "blobs" and len(blob.name) == 64:
        return blob.name
    status = path.stat()
    return _digest(str(blob), status.st_size, status.st_mtime_ns)


def _bare(config: Any) -> str:
    """A configuration without names of places; of base models that are folders the content stands for the place."""
    if isinstance(config, dict):
        config = {name: value for name, value in config.items() if name not in _NAMES}
        if config.get("model_type") == "cryfish":
            for part in ("encoder", "llm"):
                base = config.get(part)
                if isinstance(base, str):
                    config[part] = content(base)
    return json.dumps(config, sort_keys=True)


@lru_cache(maxsize=1024)
def _digest(path: str, size: int, changed: int) -> str:
    if size < _NOTED_FROM:
        return _sha256(path)
    # One small file a digest, so that processes needn't agree on who writes.
    key = hashlib.sha256(f"{path}\0{size}\0{changed}".encode(errors="surrogateescape")).hexdigest()
    note = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "cryfish" / "digests" / key
    with suppress(OSError, ValueError):
        noted = note.read_text(encoding="ascii")
        if len(noted) == 64:
            return noted
    digest = _sha256(path)
    with suppress(OSError):  # a cache, no more
        note.parent.mkdir(parents=True, exist_ok=True)
        written = note.with_name(f".{key}-{os.getpid()}")
        written.write_text(digest, encoding="ascii")
        written.replace(note)
    return digest


def _sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
