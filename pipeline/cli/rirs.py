"""rirs: making a bank of room impulse responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import InputError, faults_of, refuse
from ...outputs import Output, check_outputs
from ..inputs import existing_roots, named_folders, prepared_faults, root_faults
from .options import FILE, FOLDER, audio_root_option, jobs_option, max_bad_option, seed_option

if TYPE_CHECKING:
    from lhotse.cut import Cut

    from ..rirs.rirs import Bank

_NEAR = 0.1


@click.command("rirs")
@click.argument("out", type=FOLDER)
@click.option("--rooms", type=int, help="How many rooms to simulate; wins over the file's.  [default: 200]")
@click.option(
    "--spec", type=FILE, help="YAML file with what stands under a config's `rirs:` (sizes, T60, distances)."
)
@click.option(
    "--recorded",
    multiple=True,
    metavar="CORPUS=FOLDER",
    help="Prepared folder of a corpus of recorded impulse responses that join the bank; may be repeated.",
)
@max_bad_option
@audio_root_option
@seed_option
@jobs_option
def rirs_command(
    out: Path,
    rooms: int | None,
    spec: Path | None,
    recorded: tuple[str, ...],
    max_bad: float,
    audio_roots: dict[str, str],
    seed: int,
    jobs: int | None,
) -> None:
    """Make a bank of room impulse responses for the step `room`: simulated rooms, and recorded ones.

    OUT gets a WAV file for each room (a channel for each distance), bank.jsonl with a line for each impulse response,
    and quarantine.jsonl (recorded ones that can't be used, and why). Stopped, it goes on where it was.
    """
    import os

    from ...files import read_yaml
    from ..rirs.bank import STAGE, make_bank, progress_bar
    from ..rirs.recorded import prepared_cuts
    from ..rirs.specification import read_spec

    settings = read_yaml(spec) if spec is not None else {}
    if not isinstance(settings, Mapping):
        raise InputError(f"{spec}: must hold fields such as `rooms: 200`")
    folders, faults = named_folders("--recorded", recorded, "but_reverbdb=manifests/but_reverbdb")
    moved = existing_roots(audio_roots)
    unsafe = faults_of(check_outputs, [Output(out, "OUT", STAGE)], [*folders.values(), *filter(None, [spec])])
    refuse([*faults, *root_faults(audio_roots), *prepared_faults(folders, moved), *unsafe])
    content: dict[str, Any] = {"max_bad": max_bad, **settings}
    if rooms is not None:
        content["rooms"] = rooms
    if folders:
        content["recorded"] = list(dict.fromkeys([*(content.get("recorded") or ()), *folders]))

    def cuts(corpus: str) -> Iterator[Cut]:
        if corpus not in folders:
            raise InputError(f"{spec}: field 'recorded' names {corpus}; say --recorded {corpus}=FOLDER too")
        return prepared_cuts(folders[corpus], moved)

    checked = read_spec(content, str(spec) if spec is not None else "rirs")
    with progress_bar() as show:
        bank = make_bank(out, checked, seed, jobs=jobs or os.cpu_count() or 1, progress=show, recorded=cuts)
    for line in _summary(bank):
        click.echo(line)


def _summary(bank: Bank) -> Iterator[str]:
    from ...files import read_jsonl
    from ..rirs.rirs import QUARANTINE

    simulated = [rir for rir in bank.rirs if rir.target_rt60_s is not None]
    recorded = len(bank) - len(simulated)
    yield (
        f"{bank.folder}: {len(bank.rooms):,} rooms, {len(bank):,} impulse responses"
        + (f" ({recorded:,} of them recorded)" if recorded else "")
        + ", "
        + ", ".join(f"{len(bank.for_role(role)):,} {role}" for role in ("train", "dev", "test"))
    )
    times = [rir.rt60_s for rir in bank.rirs if rir.rt60_s is not None]
    distances = [rir.distance_m for rir in bank.rirs if rir.distance_m is not None]
    yield (
        f"T60 {min(times):.2f} to {max(times):.2f} s{_unknown(len(bank) - len(times))}, "
        f"distances {min(distances):.2f} to {max(distances):.2f} m{_unknown(len(bank) - len(distances))}"
    )
    near = sum(abs((rir.rt60_s or 0) / (rir.target_rt60_s or 1) - 1) <= _NEAR for rir in simulated)
    yield f"the measured T60 is within {_NEAR:.0%} of its target for {near / len(simulated):.1%} of the simulated ones"
    listing = bank.folder / QUARANTINE
    if listing.is_file():
        bad = list(read_jsonl(listing))
        yield f"quarantined: {len(bad)} recorded ones (see {listing}); the first: {bad[0]['id']} {bad[0]['reason']}"


def _unknown(count: int) -> str:
    return f" ({count:,} unknown)" if count else ""
