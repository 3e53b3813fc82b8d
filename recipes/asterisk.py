"""Asterisk core sounds: the spoken prompts of a telephone exchange in English, Spanish, French, Italian and Russian.

Packaged by Debian as asterisk-core-sounds-{en,es,fr,it,ru}-wav (the sounds) and asterisk-core-sounds-{en,...} (the
texts); from https://downloads.asterisk.org/pub/telephony/sounds/. CC BY-SA 3.0 (en, es, fr), CC BY 3.0 (it, ru).

The folder holds `sounds/{ll_CC_g_Voice}/**/PROMPT.wav` (8 kHz) and `core-sounds-LL.txt`, lines of `PROMPT: text`.
The voice in the folder's name is the speaker: Allison reads both English and Spanish.

Texts are scripts, written before the recording, so some of what they hold isn't speech. Left out are:
- leading and trailing dots, which only say that a prompt is part of a longer sentence;
- a symbol in brackets (`dollar [$]`), which repeats the word;
- the whole text where words stand in brackets (`[suyo]`, `(in English)`): said or not, nobody knows;
- the whole text where letters with an accent were turned into question marks (`La conferenza ? piena.`).
A prompt that some language's list puts in brackets as a whole (`[error tone]`) is a sound, in every language, of
which nothing is known. Signs such as `#`, which are read aloud, stay as published.

No splits are published, and with hardly more than one voice per language none can be made that keeps voices apart
and languages together: everything is for training.

Tables: lines `PROMPT: text`, comments after `;`, quotation marks as they are, in the published files themselves
(https://downloads.asterisk.org/pub/telephony/sounds/).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Found, LeftOut, Licence, clean_text, safe_id
from .kit.hours import published_hours
from .kit.spelling import find, walk
from .kit.tables import read_lines

CORPUS = Corpus(
    name="asterisk",
    title="Asterisk core sounds",
    description=(
        "Prompts of a telephone exchange, read by professional voices in five languages: menus, errors, numbers. "
        "Each clip has one speaker and telephone bandwidth; some are parts of a sentence."
    ),
    hours=published_hours("asterisk"),
    licence=Licence("CC BY-SA 3.0", commercial=True),
    languages=("en-us", "es-mx", "fr-ca", "it-it", "ru-ru"),
    sampling_rate=8_000,
    homepage="https://downloads.asterisk.org/pub/telephony/sounds/",
    citation="Asterisk core sounds 1.6.1, 2018: Allison Smith, June Wallack, Carlo, IvrvoiceRU",
    layout=("core-sounds-??.txt", "sounds/??_??_[fm]_*"),
    splits={"all": "train"},
    facts=("text", "speaker", "gender", "language"),
    tasks=("asr", "gender", "language", "speaker_verification"),
    no_origin=RECORDED_FOR_IT,
)

_VOICE = re.compile(r"([a-z]{2})_([A-Z]{2})_([fm])_(\w+)")
_PROMPT = re.compile(r"[A-Za-z0-9_/-]+ *")
_GENDERS = {"f": "female", "m": "male"}
_SOUND = re.compile(r"[\[(<].*[\])>]")
_SYMBOL = re.compile(r"[\[(<]\W*[\])>]")
_BRACKETED = re.compile(r"[\[(<].*?\w.*?[\])>]")
_LOST_LETTER = re.compile(r"\?\s*(\w)")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every prompt of every voice."""
    scripts = {path.stem[-2:]: _script(path) for path in find(corpus_dir, "core-sounds-??.txt")}
    sounds = {
        prompt for script in scripts.values() for prompt, line in script.items() if _SOUND.fullmatch(line)
    }
    for folder in find(corpus_dir / "sounds", "*/"):
        match = _VOICE.fullmatch(folder.name)
        if match is None:
            for path in walk(folder, (".wav",)):
                clip_id = safe_id(f"{folder.name}_{path.stem}")
                yield LeftOut(clip_id, "all", "prompts in a folder that isn't named after a voice")
            continue
        language, region, gender, speaker = match.groups()
        if language not in scripts:
            raise InputError(
                f"{corpus_dir}: no core-sounds-{language}.txt for the voice {folder.name}; "
                f"it comes in Debian's package asterisk-core-sounds-{language}"
            )
        voice = {"speaker": speaker, "gender": _GENDERS[gender], "language": f"{language}-{region.lower()}"}
        for path in walk(folder, (".wav",)):
            prompt = path.relative_to(folder).with_suffix("").as_posix()
            line = scripts[language].get(prompt)
            clip_id, audio = safe_id(f"{folder.name}_{prompt}"), path.relative_to(corpus_dir)
            if line is None:
                yield BadClip(clip_id, audio, f"core-sounds-{language}.txt has no line of it")
                continue
            yield Clip(clip_id, "all", audio, {} if prompt in sounds else {**_spoken(line), **voice})


def _script(path: Path) -> dict[str, str]:
    """Prompt -> its line, of which the first counts; without the prompt's name, which one line repeats."""
    script: dict[str, str] = {}
    for number, line in read_lines(path, CORPUS):
        prompt, colon, text = line.partition(":")
        if line.startswith(";"):
            continue
        if not (colon and _PROMPT.fullmatch(prompt)):
            raise InputError(
                f"{path}, line {number}: isn't `prompt: text`; take the file from {CORPUS.homepage}"
            )
        if text.strip():
            script.setdefault(prompt.strip(), clean_text(text).removeprefix(f"{prompt}: "))
    if not script:
        raise InputError(f"{path}: holds no prompt; take the file from {CORPUS.homepage}")
    return script


def _spoken(line: str) -> dict[str, str]:
    text = _SYMBOL.sub("", line).strip()
    if _BRACKETED.search(text) or any(letter.islower() for letter in _LOST_LETTER.findall(text)):
        return {}
    text = text.removeprefix("...").removeprefix("…").removesuffix("...").removesuffix("…").strip()
    return {"text": text} if text else {}
