"""prepare: a corpus on disk -> cut manifests, a quarantine file and a summary.

Clips stream through: a few chunks of them are in memory at a time, each probed in a worker, and a chunk's cuts are
one gzip member of their manifest. What a chunk becomes depends on nothing but its clips, so the bytes are the same
whatever the number of workers; and a run that was stopped goes on behind the last chunk it had noted.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from lhotse import MonoCut
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE
from ...errors import InputError
from ...files import fsync_path, json_line, read_json, read_jsonl, tree_signature, write_json
from ...files import replace as move
from ...outputs import Output, check_outputs, settled
from ...ownership import LEDGER, begin_folder, note, remove, temporary_beside
from ...progress import Bar
from ...quarantine import MAX_BAD, hold_share, kind_of, too_many
from ...recipes.kit.corpus import BadClip, Clip, Corpus, Found, LeftOut, Role, entries_of
from ...recipes.kit.cuts import MISSING, check_audio, cut_from_clip, cut_to_json
from ...recipes.kit.hours import Hours, hours_in
from ...recipes.kit.languages import speaks
from ...recipes.kit.registry import Recipe, recipe
from ...recipes.kit.values import table_files
from ..audio.levels import Meter, with_note
from ..audio.manifests import CORPUS_FILE, CUTS_SUFFIX
from ..audio.resampled import Resampled
from ..engine.partitions import CONTENT, Counts, Engine, Partition, run_partition
from .contamination.peaks import Ear, pack
from .contamination.prints import PRINTS_SUFFIX, record
from .own.named import Described, params_of, signature

STAGE = "prepare"
CHUNK = 256
NOTE_EVERY_S = 10.0

_NOTE = "progress.json"
_QUARANTINE = "quarantine.jsonl"


@dataclass(frozen=True)
class Selection:
    """Which clips of a corpus to prepare: all that pass every test that is set.

    `languages` are codes, in letters of any case; `es` also takes `es-mx`. `hours` takes that share of the published
    hours of these splits and languages (`kit.hours`), chosen by a hash of the clip's id, so that a larger number adds
    clips and keeps those there. `limit` takes the first clips.
    """

    splits: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: float | None = None
    limit: int | None = None

    def check(self, corpus: Corpus) -> None:
        """Raises InputError for a split or language that the corpus doesn't have, or a part of hours nobody tells."""
        for split in self.splits:
            if split not in corpus.splits:
                raise InputError(
                    f"--split {split}: {corpus.title} has no such split; there are {', '.join(corpus.splits)}"
                )
        for language in self.languages:
            if (
                corpus.languages
                and not corpus.own
                and not any(speaks(known, language) for known in corpus.languages)
            ):
                raise InputError(
                    f"--language {language}: {corpus.title} doesn't have it; it has {', '.join(corpus.languages)}"
                )
        if self.hours is not None and corpus.own:
            raise InputError(
                f"hours: how many hours {corpus.title} has isn't known before it is prepared; leave 'hours' out"
            )
        if self.hours is not None and not self.published(corpus).exact:
            raise InputError(
                f"--hours {self.hours:g}: how many hours these splits or languages of {corpus.title} have isn't "
                "published, so no part of them can be taken; leave out --hours, or --split and --language"
            )

    def published(self, corpus: Corpus) -> Hours:
        """The published hours of the splits and languages, of which `hours` is a part."""
        return hours_in(corpus, self.splits, self.languages)

    def of(self, clips: Iterable[Found], corpus: Corpus) -> Iterator[Found]:
        """The chosen clips; a BadClip counts as chosen, since what it is can't be known."""
        share = 1.0 if self.hours is None else self.hours / max(self.published(corpus).all, 1e-9)
        taken = 0
        for clip in clips:
            if taken == self.limit:
                return
            if isinstance(clip, BadClip) or self._takes(clip, share):
                taken += not isinstance(clip, LeftOut)
                yield clip

    def _takes(self, clip: Clip | LeftOut, share: float) -> bool:
        if self.splits and clip.split not in self.splits:
            return False
        if self.languages and isinstance(clip, Clip):
            spoken = str(clip.facts.get("language", ""))
            if not any(speaks(spoken, language) for language in self.languages):
                return False
        if share < 1:
            digest = hashlib.blake2b(clip.id.encode(), digest_size=8).digest()
            return int.from_bytes(digest, "big") / 2**64 < share
        return True


EVERYTHING = Selection()


