"""FMA: the small and medium subsets, a track of a larger one, a title over two lines, a row with a comma too many."""

from collections.abc import Callable

CLIPS = {
    "000002": ("training", {"music_genre": "hip hop", "title": "Food", "artist": "AWOL"}),
    "000141": ("test", {"title": 'Long "and, longer" title', "artist": "Ed Askew"}),
}
BAD = {
    "line-9": "line 9 isn't a track with a split",
    "fma_metadata-tracks-line-10": "line 10 of fma_metadata/tracks.csv has 8 columns, not 7",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "fma_metadata/tracks.csv",
        ",artist,set,set,track,track,track",
        ",name,split,subset,duration,genre_top,title",
        "track_id,,,,,,",
        "2,AWOL,training,small,168,Hip-Hop,Food",
        '141,Ed Askew,test,medium,210,,"Long ""and, longer""',
        'title"',
        "200,X,validation,large,210,Rock,Y",
        "300,X,training,full,210,Rock,Y",
        "400,X,,small,210,Rock,Y",
        "500,X,test,small,210,Rock,Y, too",
    )
    audio("fma_medium/000/000002.mp3", rate=44100, channels=2)
    audio("fma_medium/000/000141.mp3", rate=44100, channels=2)
