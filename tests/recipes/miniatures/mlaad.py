"""MLAAD: two systems in two languages, a row without a file; marks doubled, and one that never closes."""

from collections.abc import Callable

CLIPS = {
    "de-griffin_lim-tod_00001": (
        "train",
        {"text": "Der Tod.", "language": "de", "spoof": "spoofed", "spoof_method": "griffin_lim"},
    ),
    "sw-facebook_mms-tts-swh-moja_1": (
        "train",
        {
            "text": '"Moja", mbili | tatu',
            "language": "sw",
            "spoof": "spoofed",
            "spoof_method": "facebook/mms-tts-swh",
        },
    ),
}
BAD = {
    "de-griffin_lim-3": "line 3 of fake/de/griffin_lim/meta.csv has no path of an audio file",
    "fake-de-griffin_lim-meta-line-4": "line 4 of fake/de/griffin_lim/meta.csv has a quotation mark that is neither "
    "closed nor doubled",
}

_HEADER = "path|original_file|language|is_original_language|duration|training_data|model_name|architecture|transcript"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "fake/de/griffin_lim/meta.csv",
        _HEADER,
        "./fake/de/griffin_lim/tod_00001.wav|x/tod.wav|de|True|1.2|MAILABS|griffin_lim|griffin_lim|Der Tod.",
        "||de|True|1.2|MAILABS|griffin_lim|griffin_lim|Der",
        './fake/de/griffin_lim/tod_00002.wav|x/tod.wav|de|True|1.2|MAILABS|griffin_lim|griffin_lim|"Der Tod.',
    )
    text(
        "fake/sw/facebook_mms-tts-swh/meta.csv",
        _HEADER,
        "./fake/sw/facebook_mms-tts-swh/moja_1.wav|x|sw|False|1.2|MMS|facebook/mms-tts-swh|vits|"
        '"""Moja"", mbili | tatu"',
    )
    audio("fake/de/griffin_lim/tod_00001.wav", rate=22050)
    audio("fake/sw/facebook_mms-tts-swh/moja_1.wav")