def prepare_partition(
    name: str,
    corpus_dir: Path,
    out: Path,
    *,
    max_bad: float = MAX_BAD,
    selection: Selection = EVERYTHING,
    headers_only: bool = False,
    fingerprints: bool = False,
    own: Described | None = None,
) -> Partition:
    """The partition that prepares one corpus into the folder `out`; `own` describes one that has no recipe.

    Raises:
        InputError: no recipe of this name, the corpus folder is missing, or the selection asks for what isn't there.
    """
    found = _checked_recipe(name, corpus_dir, selection, own)
    corpus = found.corpus
    params = {
        # A corrected figure decides no clip, but where it is a share of it that is asked for.
        "corpus": json.loads(json.dumps(asdict(replace(corpus, hours=0.0)), default=str)),
        "dir": str(corpus_dir.resolve()),
        f"{CONTENT}the corpus folder": signature(own.own) if own else tree_signature(corpus_dir),
        **(params_of(own.own) if own else {}),
        "max_bad": max_bad,
        "selection": asdict(selection),
        "published_hours": None if selection.hours is None else selection.published(corpus).all,
        "headers_only": headers_only,
        "fingerprints": fingerprints,
    }
    care = _Care(headers_only, fingerprints and not headers_only)
    partition = Partition(
        name=f"prepare/{name}",
        output=out,
        work=_prepare,
        arguments=(found, corpus_dir.resolve(), max_bad, selection, care),
        inputs=table_files(corpus.facts),
        params=params,
        in_place=True,
        folder=STAGE,
        roots=(found.home,),
    )
    # What a stopped run left goes on only when all is as it was.
    return replace(partition, arguments=(*partition.arguments, partition.fingerprint()))


def _check_same_corpus(name: str, out: Path) -> None:
    if (out / CORPUS_FILE).is_file():
        held = read_json(out / CORPUS_FILE).get("corpus")
        if held != name:
            raise InputError(f"OUT: {out} holds another corpus ({held}); choose another folder for {name}")


def _checked_recipe(
    name: str, corpus_dir: Path, selection: Selection, own: Described | None = None
) -> Recipe:
    found = own.recipe if own else recipe(name)
    if not corpus_dir.is_dir():
        raise InputError(
            f"{corpus_dir}: no such folder; give the folder of {found.corpus.title} (see {found.corpus.homepage})"
        )
    selection.check(found.corpus)
    return found


def prepare_corpus(
    name: str,
    corpus_dir: Path,
    out: Path,
    *,
    engine: Engine,
    max_bad: float = MAX_BAD,
    selection: Selection = EVERYTHING,
    headers_only: bool = False,
    fingerprints: bool = False,
    own: Described | None = None,
) -> dict[str, Any]:
    """Prepares one corpus and returns its summary; nothing is done twice, and a stopped run goes on.

    `own` describes a corpus that has no recipe (`own.describe`); its name and home are `name` and `corpus_dir` then.
    With `headers_only` no audio is decoded: damage and silence behind a good header aren't noticed until `shard`. With
    `fingerprints` those of the clips lie beside each manifest, for keeping train and test apart.

    Raises:
        InputError: no such recipe or folder, `out` isn't ours or holds another corpus, a layout that isn't the
            corpus', or too many bad clips.
    """
    _checked_recipe(name, corpus_dir, selection, own)
    inputs = own.own.inputs() if own else (corpus_dir,)
    check_outputs([Output(out, "OUT", STAGE)], inputs)
    out = settled(out)
    _check_same_corpus(name, out)
    partition = prepare_partition(
        name,
        corpus_dir,
        out,
        max_bad=max_bad,
        selection=selection,
        headers_only=headers_only,
        fingerprints=fingerprints,
        own=own,
    )
    check_outputs([Output(partition.record, "OUT"), Output(_rejected(out), "OUT")], inputs)
    if partition.done() is None:
        # It runs here and not in a worker: it hands the clips themselves out to the workers.
        run_partition(replace(partition, arguments=(*partition.arguments, engine)))
    summary: dict[str, Any] = read_json(out / "summary.json")
    return summary


