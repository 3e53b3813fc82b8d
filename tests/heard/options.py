"""Whether two options of a question may mean the same, or one of them holds the other: judged by common knowledge.

A list of our own, kept apart from the toolkit's vocabularies: what it doesn't know it can't find, but what it finds is
a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import yaml

_STEPS = frozenset({"mezzo"})
"""Words that make another step of a scale: `mezzo forte` is no kind of `forte`."""

_SMALL_WORDS = frozenset(
    "a an the of and or in from with on by to at his her their accent accented sound sounds noise".split()
)

SAME = [
    "baby cry|infant cry|cry baby|cry infant",
    "american|us|usa|united states|america",
    "british|uk|united kingdom|great britain|britain",
    "gunshot|gunfire|gun shot|shot gun",
    "airplane|aeroplane|plane|aircraft|fixed wing airplane",
    "dog|dog bark|bark|bark dog",
    "cat|cat meow|meow|mew",
    "rooster|crow rooster|cock crow|crow cock",
    "hen|chicken|cluck hen",
    "siren|emergency siren|ambulance siren",
    "applause|clap|clap hand|hand clap",
    "rap|hip hop|hiphop",
    "violin|fiddle",
    "fearful|fear|afraid|scared|anxious fear",
    "angry|anger|mad|rage",
    "happy|happiness|joyful|joy|cheerful",
    "sad|sadness|sorrow|unhappy",
    "disgusted|disgust",
    "surprised|surprise|amazed",
    "neutral|calm neutral",
    "mandarin|chinese|mandarin chinese",
    "telephone|phone|phone ring|telephone bell ring",
    "laugh|laughter",
    "cough|cough person",
    "sneeze|sneeze person",
    "snore|snore person",
    "footstep|walk footstep|walk",
    "rain|rainfall|rain fall",
    "thunder|thunderstorm",
    "sea wave|ocean wave|wave surf|ocean surf",
    "toilet flush|flush toilet",
    "door knock|knock door|knock",
    "clock tick|tick clock|tick tock",
    "car horn|vehicle horn car horn honk|honk|horn car",
    "jackhammer|pneumatic drill",
    "engine idle|idle engine",
    "vacuum cleaner|hoover",
    "church bell|bell church",
    "metro station|subway station|underground station",
    "holland|dutch|netherlands",
    "twenty|20 29|20s",
    "child|kid",
    "man|male|adult male",
    "woman|female|adult female",
]
HOLDS = {
    "british": "english|scottish|welsh|northern irish|england|scotland|wale",
    "north american": "american|canadian|us|usa",
    "european": "german|french|spanish|italian|british|english|dutch|irish",
    "asian": "chinese|indian|japanese|korean|vietnamese|east asian|south asian",
    "south asian": "indian|pakistani|bangladeshi",
    "african": "south african|kenyan|nigerian|west african|southern african",
    "animal": "dog|cat|bird|cow|sheep|pig|rooster|hen|frog|horse|insect",
    "bird": "chirp bird|crow|rooster|hen|owl|duck|pigeon",
    "insect": "cricket|bee|fly|mosquito",
    "vehicle": "car|bu|truck|train|motorcycle|airplane|bicycle",
    "music": "guitar|piano|violin|drum|sing|rock|pop|jazz",
    "string": "violin|viola|cello|guitar|double bass|harp",
    "brass": "trumpet|trombone|tuba|french horn",
    "woodwind": "flute|clarinet|oboe|bassoon|saxophone",
    "keyboard": "piano|organ|synthesizer|harpsichord",
    "percussion": "drum|cymbal|snare drum|tambourine|triangle",
    "guitar": "electric guitar|acoustic guitar|bass guitar",
    "organ": "electric organ|pipe organ|hammond organ",
    "speech": "talk|conversation|male speech|female speech|whisper",
    "human voice": "speech|sing|laugh|cough|cry",
    "rock": "punk rock|hard rock|indie rock|metal|punk",
    "electronic": "techno|house|trance|ambient electronic",
    "transport": "bu|metro|tram|train",
    "tool": "drill|jackhammer|saw|chainsaw|hammer",
}


def _stem(word: str) -> str:
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
        if len(word) > 2 and word[-1] == word[-2] and word[-1] not in "lsz":
            word = word[:-1]
    elif len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("es") and word[-3] in "shxz":
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    # `sneeze` and `sneezing`, `snore` and `snoring` end alike.
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def tokens(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    kept = [_stem(word) for word in words if word not in _SMALL_WORDS]
    return frozenset(kept or [_stem(word) for word in words])


_MEANINGS = {tokens(form): number for number, line in enumerate(SAME) for form in line.split("|")}
_KINDS = [(tokens(kind), [tokens(one) for one in held.split("|")]) for kind, held in HOLDS.items()]


def alike(one: str, other: str) -> str | None:
    """Why two options can't stand in one question, or None."""
    left, right = tokens(one), tokens(other)
    if left == right:
        return "the same words"
    if (left < right or right < left) and not (left ^ right) & _STEPS:
        return "one holds the other's words"
    if left in _MEANINGS and _MEANINGS[left] == _MEANINGS.get(right):
        return "the same meaning"
    for kind, held in _KINDS:
        if (left == kind and right in held) or (right == kind and left in held):
            return f"a kind of {' '.join(sorted(kind))}"
    return None


@cache
def _phrasings(path: Path, language: str) -> list[tuple[str, list[str]]]:
    """Every question of a template file's language in its order, with how its options are joined."""
    content = yaml.safe_load(path.read_text(encoding="utf-8")).get(language, {})
    join = content.get("join", [", ", " or "])
    return [
        (question, form.get("join", join))
        for form in content.get("forms", ())
        for question in form.get("questions", ())
    ]


def offered(instruction: dict[str, object], templates: Path) -> list[str]:
    """The options that a question lists, read out of its text by the template that it names."""
    task, language, number = str(instruction["provenance"]["template"]).split("/")  # type: ignore[index]
    text, join = _phrasings(templates / f"{task}.yaml", language)[int(number) - 1]
    if "{options}" not in text:
        return []
    pattern = re.escape(text.replace("{{", "{").replace("}}", "}")).replace(re.escape("{options}"), "(.+)")
    found = re.fullmatch(pattern, str(instruction["question"]), re.DOTALL | re.IGNORECASE)
    if found is None:
        raise ValueError(f"{instruction['question']!r} isn't {text!r}")
    separators = sorted({part for part in join if part.strip()}, key=len, reverse=True)
    return [option for option in re.split("|".join(map(re.escape, separators)), found[1]) if option]


def clashes(options: list[str]) -> Iterator[tuple[str, str, str]]:
    for one, other in combinations(options, 2):
        why = alike(one, other)
        if why is not None:
            yield one, other, why
