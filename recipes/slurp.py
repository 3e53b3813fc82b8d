"""SLURP: 58 hours of spoken commands for a home assistant, with intents and entities, and 43 synthetic hours.

Published at https://github.com/pswietojanski/slurp by Bastianelli et al., "SLURP: A Spoken Language Understanding
Resource Package", EMNLP 2020. The audio is CC BY-NC 4.0, the text CC BY 4.0.

The folder is the repository with the audio unpacked: `dataset/slurp/{train,devel,test,train_synthetic}.jsonl` (one
sentence a line with its `recordings`), `dataset/slurp/metadata.json` (`usrid` by recording; its first letter is the
gender) and `audio/slurp_real/*.flac`, `audio/slurp_synth/*.flac`, or these inside `scripts` (16 kHz). Synthetic
speech is for training only. Some speakers are in several splits.

Tables: one JSON object a line, `metadata.json` one object, in the published files themselves
(https://github.com/pswietojanski/slurp/tree/master/dataset/slurp).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import InputError
from .kit.corpus import (
    RECORDED_FOR_IT,
    BadClip,
    Clip,
    Corpus,
    Download,
    Licence,
    clean_text,
    first_file,
    is_inside,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.lookup import Lookup, if_there, one_of
from .kit.tables import read_json_file, read_json_lines

CORPUS = Corpus(
    name="slurp",
    title="SLURP",
    description=(
        "People ask a home assistant in English for music, the weather, alarms, mails and the like. "
        "One person speaks in each clip, near the microphone or across the room."
    ),
    hours=published_hours("slurp"),
    licence=Licence("CC BY-NC 4.0", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    format="flac",
    homepage="https://github.com/pswietojanski/slurp",
    citation="Bastianelli et al., SLURP: A Spoken Language Understanding Resource Package, EMNLP 2020",
    layout=(
        "dataset/slurp/*.jsonl",
        "audio/slurp_real|audio/slurp_synth|scripts/audio/slurp_real|scripts/audio/slurp_synth",
    ),
    splits={"train": "train", "train_synthetic": "train", "devel": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language", "intent", "slots", "topic", "microphone", "spoof"),
    tasks=("asr", "intent", "gender", "topic"),
    no_origin=RECORDED_FOR_IT,
    optional=("dataset/slurp/metadata.json",),
    listed=("audio/slurp_*", "scripts/audio/slurp_*"),
    downloads=(
        Download(
            "https://github.com/pswietojanski/slurp/archive/refs/heads/master.zip", strip="slurp-master"
        ),
        *(
            Download(f"https://zenodo.org/records/4274930/files/slurp_{kind}.tar.gz", folder="audio")
            for kind in ("real", "synth")
        ),
    ),
)

_GENDERS = {"F": "female", "M": "male", "U": None, "": None}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording of every sentence."""
    people = _people(if_there(corpus_dir / "dataset" / "slurp" / "metadata.json", CORPUS, corpus_dir))
    for split in CORPUS.splits:
        path = corpus_dir / "dataset" / "slurp" / f"{split}.jsonl"
        if not path.is_file():
            continue
        kind = "slurp_synth" if split == "train_synthetic" else "slurp_real"
        for number, entry in read_json_lines(path, CORPUS):
            recordings = [
                item["file"] if isinstance(item, dict) and "file" in item else item
                for item in entry.get("recordings") or []
            ]
            try:
                known_facts = _sentence(entry)
            except (KeyError, IndexError, TypeError, AttributeError):
                known_facts = {}
            if not recordings or "text" not in known_facts:
                reason = f"line {number} of {path.name} lacks sentence or recordings"
                yield BadClip(f"{split}-{number}", path.relative_to(corpus_dir), reason)
                continue
            for name in map(str, recordings):
                if not is_inside(name):
                    yield BadClip(
                        safe_id(name), name, f"line {number} of {path.name} names a file outside the corpus"
                    )
                    continue
                audio = first_file(corpus_dir, f"audio/{kind}/{name}", f"scripts/audio/{kind}/{name}")
                facts = known(
                    **known_facts,
                    **people[name],
                    language="en",
                    microphone="headset" if "headset" in name else None,
                    spoof="spoofed" if kind == "slurp_synth" else "bona fide",
                )
                yield Clip(safe_id(name.removesuffix(".flac")), split, audio, facts)


def _sentence(entry: dict[str, Any]) -> dict[str, Any]:
    """`intent` is `alarm_set`; entities point at tokens. Nothing of an entry that can't be understood."""
    tokens = [token["surface"] for token in entry.get("tokens") or []]
    slots = []
    for entity in entry.get("entities") or []:
        words = " ".join(tokens[place] for place in entity["span"])
        slots.append(f"{entity['type'].replace('_', ' ')}: {words}")
    return known(
        text=clean_text(entry["sentence"]),
        intent=(entry.get("intent") or "").replace("_", " "),
        slots=slots,
        topic=(entry.get("scenario") or "").replace("_", " "),
    )


def _people(path: Path | None) -> Lookup[dict[str, Any]]:
    """Recording -> speaker and gender."""
    # Who made a recording isn't told of all of them.
    people: Lookup[dict[str, Any]] = Lookup(path, {}, partial=True)
    content = read_json_file(path, CORPUS) if path else {}
    try:
        pairs = [pair for entry in content.values() for pair in entry["recordings"].items()]
        users = [(name, str(about["usrid"] or "")) for name, about in pairs]
    except (AttributeError, KeyError, TypeError):
        raise InputError(f"{path}: isn't objects with `recordings`; take it from {CORPUS.homepage}") from None
    for name, user in users:
        gender = one_of(_GENDERS, user[:1], f"metadata.json, recording {name}")
        people.tell(name, known(speaker=user, gender=gender))
    return people
