"""FLEURS: Chinese as published, German as lhotse's download lays it out, and a row that is another."""

from collections.abc import Callable

CLIPS = {
    "cmn_hans_cn-1001": (
        "train",
        {"text": "你好。", "gender": "female", "language": "zh", "source": "sentence 903"},
    ),
    "de_de-77": (
        "dev",
        {"text": 'Er sagte: "Ja"', "gender": "male", "language": "de", "source": "sentence 903"},
    ),
}
BAD = {"cmn_hans_cn-train-2": "line 2 of cmn_hans_cn/train.tsv isn't number, file, texts, gender"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "cmn_hans_cn/train.tsv",
        "903\t1001.wav\t你好。\t你好\t你 好 |\t6400\tFEMALE",
        "904\t../1002.wav\ta\ta\ta |\t1\tMALE",
    )
    audio("cmn_hans_cn/audio/train/1001.wav")
    text("metadata/de_de/dev.tsv", '903\t77.wav\tEr sagte: "Ja"\ter sagte ja\te r |\t6400\tMALE')
    audio("de_de/dev/77.wav")
