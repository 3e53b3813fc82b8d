"""ASVspoof 2021: a genuine and a spoofed clip of LA, one of DF, a short line."""

from collections.abc import Callable

CLIPS = {
    "LA_E_9332881": (
        "eval",
        {"language": "en", "spoof": "spoofed", "spoof_method": "A07", "codec": "A-law"},
    ),
    "LA_E_6866159": ("eval", {"speaker": "LA_0020", "language": "en", "spoof": "bona fide", "codec": "GSM"}),
    "DF_E_2000011": ("eval", {"language": "en", "spoof": "spoofed", "spoof_method": "A14"}),
}
BAD = {
    "DF-2": "line 2 of keys/DF/CM/trial_metadata.txt isn't speaker, file, codec, transmission, system, key"
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "keys/LA/CM/trial_metadata.txt",
        "LA_0009 LA_E_9332881 alaw ita_tx A07 spoof notrim eval",
        "LA_0020 LA_E_6866159 gsm sin_tx bonafide bonafide notrim eval",
    )
    text(
        "keys/DF/CM/trial_metadata.txt",
        "LA_0023 DF_E_2000011 nocodec asvspoof A14 spoof notrim progress traditional_vocoder - - - -",
        "LA_0023 DF_E_2000012",
    )
    for name in CLIPS:
        audio(f"ASVspoof2021_{name[:2]}_eval/flac/{name}.flac")
