"""Fluent Speech Commands: two speakers, one not in the demographics; a row without a speaker."""

from collections.abc import Callable

CLIPS = {
    "2BqVo8kVB2Skwgyb-0a3129c0": (
        "train",
        {
            "text": "Turn on the lights, please",
            "speaker": "2BqVo8kVB2Skwgyb",
            "gender": "female",
            "language": "en",
            "native_language": "en",
            "age_group": "22 to 40",
            "intent": "activate",
            "slots": ["object: lights"],
        },
    ),
    "4BrX8aDqK2cLZRYl-cbdf5700": (
        "test",
        {
            "text": "Decrease the heat",
            "speaker": "4BrX8aDqK2cLZRYl",
            "gender": "male",
            "language": "en",
            "native_language": "en",
            "age_group": "41 to 65",
            "intent": "decrease",
        },
    ),
}
BAD = {
    "test-3": "line 3 of test_data.csv has no path within the corpus or no speaker",
    "data-test_data-line-4": "line 4 of data/test_data.csv has 8 columns, not 7",
}

_HEADER = ",path,speakerId,transcription,action,object,location"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "data/speaker_demographics.csv",
        "speakerId,Self-reported fluency level ,First Language spoken,"
        "Current language used for work/school,Gender,ageRange",
        "2BqVo8kVB2Skwgyb,native,English (United States),English (United States),Female,22-40",
        "4BrX8aDqK2cLZRYl,native,English (Canada),English (United States),Male,41-65",
    )
    first, second = "2BqVo8kVB2Skwgyb/0a3129c0", "4BrX8aDqK2cLZRYl/cbdf5700"
    text(
        "data/train_data.csv",
        _HEADER,
        f'0,wavs/speakers/{first}.wav,2BqVo8kVB2Skwgyb,"Turn on the lights, please",activate,lights,none',
    )
    text(
        "data/test_data.csv",
        _HEADER,
        f"0,wavs/speakers/{second}.wav,4BrX8aDqK2cLZRYl,Decrease the heat,decrease,none,none",
        "1,wavs/speakers/x.wav,,Stop,stop,none,none",
        "2,wavs/speakers/y.wav,4BrX8aDqK2cLZRYl,Stop, please,stop,none,none",
    )
    for name in (first, second):
        audio(f"wavs/speakers/{name}.wav")
