"""VOiCES devkit: two rooms, with and without a distractor; a distance that is known and one that isn't."""

from collections.abc import Callable

_TRAIN = "rm1-babb-sp0032-ch004137-sg0007-mc01-stu-clo-dg150"
_TEST = "rm3-none-sp0115-ch121720-sg0008-mc05-lav-far-dg010"
CLIPS = {
    _TRAIN: (
        "train",
        {
            "text": "no, said he",
            "speaker": "32",
            "gender": "female",
            "language": "en",
            "noise_type": ["speech babble"],
            "distance_m": 1.17,
            "room": "furnished room 1",
            "room_volume_m3": 27.4,
            "microphone": "studio microphone",
            "source": "32-4137-7",
        },
    ),
    _TEST: (
        "test",
        {
            "text": "yes",
            "speaker": "115",
            "gender": "male",
            "language": "en",
            "room": "furnished room 3",
            "microphone": "lavalier microphone",
            "source": "115-121720-8",
        },
    ),
}
BAD = {
    "test-3": "line 3 of test_index.csv has no recording Lab41-SRI-VOiCES-... within the corpus",
    "VOiCES_devkit-references-test_index-line-4": "line 4 of VOiCES_devkit/references/test_index.csv has 14 columns, "
    "not 13",
}

_HEADER = (
    "index,chapter,degrees,distractor,filename,gender,mic,query_name,room,segment,source,speaker,transcript"
)


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    long = "Lab41-SRI-VOiCES"
    train, test = (
        f"distant-16k/speech/{path}.wav"
        for path in (
            f"train/rm1/babb/sp0032/{long}-{_TRAIN}",
            f"test/rm3/none/sp0115/{long}-{_TEST}",
        )
    )
    text(
        "VOiCES_devkit/references/train_index.csv",
        _HEADER,
        f'0,4137,150,babb,{train},F,1,{long}-{_TRAIN},rm1,7,source-16k/x.wav,32,"no, said he"',
    )
    text(
        "VOiCES_devkit/references/test_index.csv",
        _HEADER,
        f"0,121720,10,none,{test},M,5,{long}-{_TEST},rm3,8,source-16k/y.wav,115,yes",
        "1,121720,10,none,x.wav,M,5,other,rm3,8,source-16k/y.wav,115,yes",
        f"2,121720,10,none,{test},M,5,{long}-{_TEST},rm3,8,source-16k/y.wav,115,yes, said he",
    )
    text(
        "recording_data/distances.csv",
        "distractor 1,distractor 2,distractor 3,floor,foreground,query_name",
        f"90,80,70,39,46,{long}-{_TRAIN}",
        f"90,80,70,39,,{long}-{_TEST}",
    )
    audio(f"VOiCES_devkit/{train}")
    audio(f"VOiCES_devkit/{test}")
