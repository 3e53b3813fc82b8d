"""FSD50K: a clip of each split, a row without labels, one with a quotation mark that never closes."""

from collections.abc import Callable

CLIPS = {
    "64760": ("train", {"sound_events": ["electric guitar", "guitar", "music"]}),
    "16399": ("val", {"sound_events": ["crumpling"]}),
    "37199": ("eval", {"sound_events": ["dog barking", "dog"]}),
}
BAD = {
    "dev-line-4": "line 4 of FSD50K.ground_truth/dev.csv isn't fname, labels, split",
    "FSD50K_ground_truth-dev-line-5": "line 5 of FSD50K.ground_truth/dev.csv has a quotation mark that is neither "
    "closed nor doubled",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "FSD50K.ground_truth/dev.csv",
        "fname,labels,mids,split",
        '64760,"Electric_guitar,Guitar,Music","/m/02sgy,/m/0342h,/m/04rlf",train',
        "16399,Crumpling_and_crinkling,/t/dd00112,val",
        "1,,,train",
        '2,"Bark,Dog,"/m/05tny_,/m/0bt9lr",train',
    )
    text("FSD50K.ground_truth/eval.csv", "fname,labels,mids", '37199,"Bark,Dog","/m/05tny_,/m/0bt9lr"')
    audio("FSD50K.dev_audio/64760.wav", rate=44100)
    audio("FSD50K.dev_audio/16399.wav", rate=44100)
    audio("FSD50K.eval_audio/37199.wav", rate=44100)
