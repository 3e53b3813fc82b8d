"""MusicCaps: a clip for training and one of the evaluation, one that was taken down, a row without times; CRLF."""

from collections.abc import Callable

CLIPS = {
    "-0Gj8-vB1q4-30": (
        "train",
        {
            "caption": ['The recording features a "ballad" song, with strings.'],
            "music_tags": ["low quality", "children's song"],
            "source": "-0Gj8-vB1q4",
        },
    ),
    "-0SdAVK79lg-30": ("eval", {"caption": ["A guitar."], "music_tags": ["mellow"], "source": "-0SdAVK79lg"}),
}
BAD = {
    "oopsoopsoop-0": "line 6 of musiccaps-public.csv has no caption, list of aspects or is_audioset_eval",
    "gonegonegon-0": "the file is missing",
    "line-7": "line 7 of musiccaps-public.csv has no ytid, start_s, end_s",
    "musiccaps-public-line-8": "line 8 of musiccaps-public.csv has 10 columns, not 9",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "musiccaps-public.csv",
        "ytid,start_s,end_s,audioset_positive_labels,aspect_list,caption,author_id,is_balanced_subset,is_audioset_eval",
        "-0SdAVK79lg,30,40,/m/0155w,\"['mellow']\",A guitar.,0,False,True",
        '-0Gj8-vB1q4,30,40,"/m/0140xf,/m/02cjck","[\'low quality\', ""children\'s song""]",'
        '"The recording features a ""ballad"" song,\r\nwith strings.",4,False,False',
        "gonegonegon,0,10,/m/0155w,[],A drum.,0,False,True",
        "oopsoopsoop,0,10,/m/0155w,oops,A drum.,0,False,True",
        "x,,,/m/0155w,[],A drum.,0,False,True",
        "y,0,10,/m/0155w,[],A drum, alone.,0,False,True",
        end="\r\n",
    )
    audio("wav/-0Gj8-vB1q4.wav", rate=44100)
    audio("wav/-0SdAVK79lg.wav", rate=44100)
