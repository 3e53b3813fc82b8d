"""Asterisk prompts: a voice with texts, sounds, lost letters and dots; a byte-order mark in the list."""

from collections.abc import Callable

_CARLO = {"speaker": "Carlo", "gender": "male", "language": "it-it"}
CLIPS = {
    f"it_IT_m_Carlo_{name}": ("all", facts)
    for name, facts in {
        "hello": {"text": "Così va", **_CARLO},
        "beep": {},
        "letters_dollar": {"text": "dollaro", **_CARLO},
        "sub_full": _CARLO,
        "spy": _CARLO,
        "blank": {"text": "Vuoto? Sì.", **_CARLO},
    }.items()
}
BAD = {"it_IT_m_Carlo_unlisted": "core-sounds-it.txt has no line of it"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for prompt in ("hello", "beep", "letters/dollar", "sub/full", "unlisted", "spy", "blank"):
        audio(f"sounds/it_IT_m_Carlo/{prompt}.wav", rate=8000)
    text(
        "core-sounds-it.txt",
        "\ufeff; Italiano",
        "hello: ... Cosi\u0300 va… ",
        "beep: un suono",
        "letters/dollar: dollaro [$]",
        "sub/full: sub/full: La conferenza ? piena.",
        "spy: MGCP (in inglese)",
        "blank:",
        "blank: Vuoto? Sì.",
    )
    text("core-sounds-en.txt", "beep: [a beep]")
