"""VoxCeleb 2: AAC files of two speakers, blanks around the table's commas."""

from collections.abc import Callable

CLIPS = {
    "id00012-21Uxsk56VDQ-00001": (
        "dev",
        {"speaker": "id00012", "gender": "male", "source": "21Uxsk56VDQ"},
    ),
    "id00017-01dfn2spqyE-00001": (
        "test",
        {"speaker": "id00017", "gender": "female", "source": "01dfn2spqyE"},
    ),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "vox2_meta.csv",
        "VoxCeleb2 ID ,VGGFace2 ID ,Gender ,Set ",
        "id00012 ,n000012 ,m ,dev ",
        "id00017 ,n000017 ,f ,test ",
    )
    audio("dev/aac/id00012/21Uxsk56VDQ/00001.m4a")
    audio("test/aac/id00017/01dfn2spqyE/00001.m4a")