@dataclass
class _Summary:
    """What a corpus turned out to hold, counted while it streams by; adds up."""

    clips: Counter[str] = field(default_factory=Counter)
    # Whole nanoseconds add up to the same in any order.
    nanoseconds: Counter[str] = field(default_factory=Counter)
    speakers: dict[str, set[str]] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    left_out_nanoseconds: Counter[str] = field(default_factory=Counter)

    def leave_out(self, left: LeftOut) -> None:
        self.left_out[left.reason] += 1
        if left.seconds is not None:
            self.left_out_nanoseconds[left.reason] += round(left.seconds * 1e9)

    def add(self, split: str, duration: float, facts: Mapping[str, Any]) -> None:
        self.clips[split] += 1
        self.nanoseconds[split] += round(duration * 1e9)
        self.facts.update(facts.keys())
        if "speaker" in facts:
            self.speakers.setdefault(split, set()).add(facts["speaker"])
        if "language" in facts:
            self.languages[facts["language"]] += 1

    def merge(self, other: _Summary) -> None:
        for mine, theirs in (
            (self.clips, other.clips),
            (self.nanoseconds, other.nanoseconds),
            (self.languages, other.languages),
            (self.facts, other.facts),
            (self.bad, other.bad),
            (self.left_out, other.left_out),
            (self.left_out_nanoseconds, other.left_out_nanoseconds),
        ):
            mine.update(theirs)
        for split, speakers in other.speakers.items():
            self.speakers.setdefault(split, set()).update(speakers)

    @property
    def hours(self) -> float:
        return sum(self.nanoseconds.values()) / 3.6e12

    def crossing(self, splits: Mapping[str, Role]) -> set[str]:
        """The speakers who are met in more than one of train, dev and test."""
        roles: dict[Role, set[str]] = {}
        for split, speakers in self.speakers.items():
            roles.setdefault(splits[split], set()).update(speakers)
        met = Counter(speaker for speakers in roles.values() for speaker in speakers)
        return {speaker for speaker, count in met.items() if count > 1}

    def note(self) -> dict[str, Any]:
        speakers = {split: sorted(names) for split, names in self.speakers.items()}
        return {**vars(self), "speakers": speakers}

    @classmethod
    def from_note(cls, content: Mapping[str, Any]) -> _Summary:
        counters = {name: Counter(content[name]) for name in content if name != "speakers"}
        return cls(speakers={split: set(names) for split, names in content["speakers"].items()}, **counters)

    def to_json(self, corpus: Corpus) -> dict[str, Any]:
        return {
            "corpus": corpus.name,
            "clips": sum(self.clips.values()),
            "hours": round(self.hours, 4),
            "speakers": len(set().union(*self.speakers.values())),
            "speakers_across_roles": len(self.crossing(corpus.splits)),
            "languages": dict(sorted(self.languages.items())),
            "splits": {
                split: {
                    "clips": self.clips[split],
                    "hours": round(self.nanoseconds[split] / 3.6e12, 4),
                    "speakers": len(self.speakers.get(split, ())),
                }
                for split in sorted(self.clips)
            },
            "facts": dict(sorted(self.facts.items())),
            "quarantined": dict(sorted(self.bad.items())),
            # Where a reason's length can't be known without opening the audio, its hours are null.
            "left_out": {
                reason: {
                    "stretches": count,
                    "hours": round(self.left_out_nanoseconds[reason] / 3.6e12, 4)
                    if reason in self.left_out_nanoseconds
                    else None,
                }
                for reason, count in sorted(self.left_out.items())
            },
        }


@dataclass
class _Probed:
    """What a chunk of clips became: gzip members for the files of each split, and the lines for the quarantine."""

    clips: int
    members: dict[str, bytes]
    quarantined: bytes
    summary: _Summary


@dataclass(frozen=True)
class _Care:
    """What is done to a clip beside opening it."""

    headers_only: bool
    fingerprints: bool


def _probe(clips: list[Found], corpus: Corpus, corpus_dir: Path, care: _Care) -> _Probed:
    lines: dict[str, list[str]] = {}
    prints: dict[str, list[bytes]] = {}
    quarantined: list[str] = []
    summary = _Summary()
    for clip in clips:
        if isinstance(clip, LeftOut):
            summary.leave_out(clip)
            continue
        try:
            if isinstance(clip, BadClip):
                raise clip
            cut = cut_from_clip(clip, corpus, corpus_dir)
            if not care.headers_only:
                cut, heard = _decoded(cut, corpus_dir, care)
                if clip.channel is not None and cut.channel != clip.channel:
                    raise BadClip(
                        clip.id, clip.audio, f"its channel {clip.channel} is silent beside another one"
                    )
                prints.setdefault(clip.split, []).append(heard)
        except BadClip as bad:
            record = {"id": f"{corpus.name}-{bad.clip_id}", "path": bad.path, "reason": bad.reason}
            quarantined.append(json_line(record))
            summary.bad[kind_of(bad.reason)] += 1
            continue
        lines.setdefault(clip.split, []).append(json_line(cut_to_json(cut)))
        summary.add(clip.split, cut.duration, clip.facts)
    content = {
        f"{split}{CUTS_SUFFIX}": "".join(text).encode("utf-8", "replace") for split, text in lines.items()
    }
    if care.fingerprints:
        content |= {f"{split}{PRINTS_SUFFIX}": b"".join(records) for split, records in prints.items()}
    members = {name: gzip.compress(data, compresslevel=4, mtime=0) for name, data in content.items()}
    return _Probed(len(clips), members, "".join(quarantined).encode("utf-8", "replace"), summary)


