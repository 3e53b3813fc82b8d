"""prepare: a corpus on disk -> cut manifests, a quarantine file and a summary.

Clips stream through: a few chunks of them are in memory at a time, each probed in a worker, and a chunk's cuts are
one gzip member of their manifest. What a chunk becomes depends on nothing but its clips, so the bytes are the same
whatever the number of workers; and a run that was stopped goes on behind the last chunk it had noted.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ...errors import InputError
from ...files import json_line, read_json, read_jsonl, tree_signature, write_json
from ...files import replace as move
from ...outputs import Output, check_outputs, settled
from ...ownership import note, remove, temporary_beside
from ...progress import Bar
from ...quarantine import MAX_BAD, hold_share, too_many
from ...recipes.kit.corpus import Corpus, entries_of
from ...recipes.kit.cuts import MISSING
from ...recipes.kit.registry import Recipe, recipe
from ...recipes.kit.values import table_files
from ..audio.manifests import CORPUS_FILE
from ..engine.partitions import CONTENT, Counts, Partition, run_partition
from ..engine.processes import Engine
from .own.describe import Described
from .own.signature import params_of, signature
from .probe import Care, probe_all
from .resumable import NOTE, QUARANTINE, ResumableFolder
from .selection import EVERYTHING, Selection

STAGE = "prepare"


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
    care = Care(headers_only, fingerprints and not headers_only)
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


def _prepare(
    out: Path,
    found: Recipe,
    corpus_dir: Path,
    max_bad: float,
    selection: Selection,
    care: Care,
    digest: str,
    engine: Engine | None = None,
) -> Counts:
    corpus = found.corpus
    output = ResumableFolder(temporary_beside(out, "part"), STAGE, digest)
    clips = selection.of(found.found(corpus_dir), corpus)
    try:
        with _progress(corpus, selection, round(output.summary.hours, 3)) as progress:
            for probed in probe_all(islice(clips, output.clips, None), corpus, corpus_dir, care, engine):
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


def _finish(output: ResumableFolder, out: Path, found: Recipe, corpus_dir: Path, max_bad: float) -> Counts:
    corpus, summary = found.corpus, output.summary
    _refuse_unusable(output, out, corpus, corpus_dir, max_bad)
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
    (output.folder / NOTE).unlink(missing_ok=True)
    move(output.folder, out)
    remove(_rejected(out))
    return {"clips": content["clips"], "quarantined": sum(summary.bad.values()), "hours": content["hours"]}


def _refuse_unusable(
    output: ResumableFolder, out: Path, corpus: Corpus, corpus_dir: Path, max_bad: float
) -> None:
    """Raises InputError where no clip was found, or too many are bad; then the quarantine lies beside `out`."""
    summary = output.summary
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
        first = next(iter(read_jsonl(output.folder / QUARANTINE)))["path"]
        told = _rejected(out)
        note([told])
        (output.folder / QUARANTINE).replace(told)
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


def _rejected(out: Path) -> Path:
    """Where the quarantine lies of a corpus that was refused: `out` stays as it was."""
    return out.with_name(f"{out.name}.{QUARANTINE}")


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
