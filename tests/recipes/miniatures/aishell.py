"""AISHELL-1: two speakers on disk, a third who isn't, a line without an utterance."""

from collections.abc import Callable

CLIPS = {
    "BAC009S0002W0122": (
        "train",
        {"text": "而对楼市成交抑制作用最大的限购", "speaker": "S0002", "gender": "female", "language": "zh"},
    ),
    "BAC009S0724W0121": ("dev", {"text": "广州市", "speaker": "S0724", "gender": "male", "language": "zh"}),
}
BAD = {"line-4": "line 4 of aishell_transcript_v0.8.txt doesn't begin with an utterance BAC009SnnnnWnnnn"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "data_aishell/transcript/aishell_transcript_v0.8.txt",
        "BAC009S0002W0122 而 对 楼市 成交 抑制 作用 最 大 的 限 购",
        "BAC009S0724W0121 广州市",
        "BAC009S0764W0121 甚至 出现",
        "0765 甚至",
    )
    text("resource_aishell/speaker.info", "0002 F", "0724 M")
    audio("data_aishell/wav/train/S0002/BAC009S0002W0122.wav")
    audio("data_aishell/wav/dev/S0724/BAC009S0724W0121.wav")
