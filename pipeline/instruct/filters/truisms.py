"""What goes without saying: food is edible, a lecture's subject academic, an exhibit in the museum."""

from __future__ import annotations

import re

from .candidate import Candidate
from .kin import kin
from .words import Word, fold, words

_CLASSES = (
    (r"(?:living|live|animate|creatures?|beings?|organisms?|lebewesen|vivo|viva|vivant|criatura|существо|живое)",
     r"animal|bird|species|insect|creature|mammal|frog|tier\b|\bvogel|oiseau|ave\b|pajaro|живот|птиц|"
     r"breed|dog|cat|horse|whale"),
    (r"(?:edible|eatable|food|foods|foodstuff|essbar\w*|comestible|comida|aliment\w*|nourriture|съедобн\w*|еда)",
     r"\beat\w*|food|bit(?:e|ing)|chew|essen|gegessen|comida|come[nr]?\b|mange|ест\b|едят"),
    (r"(?:academic|scholarly|scientific|university|wissenschaftlich\w*|academic[oa]|universitair\w*|научн\w*)",
     r"lectur|course|universit|discipline|seminar|vorlesung|лекци"),
    (r"(?:weather|meteorological|wetter\w*|tiempo|clima|meteo|погод\w*)",
     r"forecast|weather|wetter|pronostic|meteo|погод"),
    (r"(?:mechanical|machinery|device|apparatus|appliance|gerat|aparato|appareil|устройств\w*|прибор\w*)",
     r"machine|device|appliance|equipment|gerat|maschine|maquina|машин|прибор"),
    (r"(?:wheels?|motorized|motorised|transport\w*|vehicle|fahrzeug|vehiculo|vehicule|транспорт\w*)",
     r"vehicle|fahrzeug|vehic"),
    (r"(?:objects?|items?|entity|substance|material|gegenstand\w*|objeto|objet|oggetto|предмет\w*|audible|acoustic)",
     r""),
    (r"(?:verbal|spoken|oral|vocal)", r"speech|speak|talk|utter|sentence"),
    (r"(?:illness|medical|disease|condition|krankheit|enfermedad|maladie|болезн\w*)",
     r"symptom|medical|patient|disease|diagnos|illness"),
)  # fmt: skip
"""Hypernyms, and words of a question, a corpus or a fact's name of which these hold by themselves: food
that is edible."""


def goes_without_saying(word: Word, candidate: Candidate) -> bool:
    """Whether a word names the class of what is asked for, or in `of the museum` what the whole corpus
    is of."""
    told = f"{candidate.asked} {fold(candidate.corpus_description)} {' '.join(candidate.facts)}"
    if any(re.fullmatch(own, word.text) and re.search(of, told) for own, of in _CLASSES):
        return True
    before = fold(candidate.answer)[: word.start]
    return _WITHIN.search(before) is not None and any(
        kin(word.text, other.text) for other in words(candidate.corpus_description)
    )


_WITHIN = re.compile(r"\b(?:in|of|from|at|for|within|during) (?:the |an? |this |that )?$")
