"""Clotho: odd file names, a row without captions, one with a caption too many."""

from collections.abc import Callable

CLIPS = {
    "evaluation-01_hospital_elevator__night_": (
        "evaluation",
        {"caption": ["An elevator beeps, then stops.", 'A "bell".', "Beeps.", "A door.", "A lift."]},
    ),
    "development-Distorted_AM_Radio_noise": (
        "development",
        {"caption": ["A radio.", "Static.", "Noise.", "A machine.", "Hum."]},
    ),
}
BAD = {
    "evaluation-line-3": "line 3 of clotho_captions_evaluation.csv isn't file_name and captions",
    "clotho_captions_evaluation-line-4": "line 4 of clotho_captions_evaluation.csv has 7 columns, not 6",
}

_HEADER = "file_name,caption_1,caption_2,caption_3,caption_4,caption_5"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "clotho_captions_evaluation.csv",
        _HEADER,
        '01 hospital elevator (night).wav,"An elevator beeps, then stops.","A ""bell"".",Beeps.,A door.,A lift.',
        "x.wav,,,,,",
        "y.wav,A dog barks, then stops.,A dog.,Barking.,A bark.,Woof.",
    )
    text(
        "clotho_captions_development.csv",
        _HEADER,
        "Distorted AM Radio noise.wav,A radio.,Static.,Noise.,A machine.,Hum.",
    )
    text(
        "clotho_metadata_evaluation.csv",
        "file_name,keywords,sound_id,sound_link,start_end_samples,manufacturer,license",
        '01 hospital elevator (night).wav,elevator;bell,194924,https://freesound.org/s/194924,"[0, 661500]",jo,CC0',
        "x.wav,?,Not found,,,,",
    )
    audio("evaluation/01 hospital elevator (night).wav", rate=44100)
    audio("development/Distorted AM Radio noise.wav", rate=44100)
