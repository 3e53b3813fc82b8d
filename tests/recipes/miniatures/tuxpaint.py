"""Tux Paint: one stamp with its sound, readings in several languages, and one in an unknown language."""

from collections.abc import Callable
from typing import Any

_FACTS: dict[str, dict[str, Any]] = {
    "": {"sound_events": ["barn owl"]},
    "_desc": {"text": "A barn owl.", "language": "en"},
    "_desc_es_MX": {"text": "Una lechuza.", "language": "es-mx", "translation": "A barn owl."},
    "_desc_ca_valencia": {"language": "ca-valencia"},
    "_desc_da": {"language": "da"},
}
CLIPS = {
    f"animals_birds_owl{ending}": ("train", {**facts, "source": "animals/birds/owl"})
    for ending, facts in _FACTS.items()
}
BAD = {"animals_birds_owl_desc_xx": "language 'xx' isn't in recipes/kit/languages.py"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for ending in ("", "_desc", "_desc_es_MX", "_desc_ca@valencia", "_desc_xx", "_desc_da"):
        audio(f"stamps/animals/birds/owl{ending}.ogg", rate=22050)
    text("stamps/animals/birds/owl.txt", "A barn owl.", "es_MX.utf8=Una lechuza.", "da.utf8=", "")
