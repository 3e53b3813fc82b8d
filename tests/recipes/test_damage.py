"""Damaged metadata, over all recipes, files and kinds of damage: a clip is as it was, or told, or nothing is read.

A clip is told when the quarantine has its id or its file, or, for damage to one line, when it names that file. What
can never be is another split, another fact, fewer facts or an id that wasn't there.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.corpus import BadClip, Clip
from cryfish.recipes.kit.cuts import cut_from_clip
from cryfish.recipes.kit.registry import corpora, recipe

NAMES = sorted(corpora())

AUDIO = {".wav", ".flac", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".sph"}

RUBBISH = "%?&"

PROSE = {
    "l2_arctic": "*/transcript/*.txt",
    "libritts_r": "*.normalized.txt",
    "librosa_examples": "audio/*.txt",
    "timit": "*.TXT",
    "tuxpaint": "*.txt",
    "vctk": "txt/*/*.txt",
    "voicebank_demand": "*_txt/*.txt",
}
"""Files with the words of one clip and no form: of other words nobody can tell that they aren't those published."""

UNKNOWABLE = {
    "asterisk": (
        r"cut at a line|missing|without a word|line \d+ (lost|last word lost|rubbish in column \d+)",
        r"gender|language|speaker|text",
        "a prompt is a sound where a list of any language says so",
    ),
    "commonvoice": (
        r"line \d+ rubbish in column 10",
        r"accent",
        "volunteers may write anything there, and only the accents of the site's own list are taken",
    ),
    "covost2": (
        r"missing",
        r"translations|new id common_voice_en_11",
        "a copy holds the languages translated into that were fetched",
    ),
    "fma": (
        r"line 5 (last column lost|glued to the next)|line 6 columns swapped",
        r"title",
        "a line break within quotation marks",
    ),
    "irmas": (r"cut at a line|line \d+ (first column )?lost", r"instruments", "as many lines as instruments"),
    "mtg_jamendo": (
        r"without a column|line \d+ last column lost",
        r"music_tags|instruments",
        "as many columns as tags",
    ),
    "voxconverse": (
        r"cut at a line|cut short|line \d+ lost",
        r"vanished|new id",
        "as many lines as turns, and no count of them",
    ),
    "tedlium3": (r"cut at a line|line \d+ lost", r"vanished", "as many lines as stretches"),
}
"""What no reader can notice, since the shorter file is one that might have been published: damage, fault, why."""

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
    column = "word" if _separator(content) == b" " else "column"
    for name, change in WHOLE.items():
        yield name.replace("column", column), change(content)
    lines = content.splitlines(keepends=True)
    mark = _separator(content)
    for place in sorted({len(lines) // 2, len(lines) - 1} if lines else ()):
        where = f"line {place + 1}"
        for name, damage in LINE.items():
            yield (
                f"{where} {name.replace('column', column)}",
                b"".join([*lines[:place], damage(lines[place], mark), *lines[place + 1 :]]),
            )
        cells = lines[place].rstrip(b"\r\n").split(mark)
        for place_in in range(min(len(cells), 16)):
            rubbish = mark.join([*cells[:place_in], RUBBISH.encode(), *cells[place_in + 1 :]]) + b"\n"
            yield (
                f"{where} rubbish in column {place_in + 1}",
                b"".join([*lines[:place], rubbish, *lines[place + 1 :]]),
            )
    yield from _damaged_json(content)


def _damaged_json(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every value of a small JSON file replaced by rubbish."""
    try:
        document = json.loads(content)
    except ValueError:
        return
    for keys in _leaves(document):
        holder = copy = json.loads(content)
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = RUBBISH
        yield f"{'/'.join(map(str, keys))} rubbish", json.dumps(copy, ensure_ascii=False).encode()


def _leaves(value: Any) -> Iterator[list[Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield [key]
        for keys in _leaves(inner):
            yield [key, *keys]


def _as_told(before: Clip, after: Clip, damage: str, without: bool, prose: bool) -> list[str]:
    """What is another in a clip.

    Rubbish where the file says rubbish isn't: a free text may be anything. A sentence without its last word is one too.
    `without` an optional file there are fewer facts.
    """
    faults = []
    if after.split != before.split:
        faults.append(f"split {before.split} -> {after.split}")
    if (after.audio, after.start, after.duration) != (before.audio, before.start, before.duration):
        faults.append(
            f"audio {before.audio} {before.start} {before.duration} -> {after.audio} {after.start} {after.duration}"
        )
    if RUBBISH in str(after.facts):
        return faults
    for fact in sorted(before.facts.keys() | after.facts.keys()):
        old, new = before.facts.get(fact), after.facts.get(fact)
        shorter = "word" in damage and isinstance(old, str) and old.startswith(str(new))
        if (
            old != new
            and not (new is None and without)
            and not (shorter or (prose and (new or "word" in damage)))
        ):
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
    inner = path.relative_to(folder)
    without = damage == "missing" and any(inner.match(pattern) for pattern in recipe(name).corpus.optional)
    prose = name in PROSE and inner.match(PROSE[name])
    was, told_before, trials_before = before
    known = was.keys() | ({problem.clip_id for problem in told_before} if without else set())
    faults = [f"new id {clip}" for clip in clips.keys() - known if RUBBISH not in str(clips[clip].facts)]
    told_already = set(map(str, told_before))
    new = [problem for problem in told if str(problem) not in told_already]
    ids, files = {problem.clip_id for problem in new}, {problem.path for problem in new}
    line_is_told = damage.startswith("line") or "/" in damage or damage == "cut in the last line"
    line_is_told &= any(
        problem.path == inner.as_posix() or path.name in problem.reason or RUBBISH in str(problem)
        for problem in new
    )
    for clip_id, clip in was.items():
        if clip_id in clips:
            changes = _as_told(clip, clips[clip_id], damage, without, prose)
            faults += [f"{clip_id}: {change}" for change in changes]
        elif not (clip_id in ids or clip.audio.as_posix() in files or line_is_told):
            faults.append(f"{clip_id} vanished")
    faults += [f"other trial {trial}" for trial in {*trials} - {*trials_before}]
    if name in UNKNOWABLE:
        damages, kinds, _ = UNKNOWABLE[name]
        faults = [
            fault for fault in faults if not (re.fullmatch(damages, damage) and re.search(kinds, fault))
        ]
    return faults


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
