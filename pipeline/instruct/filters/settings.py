"""The list of filters as a config writes it: names, and `{name: {option: value}}`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ....errors import InputError
from ....mistakes import read_section
from ....seams import blaming
from ....section import Section
from .candidate import ALL_FILTERS, FILTERS, Candidate, Verdict
from .duplicate import Duplicates
from .guess import AGREE, SAME_ANSWER, TRIES, Guessing
from .judge import MIN_RATING, Judging
from .llm import Llm

MAX_BINARY_SHARE = 0.2
"""Of what is kept, where `binary` is named without `max_share`."""

_LLM_OPTIONS = ("llm", "engine", "url", "batch_size", "device", "options")

OPTIONS: dict[str, tuple[str, ...]] = {
    "blind": ("tries", "agree", "same_answer", *_LLM_OPTIONS),
    "judge": ("min_rating", *_LLM_OPTIONS),
    "duplicate": ("max_per_corpus",),
    "binary": ("max_share",),
}
"""The options of the filters that have some; these look at the whole set too."""


@dataclass(frozen=True)
class Filters:
    """The filters to apply: `names` to each candidate, in order; the others then to all that is left, in the order of
    the fields. None stands for a filter that isn't asked for."""

    names: tuple[str, ...]
    options: Mapping[str, Section] = field(default_factory=dict)
    """Of those of the names that aren't our own."""
    guessing: Guessing | None = None
    judging: Judging | None = None
    duplicates: Duplicates | None = None
    max_binary_share: Fraction | None = None

    def judge(self, candidate: Candidate) -> list[Verdict]:
        """The verdicts against one candidate. What can't be parsed isn't judged further."""
        against = []
        for name in self.names:
            found = FILTERS[name] if name in FILTERS else ALL_FILTERS.get(name)
            with blaming(ALL_FILTERS, name):
                verdict = found(candidate, self.options[name]) if name in self.options else found(candidate)
            if not verdict.keep:
                against.append(verdict)
                if name == "unparseable":
                    return [verdict]
        return against

    @property
    def homes(self) -> tuple[str, ...]:
        """Where the code of those lies that aren't our own."""
        return tuple(ALL_FILTERS.home(name) for name in self.options)


def every_filter(*, max_binary_share: float | None = None) -> list[str | dict[str, Any]]:
    """The list of all filters that need no LLM; yes/no questions are limited only by a share."""
    limited: list[str | dict[str, Any]] = (
        [] if max_binary_share is None else [{"binary": {"max_share": max_binary_share}}]
    )
    return [*FILTERS, "duplicate", *limited]


def asking_for_blind(settings: Sequence[Any]) -> list[Any]:
    """The list, with an LLM asked for `blind` where it stands without options."""
    return [
        {"blind": {"tries": TRIES}} if setting in ("blind", {"blind": None}) else setting
        for setting in settings
    ]


def read_filters(settings: Sequence[str | Mapping[str, Any]], llm: Llm | None = None) -> Filters:
    """Reads a list of filters. `blind` asks an LLM where `tries` or `llm` is given, `judge` always does: the one its
    options name, else `llm`.

    Raises:
        InputError: an unknown or doubled filter, an unknown option, a value out of its range, or no LLM to ask.
    """
    if isinstance(settings, str) or not isinstance(settings, Sequence):
        raise InputError(f"filter: should be a list of filters such as [unparseable, leak], not {settings!r}")
    # A filter from outside that takes the name of one of ours is told here.
    ALL_FILTERS.parts()
    ours = [*dict.fromkeys([*FILTERS, *OPTIONS])]
    options: dict[str, Mapping[str, Any]] = {}
    others: dict[str, Section] = {}
    for setting in settings:
        name, given = _name_and_options(setting)
        if name in options:
            raise InputError(f"filter: '{name}' is named twice; name each filter once")
        if name not in ours:
            others[name] = _options_of_other(name, given, ours)
            options[name] = given
            continue
        allowed = OPTIONS.get(name, ())
        for option in given:
            if option not in allowed:
                hint = _hint(str(option), allowed) if allowed else "; it has no options"
                raise InputError(f"filter: unknown option '{option}' of '{name}'{hint}")
        options[name] = given
    singly = [name for name in options if name in FILTERS or name in others]
    return Filters(
        names=tuple(sorted(singly, key=lambda name: name != "unparseable")),
        options=others,
        guessing=_guessing(options["blind"], llm) if "blind" in options else None,
        judging=_judging(options["judge"], llm) if "judge" in options else None,
        duplicates=_duplicates(options["duplicate"]) if "duplicate" in options else None,
        max_binary_share=(
            _share("binary", "max_share", options["binary"].get("max_share", MAX_BINARY_SHARE))
            if "binary" in options
            else None
        ),
    )


