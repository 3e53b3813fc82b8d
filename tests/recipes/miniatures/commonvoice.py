"""Common Voice in two languages: quotation marks that are text, two spellings of genders, a row cut short."""

from collections.abc import Callable

CLIPS = {
    "common_voice_en_1": (
        "train",
        {
            "text": '"Well, said he.',
            "speaker": "aa11",
            "gender": "male",
            "language": "en",
            "age_group": "forties",
            "accent": "American",
        },
    ),
    "common_voice_en_2": ("test", {"text": 'A "quoted" word', "speaker": "bb22", "language": "en"}),
    "common_voice_zh-CN_3": (
        "dev",
        {"text": "宋朝末年年间定居粉岭围。", "speaker": "cc33", "gender": "female", "language": "zh-cn"},
    ),
}
BAD = {
    "common_voice_zh-CN_4": "line 3 of zh-CN/dev.tsv has no client_id or no path of a clip",
    "zh-CN-dev-line-4": "line 4 of zh-CN/dev.tsv has 3 columns, not 8",
}

_OLD = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccent"
_NEW = (
    "client_id\tpath\tsentence_id\tsentence\tsentence_domain\tup_votes\tdown_votes\tage\tgender\taccents\tvariant\t"
    "locale\tsegment"
)


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "en/train.tsv",
        _NEW,
        'aa11\tcommon_voice_en_1.mp3\tf0\t"Well, said he.\t\t2\t0\tfourties\tmale_masculine\t'
        "United States English\t\ten\t",
    )
    text(
        "en/test.tsv",
        _NEW,
        'bb22\tcommon_voice_en_2.mp3\tf1\tA "quoted" word\t\t2\t0\t\tdo_not_wish_to_say\t\t\ten\t',
    )
    text(
        "zh-CN/dev.tsv",
        _OLD,
        "cc33\tcommon_voice_zh-CN_3\t宋朝末年年间定居粉岭围。\t2\t0\t\tfemale\t",
        "\tcommon_voice_zh-CN_4.mp3\t宋\t2\t0\t\t\t",
        'dd44\tcommon_voice_zh-CN_5.mp3\t"宋',
    )
    for name in (
        "en/clips/common_voice_en_1",
        "en/clips/common_voice_en_2",
        "zh-CN/clips/common_voice_zh-CN_3",
    ):
        audio(f"{name}.mp3", rate=32000)
