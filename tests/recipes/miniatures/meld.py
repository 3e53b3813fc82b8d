"""MELD: a video of each of two splits, one as audio; Windows quotes; a row without numbers."""

from collections.abc import Callable

CLIPS = {
    "train-dia0_utt3": (
        "train",
        {
            "text": "You’re back, right?",
            "speaker": "Chandler",
            "gender": "male",
            "language": "en",
            "speaking_style": "acted",
            "emotion": "happy",
            "sentiment": "positive",
            "source": "train dialogue 0",
        },
    ),
    "test-dia2_utt0": (
        "test",
        {
            "text": "No.",
            "speaker": "Mrs. Green",
            "language": "en",
            "speaking_style": "acted",
            "emotion": "sad",
            "sentiment": "negative",
            "source": "test dialogue 2",
        },
    ),
}
BAD = {"test-line-3": "line 3 of test_sent_emo.csv has no Dialogue_ID or no Utterance_ID"}

_HEADER = (
    "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime"
)


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "MELD.Raw/train_sent_emo.csv",
        _HEADER,
        '1,"You\x92re back, right?",Chandler,joy,positive,0,3,8,21,"00:16:16,059","00:16:21,731"',
    )
    text(
        "MELD.Raw/test_sent_emo.csv",
        _HEADER,
        '1,No.,Mrs. Green,sadness,negative,2,0,3,19,"00:14:38,127","00:14:40,378"',
        '2,Oh.,Joey,neutral,neutral,,,3,19,"00:14:38,127","00:14:40,378"',
    )
    audio("MELD.Raw/train_splits/dia0_utt3.mp4", rate=48000, channels=2)
    audio("MELD.Raw/output_repeated_splits_test/dia2_utt0.wav")
