"""IEMOCAP: an improvised and a scripted dialogue of two sessions; an utterance without agreement."""

from collections.abc import Callable

CLIPS = {
    "Ses01F_impro01_F000": (
        "Session1",
        {
            "text": "Excuse me.",
            "speaker": "Ses01F",
            "gender": "female",
            "language": "en",
            "speaking_style": "improvised",
            "source": "Ses01F_impro01",
            "emotion": "neutral",
            "valence": 2.5,
            "arousal": 2.5,
            "dominance": 2.5,
        },
    ),
    "Ses01F_impro01_M001": (
        "Session1",
        {
            "speaker": "Ses01M",
            "gender": "male",
            "language": "en",
            "speaking_style": "improvised",
            "source": "Ses01F_impro01",
            "valence": 4.0,
            "arousal": 3.5,
            "dominance": 2.0,
        },
    ),
    "Ses05M_script01_1b_F002": (
        "Session5",
        {
            "speaker": "Ses05F",
            "gender": "female",
            "language": "en",
            "speaking_style": "scripted",
            "source": "Ses05M_script01_1b",
            "valence": 3.0,
            "arousal": 2.5,
            "dominance": 3.0,
        },
    ),
}
BAD = {"Ses05M_script01_1b": "the name isn't SesNNG_DIALOG_GNNN"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    dialog = "Session1/dialog"
    text(
        f"{dialog}/EmoEvaluation/Ses01F_impro01.txt",
        "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]",
        "",
        "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]",
        "C-E2:\tNeutral;\t()",
        "[8.3 - 9.1]\tSes01F_impro01_M001\txxx\t[4.0000, 3.5000, 2.0000]",
    )
    text(
        f"{dialog}/transcriptions/Ses01F_impro01.txt",
        "Ses01F_impro01_F000 [006.2901-008.2357]: Excuse me. [LAUGHTER]",
        "Ses01F_impro01_M001 [008.3-009.1]: [BREATHING]",
    )
    text(
        "Session5/dialog/EmoEvaluation/Ses05M_script01_1b.txt",
        "[1.0 - 2.0]\tSes05M_script01_1b_F002\txxx\t[3.0000, 2.5000, 3.0000]",
    )
    text(
        "Session5/dialog/transcriptions/Ses05M_script01_1b.txt",
        "Ses05M_script01_1b_F002 [001.0-002.0]: [LAUGHTER]",
    )
    for name in ("Ses01F_impro01_F000", "Ses01F_impro01_M001"):
        audio(f"Session1/sentences/wav/Ses01F_impro01/{name}.wav")
    for name in ("Ses05M_script01_1b_F002", "Ses05M_script01_1b"):
        audio(f"Session5/sentences/wav/Ses05M_script01_1b/{name}.wav")
