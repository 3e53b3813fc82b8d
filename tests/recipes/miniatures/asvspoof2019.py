"""ASVspoof 2019: genuine and synthetic speech, a replay, a line without a key."""

from collections.abc import Callable

CLIPS = {
    "LA_T_1138215": ("train", {"speaker": "LA_0079", "language": "en", "spoof": "bona fide"}),
    "LA_T_1271820": ("train", {"language": "en", "spoof": "spoofed", "spoof_method": "A01"}),
    "PA_E_0000001": ("eval", {"language": "en", "spoof": "spoofed", "spoof_method": "replay"}),
}
BAD = {
    "LA-train-3": "line 3 of ASVspoof2019.LA.cm.train.trn.txt isn't speaker, file, environment, system, key"
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "LA/ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.train.trn.txt",
        "LA_0079 LA_T_1138215 - - bonafide",
        "LA_0079 LA_T_1271820 - A01 spoof",
        "LA_0079 LA_T_1272637 -",
    )
    text(
        "PA/ASVspoof2019_PA_cm_protocols/ASVspoof2019.PA.cm.eval.trl.txt", "PA_0020 PA_E_0000001 aaa AA spoof"
    )
    for name in ("LA_T_1138215", "LA_T_1271820"):
        audio(f"LA/ASVspoof2019_LA_train/flac/{name}.flac")
    audio("PA/ASVspoof2019_PA_eval/flac/PA_E_0000001.flac")