def _options_of_other(name: str, given: Mapping[str, Any], ours: Sequence[str]) -> Section:
    """The options of a filter that isn't our own."""
    parts = ALL_FILTERS.parts()
    if name in parts.broken:
        ALL_FILTERS.refuse(name, "filter")
    if name not in parts.found:
        raise InputError(
            f"filter: unknown filter '{name}'{_hint(name, [*dict.fromkeys([*ours, *parts.found])])}"
        )
    return read_section(parts.found[name].options, given, f"filter: '{name}'")


def _name_and_options(setting: str | Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if isinstance(setting, str):
        return setting, {}
    if isinstance(setting, Mapping) and len(setting) == 1:
        name, given = next(iter(setting.items()))
        if given is None:
            return str(name), {}
        if isinstance(given, Mapping):
            return str(name), given
        raise InputError(
            f"filter: the options of '{name}' should be written {{option: value}}, not {given!r}"
        )
    raise InputError(f"filter: should hold names or {{name: {{option: value}}}}, not {setting!r}")


def _guessing(given: Mapping[str, Any], llm: Llm | None) -> Guessing:
    asks = any(option in given for option in ("tries", *_LLM_OPTIONS))
    return Guessing(
        tries=_count("blind", "tries", given.get("tries", TRIES)),
        agree=float(_share("blind", "agree", given.get("agree", AGREE))),
        same_answer=_count("blind", "same_answer", given.get("same_answer", SAME_ANSWER)),
        llm=_llm("blind", given, llm) if asks else None,
    )


def _judging(given: Mapping[str, Any], llm: Llm | None) -> Judging:
    rating = _count("judge", "min_rating", given.get("min_rating", MIN_RATING))
    if rating > 5:
        raise InputError(f"filter: min_rating of 'judge' should be a number from 1 to 5, not {rating!r}")
    return Judging(_llm("judge", given, llm), rating)


def _llm(name: str, given: Mapping[str, Any], llm: Llm | None) -> Llm:
    options = {option: given[option] for option in _LLM_OPTIONS if option in given}
    if llm is None and "llm" not in options:
        raise InputError(
            f"filter: '{name}' asks an LLM, but none is given; name it in option 'llm' of '{name}', "
            "in field 'instruct.generate.llm' of the config or with --llm"
        )
    return (llm or Llm("")).changed(options, name)


def _duplicates(given: Mapping[str, Any]) -> Duplicates:
    value = given.get("max_per_corpus")
    if value is None:
        return Duplicates()
    if isinstance(value, float) and 0 < value < 1:
        return Duplicates(Fraction(str(value)))
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(
            f"filter: max_per_corpus of 'duplicate' should be a number of questions or a share below 1, not {value!r}"
        )
    return Duplicates(value)


def _count(name: str, option: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"filter: {option} of '{name}' should be a whole number from 1 on, not {value!r}")
    return value


def _share(name: str, option: str, value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InputError(f"filter: {option} of '{name}' should be a number from 0 to 1, not {value!r}")
    return Fraction(str(value))


def _hint(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; known here: {', '.join(known)}"
