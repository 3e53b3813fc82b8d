"""The demo's own phrases: quotation marks as they are, and rows that can't be used."""

from collections.abc import Callable

CLIPS = {
    "de-f-f1-01": (
        "train",
        {"text": 'Sie sagt "gern".', "speaker": "f-f1", "gender": "female", "language": "de"},
    ),
    "de-m-m3-15": (
        "test",
        {"text": "Grüß dich!", "speaker": "m-m3", "gender": "male", "language": "de"},
    ),
}
BAD = {
    "de-nobody-02": "line 4 of utterances.tsv: speakers.tsv has no speaker 'nobody'",
    "outside": "line 5 of utterances.tsv: the path leads out of the corpus",
    "utterances-line-6": "line 6 of utterances.tsv has 4 columns, not 5",
    "de-f-f1-04": "the file is missing",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("wav/de/f-f1/01.wav", rate=22050)
    audio("wav/de/m-m3/15.wav", rate=22050)
    text("speakers.tsv", "speaker\tgender\tsplit", "f-f1\tfemale\ttrain", "m-m3\tmale\ttest")
    text(
        "utterances.tsv",
        "path\ttext\tlanguage\tspeaker\tsplit",
        'wav/de/f-f1/01.wav\tSie sagt "gern".\tde\tf-f1\ttrain',
        "wav/de/m-m3/15.wav\tGrüß dich!\tde\tm-m3\ttest",
        "wav/de/nobody/02.wav\tHallo.\tde\tnobody\ttrain",
        "../outside.wav\tHallo.\tde\tf-f1\ttrain",
        "wav/de/f-f1/03.wav\tHallo.\tde\tf-f1",
        "wav/de/f-f1/04.wav\tHallo.\tde\tf-f1\ttrain",
    )
