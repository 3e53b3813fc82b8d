"""L2-ARCTIC: 27 hours of read English by 24 people whose first language is another.

Published at https://psi.engr.tamu.edu/l2-arctic-corpus/ by Zhao et al., "L2-ARCTIC: A Non-Native English Speech
Corpus", Interspeech 2018. CC BY-NC 4.0; fetched after a form.

The folder holds `SPEAKER/wav/arctic_[ab]NNNN.wav` (44.1 kHz) and `SPEAKER/transcript/arctic_[ab]NNNN.txt`. Genders
and first languages are those of the corpus' README. The suitcase stories (one long recording each) aren't read. No
splits are published.

Tables: one sentence a file, as lhotse reads it (https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import DIVIDED, RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, divide, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import text_of
from .kit.spelling import find

CORPUS = Corpus(
    name="l2_arctic",
    title="L2-ARCTIC",
    description=(
        "Short English sentences, read aloud in a quiet room by people whose first language is another. "
        "One person speaks in each clip with the accent of that language."
    ),
    hours=published_hours("l2_arctic"),
    licence=Licence("CC BY-NC 4.0", commercial=False),
    languages=("en",),
    sampling_rate=44_100,
    homepage="https://psi.engr.tamu.edu/l2-arctic-corpus/",
    citation="Zhao et al., L2-ARCTIC: A Non-Native English Speech Corpus, Interspeech 2018",
    layout=("[A-Z]*/wav/arctic_[ab]*.wav", "[A-Z]*/transcript/arctic_[ab]*.txt"),
    splits=DIVIDED,
    facts=("text", "speaker", "gender", "language", "native_language", "accent"),
    tasks=("asr", "gender", "speaker_verification", "accent", "native_language"),
    no_origin=RECORDED_FOR_IT,
)

_SPEAKERS = {
    "ABA": ("male", "ar"),
    "SKA": ("female", "ar"),
    "YBAA": ("male", "ar"),
    "ZHAA": ("female", "ar"),
    "BWC": ("male", "zh"),
    "LXC": ("female", "zh"),
    "NCC": ("female", "zh"),
    "TXHC": ("male", "zh"),
    "ASI": ("male", "hi"),
    "RRBI": ("male", "hi"),
    "SVBI": ("female", "hi"),
    "TNI": ("female", "hi"),
    "HJK": ("female", "ko"),
    "HKK": ("male", "ko"),
    "YDCK": ("female", "ko"),
    "YKWK": ("male", "ko"),
    "EBVS": ("male", "es"),
    "ERMS": ("male", "es"),
    "MBMPS": ("female", "es"),
    "NJS": ("female", "es"),
    "HQTV": ("male", "vi"),
    "PNV": ("female", "vi"),
    "THV": ("female", "vi"),
    "TLV": ("male", "vi"),
}
_ACCENTS = {
    "ar": "Arabic",
    "zh": "Mandarin",
    "hi": "Hindi",
    "ko": "Korean",
    "es": "Spanish",
    "vi": "Vietnamese",
}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every sentence of every speaker on disk."""
    for folder in find(corpus_dir, "[A-Z]*/"):
        speaker = folder.name
        for path in find(folder / "wav", "*.wav"):
            audio = path.relative_to(corpus_dir)
            clip_id = safe_id(f"{speaker}-{path.stem}")
            if speaker not in _SPEAKERS:
                yield BadClip(clip_id, audio, f"the corpus has no speaker {speaker}")
                continue
            gender, native = _SPEAKERS[speaker]
            facts = known(
                text=text_of(folder / "transcript" / f"{path.stem}.txt"),
                speaker=speaker,
                gender=gender,
                language="en",
                native_language=native,
                accent=_ACCENTS[native],
            )
            yield Clip(clip_id, divide(CORPUS.name, speaker), audio, facts)