def _decoded(cut: MonoCut, corpus_dir: Path, care: _Care) -> tuple[MonoCut, bytes]:
    """The cut, checked, with notes of what is heard of it (its level, its own noise, where it sounds).

    Beside it the record of its fingerprint, if that is wanted. Raises BadClip.
    """
    checked, meter, ear = _heard(cut, corpus_dir, care)
    if checked.channel != cut.channel:
        checked, meter, ear = _heard(checked, corpus_dir, care)
    heard = meter.heard()
    return (
        checked if heard is None else with_note(checked, heard),
        b"" if ear is None else record(pack(ear.peaks())),
    )


def _heard(cut: MonoCut, corpus_dir: Path, care: _Care) -> tuple[MonoCut, Meter, Ear | None]:
    rate = cut.sampling_rate
    resampled, meter = Resampled(rate), Meter(SAMPLE_RATE)
    ear = Ear(min(rate, SAMPLE_RATE)) if care.fingerprints else None

    def hear(samples: NDArray[np.float32]) -> None:
        wide = resampled.of(samples)
        meter.hear(wide)
        if ear is not None:
            ear.hear(samples if rate <= SAMPLE_RATE else wide)

    checked = check_audio(cut, corpus_dir, hear)
    rest = resampled.rest()
    meter.hear(rest)
    if ear is not None and rate > SAMPLE_RATE:
        ear.hear(rest)
    return checked, meter, ear


def _probed(
    clips: Iterator[Found],
    corpus: Corpus,
    corpus_dir: Path,
    care: _Care,
    engine: Engine | None,
) -> Iterator[_Probed]:
    """The chunks in the clips' order; only some of them are ahead of the writer, so memory stays flat."""
    chunks = iter(lambda: list(islice(clips, CHUNK)), [])
    if engine is None or engine.jobs == 1:
        for chunk in chunks:
            yield _probe(chunk, corpus, corpus_dir, care)
        return
    pool, ahead = engine.pool, 2 * engine.jobs + 2
    running = [pool.submit(_probe, chunk, corpus, corpus_dir, care) for chunk in islice(chunks, ahead)]
    while running:
        first = running.pop(0)
        yield first.result()
        running.extend(pool.submit(_probe, chunk, corpus, corpus_dir, care) for chunk in islice(chunks, 1))


class _Output:
    """The folder being made: files that grow, and now and then a note of how far they are good."""

    def __init__(self, folder: Path, digest: str) -> None:
        self.folder = folder
        self.summary = _Summary()
        self.clips = 0
        self._digest = digest
        self._noted = time.monotonic()
        self._sizes: dict[str, int] = {_QUARANTINE: 0}
        if not self._resume():
            remove(folder)
            begin_folder(folder, STAGE)
            (folder / _QUARANTINE).touch()

    def _resume(self) -> bool:
        note = self.folder / _NOTE
        if not note.is_file():
            return False
        content = read_json(note)
        if content["digest"] != self._digest:
            return False
        for path in self.folder.iterdir():
            if path.name in content["sizes"]:
                os.truncate(path, content["sizes"][path.name])
            elif path.name not in (_NOTE, LEDGER):
                remove(path)
        self._sizes, self.clips = content["sizes"], content["clips"]
        self.summary = _Summary.from_note(content["summary"])
        return True

    def add(self, probed: _Probed) -> None:
        for name, member in probed.members.items():
            self._append(name, member)
        if probed.quarantined:
            self._append(_QUARANTINE, probed.quarantined)
        self.summary.merge(probed.summary)
        self.clips += probed.clips
        if time.monotonic() - self._noted > NOTE_EVERY_S:
            self.note()
            self._noted = time.monotonic()

    def _append(self, name: str, data: bytes) -> None:
        with (self.folder / name).open("ab") as stream:
            stream.write(data)
        self._sizes[name] = self._sizes.get(name, 0) + len(data)

    def note(self) -> None:
        for name in self._sizes:
            fsync_path(self.folder / name)
        content = {
            "digest": self._digest,
            "clips": self.clips,
            "sizes": self._sizes,
            "summary": self.summary.note(),
        }
        write_json(self.folder / _NOTE, content)


