"""Ways to ask about a clip, and the draw of one for each record: so many yes/no questions and no more, in so many
languages, about different things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ....errors import InputError, did_you_mean
from ....recipes.kit.languages import LANGUAGES
from ....seeding import Draw, rank
from ..saying import decimal_sign

T = TypeVar("T")


@dataclass(frozen=True)
class Style:
    """A way to ask.

    `facts` are those it suits (None: any). `many`: how many it is about at once; 0 is the clip as a whole, of which
    several things must be known. `lists`: it wants a fact with several values.
    """

    name: str
    request: str
    facts: tuple[str, ...] | None = None
    many: int = 1
    lists: bool = False
    binary: bool = False


_SAID = ("text", "translation", "caption")
_PERSON = ("gender", "age", "age_group", "accent", "emotion", "language", "native_language", "nationality")
_CLOSED = (
    "gender",
    "emotion",
    "language",
    "accent",
    "music_genre",
    "instrument",
    "room",
    "scene",
    "noise_type",
)
_MANNER = (
    "emotion",
    "emotion_intensity",
    "speaking_style",
    "snr_db",
    "distance_m",
    "rt60_s",
    "room",
    "microphone",
    "codec",
    "pitch",
    "dynamics",
    "articulation",
)
_REASON = (
    *_SAID,
    "noise_type",
    "snr_db",
    "distance_m",
    "rt60_s",
    "sound_events",
    "scene",
    "cry_reason",
    "intent",
)

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("what", "Ask a question with what, which or where about {fact}."),
        Style("who", "Ask what the person who speaks is like, with regard to {fact}.", _PERSON),
        Style("why", "Ask a question with why or what for about {fact}, whose reason is known.", _REASON),
        Style("how", "Ask a question with how about {fact}.", _MANNER),
        Style("content", "Ask about one detail of what is said or happens, without quoting it.", _SAID),
        Style(
            "choice",
            "Ask which of three possibilities holds for {fact}; the right one is among them, and neither of the others "
            "is true as well or a kind of it.",
            _CLOSED,
        ),
        Style(
            "compare",
            "Ask how two things in the clip compare, with regard to {fact}; yes or no is no answer to it.",
            ("sound_events", "instruments", "noise_type", "speaker_turns"),
            lists=True,
        ),
        Style("list", "Ask for a list of {fact}.", lists=True),
        Style(
            "count",
            "Ask how many {fact} there are.",
            ("sound_events", "instruments", "speaker_turns"),
            lists=True,
        ),
        Style("multi", "Ask one question about both {fact} and {other}; the answer tells both.", many=2),
        Style("describe", "Ask for a description of the clip; the answer says all that is known.", many=0),
        Style(
            "story",
            "Ask for a story of two or three sentences about the clip; the answer tells one that holds all that is "
            "known and invents nothing that could be heard.",
            many=0,
        ),
        Style("confirm", "Ask a yes/no question about {fact} whose right answer is yes.", binary=True),
        Style("deny", "Ask a yes/no question about {fact} whose right answer is no.", binary=True),
    )
}

_OPEN = tuple(style for style in STYLES.values() if not style.binary)


@dataclass(frozen=True)
class QuestionSpec:
    """What one record is to ask: in which style, about which facts (none: the clip as a whole), in which language."""

    style: str
    about: tuple[str, ...]
    language: str = "en"


@dataclass(frozen=True)
class Mixture:
    """How the questions are spread: the share of yes/no questions (half of them with the answer no), and the weights of
    the languages that question and answer are written in.

    Raises InputError for a share or a weight that is none, and for a language that isn't known.
    """

    binary_share: float = 0.15
    languages: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.binary_share <= 1:
            raise InputError(f"field 'binary_share' is {self.binary_share}; give a share between 0 and 1")
        for code, weight in self.weights.items():
            if code not in LANGUAGES:
                raise InputError(
                    f"field 'languages': unknown language '{code}'{did_you_mean(code, LANGUAGES)}; "
                    "give codes such as 'en' or 'de'"
                )
            if weight < 0:
                raise InputError(f"field 'languages': the weight of '{code}' is {weight}; give 0 or more")
        if not sum(self.weights.values()) > 0:
            raise InputError("field 'languages': no language has a weight; give one such as {en: 1}")

    @property
    def weights(self) -> Mapping[str, float]:
        return {"en": 1.0} if self.languages is None else self.languages


def draw_asked(facts: Mapping[str, Any], turn: int, mixture: Mixture, *parts: object) -> QuestionSpec:
    """What a clip's `turn`-th question asks; `parts` (the seed, the clip) decide the draw. `facts` isn't empty.

    Those that aren't yes/no go through all styles that suit the facts in a drawn order, and then through what each can
    be about, so that the questions of one clip differ.
    """
    own = Draw(*parts, "turn", turn)
    language = _weighted(own, mixture.weights)
    if own.below(_FINE) < mixture.binary_share * _FINE:
        style = STYLES[("confirm", "deny")[own.below(2)]]
        testable = [name for name in facts if name not in _SAID] or list(facts)
        return QuestionSpec(style.name, (own.pick(testable),), language)
    topics = {style.name: _topics(style, facts) for style in _OPEN}
    fitting = _shuffled([name for name in topics if topics[name]], *parts, "styles")
    name = fitting[turn % len(fitting)]
    about = _shuffled(topics[name], *parts, name)
    return QuestionSpec(name, about[turn // len(fitting) % len(about)], language)


def _shuffled(items: Sequence[T], *parts: object) -> list[T]:
    return sorted(items, key=lambda item: rank(*parts, item))


_FINE = 1 << 20


def _weighted(draw: Draw, weights: Mapping[str, float]) -> str:
    place = draw.below(_FINE) / _FINE * sum(weights.values())
    for name, weight in weights.items():
        place -= weight
        if place < 0:
            return name
    return next(name for name, weight in reversed([*weights.items()]) if weight > 0)


def _topics(style: Style, facts: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """What a question of a style may be about."""
    if style.many == 0:
        return [()] if len(facts) > 1 else []
    names = [name for name in facts if style.facts is None or name in style.facts]
    if style.lists:
        names = [name for name in names if isinstance(facts[name], list) and len(facts[name]) > 1]
    if style.many == 1:
        return [(name,) for name in names]
    return _pairs(names)


def _pairs(names: Sequence[str]) -> list[tuple[str, ...]]:
    return [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]


_SPOKEN_NAMES = {
    "text": "the words spoken",
    "translation": "the meaning of what is said",
    "translations": "the meaning of what is said",
    "emotion_intensity": "how strongly the emotion is expressed",
    "sound_events": "the sounds",
    "caption": "what happens in the clip",
    "noise_type": "the background noise",
    "snr_db": "how loud the voice is compared to the noise",
    "distance_m": "the distance from the microphone",
    "rt60_s": "how reverberant the room is",
    "pitch": "the note played",
    "dynamics": "how loud the note is played",
    "articulation": "how the note is played",
    "music_genre": "the genre of the music",
    "music_tags": "the character of the music",
    "speaker_count": "the number of speakers",
    "speaker_turns": "the turns of the speakers",
    "age_group": "the speaker's age",
    "age": "the speaker's age",
    "gender": "the speaker's gender",
    "accent": "the speaker's accent",
    "native_language": "the speaker's first language",
    "nationality": "the country the speaker comes from",
    "cry_reason": "the reason of the crying",
    "spoof": "whether a person or a machine speaks",
    "intent": "what the speaker wants",
    "slots": "the details of what the speaker wants",
    "scene": "the place",
    "codec": "the way the sound was transmitted",
    "speed": "the speed of playing",
    "tempo": "the speed of playing",
    "pitch_shift_semitones": "how the pitch was shifted",
}


def in_words(asked: QuestionSpec, fractions: bool) -> str:
    """The request of one question, as the LLM reads it; `fractions`: there are some among the facts."""
    spoken = [_SPOKEN_NAMES.get(name) or f"the {name.replace('_', ' ')}" for name in asked.about]
    fact, other = (*spoken, "", "")[:2]
    if asked.style == "count":
        fact = fact.removeprefix("the ")
    request = STYLES[asked.style].request.format(fact=fact, other=other)
    if asked.language == "en":
        return request
    numbers = " Write 3.9 as 3,9." if fractions and decimal_sign(asked.language) == "," else ""
    return f"{request} Write question and answer in {LANGUAGES[asked.language]}.{numbers}"
