"""AudioSet: two splits whose files are named differently, a clip that was taken down, an unknown label."""

from collections.abc import Callable

CLIPS = {
    "--PJHxphWEs-30": ("balanced_train", {"sound_events": ["speech", "gushing"], "source": "--PJHxphWEs"}),
    "-0RWZT-miFs-420": ("eval", {"sound_events": ["speech"], "source": "-0RWZT-miFs"}),
}
BAD = {
    "gonegonegon-0": "the file is missing",
    "eval-line-5": "line 5 of eval_segments.csv has labels that class_labels_indices.csv hasn't, or none",
    "eval_segments-line-6": "line 6 of eval_segments.csv has a quotation mark that is neither closed nor doubled",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text("class_labels_indices.csv", "index,mid,display_name", '0,/m/09x0r,"Speech"', '1,/t/dd00088,"Gush"')
    text(
        "balanced_train_segments.csv",
        "# Segments csv created Sun Mar  5 10:54:31 2017",
        "# num_ytids=22160, num_segs=22160, num_unique_labels=527, num_positive_labels=52882",
        "# YTID, start_seconds, end_seconds, positive_labels",
        '--PJHxphWEs, 30.000, 40.000, "/m/09x0r,/t/dd00088"',
        'gonegonegon, 0.000, 10.000, "/m/09x0r"',
    )
    text(
        "eval_segments.csv",
        "# Segments csv created Sun Mar  5 10:54:25 2017",
        "# num_ytids=20371, num_segs=20371, num_unique_labels=527, num_positive_labels=51804",
        "# YTID, start_seconds, end_seconds, positive_labels",
        '-0RWZT-miFs, 420.000, 430.000, "/m/09x0r"',
        'abcdefghijk, 0.000, 10.000, "/m/unknown"',
        'abcdefghijl, 0.000, 10.000, "/m/09x0r',
    )
    audio("balanced_train/Y--PJHxphWEs.wav")
    audio("eval_segments/-0RWZT-miFs_420000_430000.flac")