def _prepare(
    out: Path,
    found: Recipe,
    corpus_dir: Path,
    max_bad: float,
    selection: Selection,
    care: _Care,
    digest: str,
    engine: Engine | None = None,
) -> Counts:
    corpus = found.corpus
    output = _Output(temporary_beside(out, "part"), digest)
    clips = selection.of(found.found(corpus_dir), corpus)
    try:
        with _progress(corpus, selection, round(output.summary.hours, 3)) as progress:
            for probed in _probed(islice(clips, output.clips, None), corpus, corpus_dir, care, engine):
                output.add(probed)
                good, bad = (sum(counted.values()) for counted in (output.summary.clips, output.summary.bad))
                progress.update(probed.summary.hours)
                progress.note(f"{good:,} clips, {bad} bad")
    except KeyboardInterrupt:
        output.note()
        raise
    except InputError:
        remove(output.folder)
        raise
    return _finish(output, out, found, corpus_dir, max_bad)


def _progress(corpus: Corpus, selection: Selection, done: float) -> Bar:
    """A bar in hours of audio: how many clips there will be isn't known, how many hours were published is."""
    published = selection.published(corpus)
    known = published.exact and not selection.limit
    total = min(selection.hours or published.all, published.all) if known else None
    bar = "{desc}: {n:.2f}" + ("/{total:.2f} h [{elapsed}<{remaining}" if total else " h [{elapsed}")
    look: dict[str, Any] = {"leave": False, "bar_format": bar + ", {rate_noinv_fmt}{postfix}]"}
    return Bar(f"prepare {corpus.name}", total, unit="h", done=done, **look)


def _finish(output: _Output, out: Path, found: Recipe, corpus_dir: Path, max_bad: float) -> Counts:
    corpus, summary = found.corpus, output.summary
    good, bad = sum(summary.clips.values()), sum(summary.bad.values())
    if good == 0 and bad == 0:
        remove(output.folder)
        raise InputError(
            f"{corpus_dir}: no clip of {corpus.title} found here (it holds {entries_of(corpus_dir)}); check the "
            f"folder's layout ({corpus.homepage}) and what --split and --language ask for"
        )
    held = bad - (summary.bad[MISSING] if corpus.gaps else 0)
    if good == 0 or too_many(held, good + held, max_bad):
        reason, count = summary.bad.most_common(1)[0]
        first = next(iter(read_jsonl(output.folder / _QUARANTINE)))["path"]
        told = _rejected(out)
        note([told])
        (output.folder / _QUARANTINE).replace(told)
        remove(output.folder)
        if good == 0:
            raise InputError(
                f"{corpus_dir}: none of {bad:,} clips of {corpus.title} can be used ({count:,} of them: {reason}; "
                f"all in {told}); the first was looked for at {first}, and the folder holds "
                f"{entries_of(corpus_dir)}; check its layout ({corpus.homepage}) and what was asked for"
            )
        hold_share(
            summary.bad,
            good + bad,
            max_bad,
            of=f"clips of {corpus.title} in {corpus_dir}",
            told=str(told),
            fix="mend the corpus",
        )
    content = summary.to_json(corpus)
    write_json(output.folder / "summary.json", content)
    write_json(
        output.folder / CORPUS_FILE,
        {
            "corpus": corpus.name,
            "dir": str(corpus_dir),
            "title": corpus.title,
            "description": corpus.description,
        },
    )
    _write_trials(output.folder, found, corpus_dir)
    (output.folder / _NOTE).unlink(missing_ok=True)
    move(output.folder, out)
    remove(_rejected(out))
    return {"clips": good, "quarantined": bad, "hours": content["hours"]}


def _rejected(out: Path) -> Path:
    """Where the quarantine lies of a corpus that was refused: `out` stays as it was."""
    return out.with_name(f"{out.name}.{_QUARANTINE}")


def _write_trials(folder: Path, found: Recipe, corpus_dir: Path) -> None:
    """`<list>.trials.jsonl` for each published list of trials, with the ids of cuts."""
    name = found.corpus.name
    with ExitStack() as stack:
        lists: dict[str, IO[str]] = {}
        for trials, trial in found.trials(corpus_dir):
            if trials not in lists:
                path = folder / f"{trials}.trials.jsonl"
                lists[trials] = stack.enter_context(path.open("w", encoding="utf-8"))
            record = {
                "first": f"{name}-{trial.first}",
                "second": f"{name}-{trial.second}",
                "same": trial.same,
            }
            lists[trials].write(json_line(record))
