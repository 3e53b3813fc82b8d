"""TED-LIUM 3: two talks, one with its audio in `data`; unscored, unknown and broken lines."""

from collections.abc import Callable

CLIPS = {
    "911Mothers_2010W-0000010-0000030": (
        "train",
        {
            "text": "it's the last",
            "speaker": "911Mothers_2010W",
            "gender": "female",
            "language": "en",
            "source": "911Mothers_2010W",
        },
    ),
    "AlGore_2009-0000000-0000020": (
        "test",
        {"text": "i showed", "speaker": "Al_Gore", "language": "en", "source": "AlGore_2009"},
    ),
}
BAD = {
    "AlGore_2009-line-2": "line 2 of AlGore_2009.stm isn't talk, channel, speaker, start, end, conditions, words"
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "legacy/train/stm/911Mothers_2010W.stm",
        "911Mothers_2010W 1 911Mothers_2010W 0.10 0.30 <o,f0,female> it 's the last <unk>",
        "911Mothers_2010W 1 inter_segment_gap 0.30 0.40 <o,,unknown> ignore_time_segment_in_scoring",
    )
    text(
        "legacy/test/stm/AlGore_2009.stm",
        "AlGore_2009 1 Al_Gore 0 0.2 <o,,unknown> i showed",
        "AlGore_2009 1 x",
    )
    audio("data/sph/911Mothers_2010W.sph")
    audio("legacy/test/sph/AlGore_2009.sph")
