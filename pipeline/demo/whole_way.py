"""demo: the whole way once, on speech made here or on real corpora, with small real models that need no hub."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import yaml

from ...errors import InputError
from ...files import write_atomically
from ...outputs import DEMO, Output, check_outputs, settled
from ...ownership import begin_folder
from ...progress import say
from ...recipes.kit.corpus import require
from ...recipes.kit.registry import corpora as recipes
from ..config import load_config
from ..engine.processes import Engine
from ..run import run
from ..stages import Run
from .embedded import make_embedded
from .report import make_report, write_report
from .weights import smollm2, whisper_tiny_encoder

# Chosen on two CPU cores (docs/results.md); every number can be changed in the pipeline.yaml that the demo writes.
MODEL = {
    "encoder_layer": 3,  # of 4: the last layer of an ASR encoder sheds the voice
    "connector_hidden_size": 256,
    "connector_ffn_size": 512,
    "connector_heads": 4,
    "lora_dropout": 0.0,  # drawing its masks is dear on a CPU
}
TRAIN = {
    "max_steps": 100,
    "learning_rate": 1e-3,
    "warmup_share": 0.1,
    "encoder_frozen_share": 1.0,
    "budget": {"audio_seconds": 120, "tokens": 640},  # about 16 examples
    # Without it nothing is heard in the few steps that there are.
    "align": {"steps": 150, "batches": 120, "batches_per_step": 2},
    "system_prompt": "",
    "save_every": 50,
    "workers": 1,
}


# How often a task's examples are seen: what can't be learnt in minutes takes little of them.
WEIGHTS = {
    "gender": 1.3,
    "noise_class": 0.05,
    "snr": 0.05,
    "distance": 0.05,
    "speaker_verification": 0.05,
    "asr": 0.05,
}
# Task -> instructions for training and for the test. In few steps a model learns best what it is asked most often.
TASKS = {
    "gender": (900, 96),
    "language": (1400, 96),
    "sound_event": (176, 48),
    "noise_class": (200, 24),
    "snr": (200, 24),
    "distance": (200, 24),
    "speaker_verification": (100, 24),
    "emotion": (64, 24),
    "asr": (100, 24),
}


def demo(out: Path, engine: Engine, *, corpora: Path | None, encoder: str | None, llm: str | None) -> None:
    """Makes (or finds) corpora, writes `out/pipeline.yaml`, runs it, and reports. Interrupted, it goes on.

    Args:
        corpora: folder with corpora in their published layouts; None makes the embedded corpus.
        encoder: Hub name or folder; None takes Whisper tiny.en's encoder from its package.
        llm: Hub name or folder; None takes SmolLM2-135M-Instruct from its package.

    Raises:
        InputError: `corpora` holds none that has a recipe, or a package with weights is missing.
    """
    began = time.monotonic()
    check_outputs([Output(out, "OUT", DEMO)], [corpora] if corpora is not None else [])
    out = settled(out)
    given = None if corpora is None else find_corpora(corpora)
    begin_folder(out, DEMO)
    if corpora is None:
        make_embedded(out / "corpora")
        corpora = out / "corpora"
    found = given or find_corpora(corpora)
    weights = out / "weights"
    writer = llm or str(smollm2(weights))
    models = {
        "encoder": encoder or str(whisper_tiny_encoder(weights)),
        "llm": writer,
    }
    content = demo_config(
        found, models, writer, embedded=corpora == out / "corpora", small=encoder is None and llm is None
    )
    path = out / "pipeline.yaml"
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    write_atomically(
        path,
        lambda temporary: temporary.write_text("# Written by `cryfish demo`.\n" + text, encoding="utf-8"),
    )
    config = load_config(path)
    base = path.resolve().parent
    run(config, base, engine)
    report = make_report(Run(config, base), _notes(found, models, writer, encoder is None and llm is None))
    page = write_report(report, out)
    say("")
    say(report.to_text())
    say(f"\n{time.monotonic() - began:.0f} s in all. The report as a page: {page}")


def find_corpora(folder: Path) -> dict[str, Path]:
    """The corpora in a folder (or the one that it is) by recipe name, recognised by their published layouts.

    Those that serve none of the demo's tasks are passed over.

    Raises:
        InputError: there is none.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give one that holds corpora in their published layouts")
    found: dict[str, Path] = {}
    for place in [folder, *sorted(child for child in folder.iterdir() if child.is_dir())]:
        for name, recipe in recipes().items():
            if not TASKS.keys() & set(recipe.corpus.tasks):
                continue
            try:
                require(place, recipe.corpus)
            except InputError:
                continue
            found.setdefault(name, place.resolve())
    if not found:
        raise InputError(
            f"{folder}: holds no corpus that has a recipe; `cryfish corpora` lists those that have one"
        )
    return dict(sorted(found.items()))


def demo_config(
    found: dict[str, Path], models: dict[str, str], writer: str, *, embedded: bool, small: bool
) -> dict[str, Any]:
    """The config of a demo over these corpora; `small` when the models are the two small ones."""
    noises = [
        name
        for name in found
        if "noise_class" in recipes()[name].corpus.tasks and "sound_events" in recipes()[name].corpus.facts
    ]
    augment: list[dict[str, Any]] = [{"room": {"share": 0.4, "bank": "rirs"}}]
    if noises:
        augment.append({"noise": {"share": 0.5, "from": noises, "snr_db": {"uniform": [0, 20]}}})
    served = {task for name in found for task in recipes()[name].corpus.tasks} | {"distance"}
    served |= {"snr", "noise_class"} if noises else set()
    tasks = [task for task in TASKS if task in served]
    weights = {task: WEIGHTS[task] for task in tasks if task in WEIGHTS}
    content: dict[str, Any] = {
        "name": "demo",
        "seed": 7,
        "work": "work",
        "corpora": {name: {"dir": str(path), "max_bad": 0.02} for name, path in found.items()},
        "rirs": {"rooms": 24, "distances": 4, "rt60_s": [0.2, 0.7]},
        "augment": augment,
        "instruct": {
            "template": {
                "tasks": {task: TASKS[task][0] for task in tasks},
                "test": {task: TASKS[task][1] for task in tasks},
            },
            "generate": {"llm": writer, "clips": 16, "batch_size": 16},
        },
        "shard": {"target_size": "20MB"},
        "train": {**models, **TRAIN, "weights": weights, "model": MODEL if small else {}},
        "evaluate": {"batch_size": 32, "workers": 1, "probes": ["no_audio"]},
    }
    if not embedded:
        # Published test splits aren't all there, or hold speakers of the training: divide by speaker anew.
        content["hold_out"] = {"corpora": list(found), "share": 0.3}
    return content


def _notes(found: dict[str, Path], models: dict[str, str], writer: str, small: bool) -> list[str]:
    names = {name: Path(model).name if Path(model).is_dir() else model for name, model in models.items()}
    notes = [f"corpora: {', '.join(found)}", f"candidates written by {Path(writer).name}"]
    if small:
        notes.append(
            "the model: Whisper tiny.en's encoder up to its third layer (frozen), a fresh connector that is aligned "
            "first, and the whole of SmolLM2-135M with LoRA; the few minutes of training go to gender, language and "
            "sound events, the other tasks are there for comparison"
        )
    else:
        notes.append(
            f"the model: encoder {names['encoder']}, a fresh connector, LLM {names['llm']} with LoRA"
        )
    return notes
