"""corpora: the corpora that have a recipe, filtered, as a table in the terminal and as docs/corpora.md."""

from __future__ import annotations

from collections.abc import Iterable

from ...recipes.kit.corpus import Corpus
from ...recipes.kit.hours import figures
from ...recipes.kit.languages import language_name

_SPEECH, _SOUNDS = "Speech and speakers", "Sounds, noise and rooms"
_BY_ANY_TASK = {"spoof": "Synthetic speech", "emotion": "Emotion"}
_BY_FIRST_TASK = {
    **dict.fromkeys(("asr", "speaker_verification", "language"), _SPEECH),
    **dict.fromkeys(("speaker_turns", "speaker_count"), "Conversations"),
    **dict.fromkeys(("music_genre", "music_tags", "instrument"), "Music"),
}
_GROUPS = (_SPEECH, "Emotion", "Conversations", "Synthetic speech", "Music", _SOUNDS)


def _group(corpus: Corpus) -> str:
    for task, group in _BY_ANY_TASK.items():
        if task in corpus.tasks:
            return group
    return _BY_FIRST_TASK.get(corpus.tasks[0], _SOUNDS) if corpus.tasks else _SOUNDS


def fits(corpus: Corpus, task: str | None, licence: str | None, language: str | None) -> bool:
    """Whether a corpus serves a task, has a licence (part of its name, or `commercial`) and a language."""
    if licence == "commercial":
        licensed = corpus.licence.commercial
    else:
        licensed = licence is None or licence.lower() in corpus.licence.name.lower()
    spoken = language is None or any(
        known == language or known.startswith(f"{language}-") for known in corpus.languages
    )
    return (task is None or task in corpus.tasks) and licensed and spoken


def table(corpora: Iterable[Corpus]) -> str:
    """Two lines a corpus."""
    lines, hours, count = [], 0.0, 0
    for corpus in corpora:
        licence = corpus.licence.name + ("" if corpus.licence.commercial else " (not commercial)")
        lines.append(
            f"{corpus.name:<22} {corpus.hours:>9,.1f} h  {licence:<34} {_languages(corpus.languages)}"
        )
        lines.append(f"{'':<22} tasks: {', '.join(corpus.tasks) or 'none of its own'}")
        hours, count = hours + corpus.hours, count + 1
    lines.append(f"{count} corpora, {hours:,.0f} h as published")
    return "\n".join(lines)


def _languages(codes: tuple[str, ...]) -> str:
    shown = ", ".join(codes[:8])
    return f"{shown}, ... ({len(codes)})" if len(codes) > 8 else shown


def page(corpora: Iterable[Corpus]) -> str:
    """docs/corpora.md."""
    listed = list(corpora)
    lines = [
        "# The corpora",
        "",
        f"{len(listed)} corpora have a recipe, {sum(corpus.hours for corpus in listed):,.0f} hours in all; recordings "
        "that several of them hold count each time here, and once in `cryfish plan`. Where each figure comes from is "
        "told in recipes/kit/hours.tsv, which recordings are shared in recipes/kit/overlaps.tsv; `~` marks estimates. "
        "This page is made from what the recipes declare (`make docs`); `cryfish corpora` prints and filters it.",
        "*Fetch* says whether `cryfish download` gets it, or its tables only, where the audio is that of videos; the "
        "others want a form, an account or a tool of their own. "
        "[Adding a corpus](adding-a-corpus.md) tells how to write a recipe.",
    ]
    for title in _GROUPS:
        members = [corpus for corpus in listed if _group(corpus) == title]
        if not members:
            continue
        lines += ["", f"## {title}", ""]
        lines += [
            "| recipe | corpus | hours | languages | licence | fetch | facts |",
            "|---|---|--:|---|---|---|---|",
        ]
        lines += [_row(corpus) for corpus in members]
    return "\n".join(lines) + "\n"


def _fetch(corpus: Corpus) -> str:
    return "tables" if corpus.only_tables else "yes" if corpus.downloads else ""


def _row(corpus: Corpus) -> str:
    names = [language_name(code) for code in corpus.languages]
    spoken = ", ".join(names) if len(names) <= 4 else f"{len(names)} languages"
    licence = corpus.licence.name + ("" if corpus.licence.commercial else ", not commercial")
    title = f"[{corpus.title}]({corpus.homepage})" if corpus.homepage.startswith("http") else corpus.title
    guessed = "~" if any(part.how == "estimated" for part in figures().get(corpus.name, ())) else ""
    return (
        f"| `{corpus.name}` | {title} | {guessed}{corpus.hours:,.1f} | {spoken or '–'} | {licence} "
        f"| {_fetch(corpus)} | {', '.join(corpus.facts)} |"
    )
