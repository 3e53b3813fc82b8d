"""MagnaTagATune: two splits, a clip that isn't in the second table, a row without a path."""

from collections.abc import Callable

CLIPS = {
    "2": (
        "test",
        {
            "music_tags": ["no vocals", "guitar"],
            "title": "BWV54 - I Aria",
            "artist": "American Bach Soloists",
            "source": "American Bach Soloists: Cantatas Volume V, BWV54 - I Aria",
        },
    ),
}
BAD = {
    "1": "clip_info_final.csv says nothing of 1",
    "line-4": "line 4 of annotations_final.csv has no clip_id or no mp3_path",
    "annotations_final-line-5": "line 5 of annotations_final.csv has 3 columns, not 5",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    first, second = "f/bach-01-bwv54-30-59", "0/song-02-1-30"
    text(
        "annotations_final.csv",
        '"clip_id"\t"no singer"\t"guitar"\t"1 person"\t"mp3_path"',
        f'"2"\t"1"\t"1"\t"0"\t"{first}.mp3"',
        f'"1"\t"1"\t"0"\t"1"\t"{second}.mp3"',
        '"3"\t"1"\t"0"\t"1"\t""',
        '"4"\t"1"\t"0"',
    )
    text(
        "clip_info_final.csv",
        "clip_id\ttrack_number\ttitle\tartist\talbum\turl\tsegmentStart\tsegmentEnd\toriginal_url\tmp3_path",
        f"2\t7\tBWV54 - I Aria\tAmerican Bach Soloists\tCantatas Volume V\tx\t30\t59\tx\t{first}.mp3",
    )
    audio(f"{first}.mp3")
    audio(f"mp3/{second}.mp3")
