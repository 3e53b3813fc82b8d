"""VoxCeleb 1: two test speakers and one for training, a cleaned list of trials."""

from collections.abc import Callable

_VIDEOS = {
    "id10001/1zcIwhmdeo4/00001": ("dev", {"speaker": "id10001", "gender": "male", "nationality": "Ireland"}),
    "id10270/5r0dWxy17C8/00001": (
        "test",
        {"speaker": "id10270", "gender": "male", "nationality": "United States"},
    ),
    "id10270/-8jEAjG6SegY/00008": (
        "test",
        {"speaker": "id10270", "gender": "male", "nationality": "United States"},
    ),
    "id10300/ize_eiCFEg0/00003": (
        "test",
        {"speaker": "id10300", "gender": "female", "nationality": "United Kingdom"},
    ),
}
CLIPS = {
    name.replace("/", "-"): (split, {**facts, "source": name.split("/")[1]})
    for name, (split, facts) in _VIDEOS.items()
}
TRIALS = [
    ("veri_test2", "id10270-5r0dWxy17C8-00001", "id10270--8jEAjG6SegY-00008", True),
    ("veri_test2", "id10270-5r0dWxy17C8-00001", "id10300-ize_eiCFEg0-00003", False),
]
BAD = {"id10300-00001": "the file isn't at SPEAKER/VIDEO/NNNNN"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "vox1_meta.csv",
        "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet",
        "id10001\tA.J._Buckley\tm\tIreland\tdev",
        "id10270\tEartha_Kitt\tm\tUSA\ttest",
        "id10300\tX\tf\tUK\ttest",
    )
    text(
        "veri_test2.txt",
        "1 id10270/5r0dWxy17C8/00001.wav id10270/-8jEAjG6SegY/00008.wav",
        "0 id10270/5r0dWxy17C8/00001.wav id10300/ize_eiCFEg0/00003.wav",
    )
    for name in (*_VIDEOS, "id10300/00001"):
        audio(f"wav/{name}.wav")
