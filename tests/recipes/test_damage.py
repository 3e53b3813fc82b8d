"""Damaged metadata, over all recipes, files and kinds of damage: a clip is as it was, or told, or nothing is read.

A clip is told when the quarantine has its id or its file, or, for damage to one line, when it names that file. What
can never be is another split, another fact, fewer facts or an id that wasn't there.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.recipes.corpus import BadClip, Clip, Corpus
from cryfish.recipes.cuts import cut_from_clip
from cryfish.recipes.registry import corpora, recipe

NAMES = sorted(corpora())

AUDIO = {".wav", ".flac", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".sph"}

RUBBISH = "%?&"

Miniature = Callable[[str], Path]
Clips = dict[str, Clip]
Told = list[BadClip]


def _read(name: str, folder: Path) -> tuple[Clips, Told, list[Any]]:
    """The clips whose audio opens, the bad ones, and the trials. The samples aren't looked at: they aren't damaged."""
    found = recipe(name)
    clips: Clips = {}
    told: Told = []
    for clip in found.clips(folder):
        try:
            if isinstance(clip, BadClip):
                raise clip
            cut_from_clip(clip, found.corpus, folder)
            clips[clip.id] = clip
        except BadClip as problem:
            told.append(problem)
    return clips, told, list(found.trials(folder))


# Damage to a whole file.


def _drop_last_column(content: bytes) -> bytes:
    lines = content.splitlines()
    return b"".join(line.rpartition(_separator(content))[0] + b"\n" for line in lines)


WHOLE: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda content: None,
    "empty": lambda content: b"",
    "zeros": lambda content: bytes(len(content)),
    "wrong encoding": lambda content: content.replace(b"\n", b"\xff\xfe\n"),
    "another file": lambda content: b"<html>\n<body>Sign in, please</body>\n",
    "without a column": _drop_last_column,
    "cut short": lambda content: content[: len(content) * 2 // 3],
    "cut at a line": lambda content: b"".join((lines := content.splitlines(True))[: len(lines) // 2]),
    "cut in the last line": lambda content: content[:-3],
}

# Damage to one line, in the middle of those that say something.


def _separator(content: bytes) -> bytes:
    first = content.partition(b"\n")[0]
    return next((mark for mark in (b"\t", b"|", b",", b" ") if mark in first), b" ")


def _swap(line: bytes, mark: bytes) -> bytes:
    first, _, rest = line.rstrip(b"\r\n").partition(mark)
    second, more, rest = rest.partition(mark)
    return second + mark + first + more + rest + b"\n"


LINE: dict[str, Callable[[bytes, bytes], bytes]] = {
    "lost": lambda line, mark: b"",
    "zeros": lambda line, mark: (half := line.rstrip(b"\r\n")[: len(line) // 2]) + bytes(len(half)) + b"\n",
    "first column lost": lambda line, mark: line.partition(mark)[2],
    "last column lost": lambda line, mark: line.rstrip(b"\r\n").rpartition(mark)[0] + b"\n",
    "columns swapped": _swap,
    "glued to the next": lambda line, mark: line.rstrip(b"\r\n"),
    "doubled": lambda line, mark: line + line,
}


def _damaged(content: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Every damage to a file by its name: the same ones every time."""
    for name, change in WHOLE.items():
        yield name, change(content)
    lines = content.splitlines(keepends=True)
    mark = _separator(content)
    for place in sorted({len(lines) // 2, len(lines) - 1} if lines else ()):
        where = f"line {place + 1}"
        for name, damage in LINE.items():
            yield (
                f"{where} {name}",
                b"".join([*lines[:place], damage(lines[place], mark), *lines[place + 1 :]]),
            )
        cells = lines[place].rstrip(b"\r\n").split(mark)
        for column in range(min(len(cells), 16)):
            rubbish = mark.join([*cells[:column], RUBBISH.encode(), *cells[column + 1 :]]) + b"\n"
            yield (
                f"{where} rubbish in column {column + 1}",
                b"".join([*lines[:place], rubbish, *lines[place + 1 :]]),
            )
    yield from _damaged_json(content)


def _damaged_json(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every value of a small JSON file replaced by rubbish of its own type and of another, and left out."""
    try:
        document = json.loads(content)
    except ValueError:
        return
    for keys in _leaves(document):
        path = "/".join(map(str, keys))
        for damage in ("rubbish", "null", "left out"):
            copy = json.loads(content)
            holder = copy
            for key in keys[:-1]:
                holder = holder[key]
            if damage == "left out":
                del holder[keys[-1]]
            else:
                holder[keys[-1]] = RUBBISH if damage == "rubbish" else None
            yield f"{path} {damage}", json.dumps(copy, ensure_ascii=False).encode()


def _leaves(value: Any) -> Iterator[list[Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield [key]
        for keys in _leaves(inner):
            yield [key, *keys]


def _as_told(before: Clip, after: Clip, optional: bool) -> list[str]:
    """What is another in a clip; rubbish where the file says rubbish isn't: a free text may be anything."""
    faults = []
    if after.split != before.split:
        faults.append(f"split {before.split} -> {after.split}")
    if (after.audio, after.start, after.duration) != (before.audio, before.start, before.duration):
        faults.append(
            f"audio {before.audio} {before.start} {before.duration} -> {after.audio} {after.start} {after.duration}"
        )
    for fact in sorted(before.facts.keys() | after.facts.keys()):
        old, new = before.facts.get(fact), after.facts.get(fact)
        if old == new or RUBBISH in str(new):
            continue
        if new is None and optional:
            continue
        faults.append(f"{fact} {old!r} -> {new!r}")
    return faults


def _faults(
    name: str, folder: Path, path: Path, damage: str, before: tuple[Clips, Told, list[Any]]
) -> list[str]:
    """What is wrong with what a recipe reads now."""
    try:
        clips, told, trials = _read(name, folder)
    except InputError as error:
        complaint = str(error)
        faults = [] if str(folder) in complaint else [f"the complaint names no file: {complaint}"]
        return faults if len(complaint.splitlines()) == 1 else [*faults, f"not one line: {complaint}"]
    except Exception as error:  # a crash is one more fault of the list
        return [f"crash: {error!r}"]
    inner = path.relative_to(folder).as_posix()
    optional = damage == "missing" and _is_optional(recipe(name).corpus, inner)
    was, told_before, trials_before = before
    faults = [f"new id {clip}" for clip in clips.keys() - was.keys()]
    told_before_as = [str(problem) for problem in told_before]
    new = [problem for problem in told if str(problem) not in told_before_as]
    ids, files = {problem.clip_id for problem in new}, {str(problem.path) for problem in new}
    names_the_file = any(problem.path == inner or path.name in problem.reason for problem in new)
    by_line = names_the_file and (
        damage.startswith("line") or "/" in damage or damage == "cut in the last line"
    )
    for clip_id, clip in was.items():
        if clip_id in clips:
            faults += [f"{clip_id}: {fault}" for fault in _as_told(clip, clips[clip_id], optional)]
        elif not (clip_id in ids or clip.audio.as_posix() in files or by_line):
            faults.append(f"{clip_id} vanished")
    if set(trials) - set(trials_before):
        faults.append(f"other trials {set(trials) - set(trials_before)}")
    if len(set(trials)) < len(set(trials_before)) and not optional:
        faults.append("trials vanished")
    return faults


def _is_optional(corpus: Corpus, inner: str) -> bool:
    return any(Path(inner).match(pattern) for pattern in corpus.optional)


@pytest.mark.parametrize("name", NAMES)
def test_damaged_metadata_changes_no_clip_without_a_word(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    before = _read(name, folder)
    assert before[0]
    faults = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix.lower() in AUDIO:
            continue
        content = path.read_bytes()
        for damage, changed in _damaged(content):
            if changed == content:
                continue
            if changed is None:
                path.unlink()
            else:
                path.write_bytes(changed)
            found = _faults(name, folder, path, damage, before)
            faults += [f"{path.relative_to(folder)}, {damage}: {fault}" for fault in found]
        path.write_bytes(content)
    assert faults == [], "\n".join(faults)
