"""Common Voice: sentences read by volunteers in more than a hundred languages; 11,621 hours of release 20 are read.

Published at https://commonvoice.mozilla.org by Ardila et al., "Common Voice: A Massively-Multilingual Speech
Corpus", LREC 2020. CC0.

A release holds `LANGUAGE/{train,dev,test}.tsv` and `LANGUAGE/clips/*.mp3` (48 or 32 kHz). Age, gender and accent are
as the volunteers gave them; older releases call the column of accents `accent`, newer ones write genders as
`male_masculine` and so on. Accents are free text: only those of the site's own list for English are taken, and none
where a volunteer gave several. The published train, dev and test share no speaker; what is validated but in none of
them (22,106 hours are validated) isn't read.

Tables: TSV without quoting, as the publisher's own tool writes it with `csv.QUOTE_NONE`
(https://github.com/common-voice/CorporaCreator, `corpus.py`). That tool puts a backslash before a tab within a
sentence; as in everybody's readers this is a column too many, so the row is told.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.languages import LANGUAGES
from .kit.lookup import one_of
from .kit.spelling import find
from .kit.tables import TSV, TableRow, read_clips

_LANGUAGES = (
    "aa ab abb ace ady af am an ar arn as ast az azz ba bal bas bax bba bbj bci be beb bew bfd bft bg bkm bm bn "
    "bnm bo br bri bs bsh bum bxr byv ca cak cdo ckb cnh co crh cs cut cux cv cy da dag dar dav de dsb dua dv dyu "
    "ebr ee el en eo es et eto eu ewo fa fan ff fi fo fr fub fue fuf fur fy-nl ga-ie gl gn gom gos gsw gu-in guc "
    "gya ha he hi hil hr hsb ht hu hy-am hyw ia ibb id ie ig is it izh ja jbo jv ka kaa kab kbd kdh ki kk kln km "
    "kmr kn knn ko koi kpv ksf kw ky lb lg lij ln lo lt ltg luo lus lv lzz mai mbo mdf meh mg mhr mk ml mmc mn "
    "mni mos mr mrj ms mt mxu my myv nan-tw nb-no nd ne-np nhe nhi nia nl nn-no nnh nqo nr nso ny nyn oc om or os "
    "pa-in pap-aw pai pap pcm pl ppl ps pt pua quc quy qvi qxp rif rm-sursilv rm-vallader ro ru ruc rup rw sah sat sc "
    "scn sco sd sdh sei shi shn si sk skr sl sma snk snv so sq sr ss st sv-se sw syl syr ta te teg tg th ti tig "
    "tk tl tn tob tok top tr trv trw ts tsz tt tui tvu tw ty tyv uby udm ug uk ur uz ve vec vi vmw vot wep wes wo "
    "xh xmf yaq yi yo yua yue zgh zh-cn zh-hk zh-tw zoc zu zza"
)

CORPUS = Corpus(
    name="commonvoice",
    title="Common Voice",
    description=(
        "Sentences read aloud by volunteers all over the world into their own microphones. "
        "One person speaks in each clip; recordings differ in quality, accents and ages."
    ),
    hours=published_hours("commonvoice"),
    licence=Licence("CC0", commercial=True),
    languages=tuple(code for code in _LANGUAGES.split() if code.partition("-")[0] in LANGUAGES),
    sampling_rate=48_000,
    format="mp3",
    homepage="https://commonvoice.mozilla.org/datasets",
    citation="Ardila et al., Common Voice: A Massively-Multilingual Speech Corpus, LREC 2020",
    layout=("*/clips|clips", "*/train.tsv|*/dev.tsv|*/test.tsv|train.tsv|dev.tsv|test.tsv"),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language", "age_group", "accent"),
    tasks=("asr", "gender", "language", "speaker_verification", "age", "accent"),
    origins=("commonvoice", "commonvoice-speaker"),
    listed=("*/clips", "clips"),
    spares=(
        "*/validated.tsv",
        "*/invalidated.tsv",
        "*/other.tsv",
        "validated.tsv",
        "invalidated.tsv",
        "other.tsv",
    ),
)

_GENDERS = {
    "male": "male",
    "female": "female",
    "other": "other",
    "male_masculine": "male",
    "female_feminine": "female",
    "non-binary": "other",
    "transgender": "other",
    "intersex": "other",
    "do_not_wish_to_say": None,
    "": None,
}
_AGES = {
    name: name.replace("fourties", "forties") or None
    for name in (
        *("", "teens", "twenties", "thirties", "fourties", "forties"),
        *("fifties", "sixties", "seventies", "eighties", "nineties"),
    )
}
_ACCENTS = {
    # As the site's own list wrote them until and since release 8; in English only, for an English adjective is asked.
    **dict.fromkeys(("us", "United States English"), "American"),
    **dict.fromkeys(("england", "England English"), "English"),
    **dict.fromkeys(("scotland", "Scottish English"), "Scottish"),
    **dict.fromkeys(("wales", "Welsh English"), "Welsh"),
    **dict.fromkeys(("ireland", "Irish English"), "Irish"),
    **dict.fromkeys(("canada", "Canadian English"), "Canadian"),
    **dict.fromkeys(("australia", "Australian English"), "Australian"),
    **dict.fromkeys(("newzealand", "New Zealand English"), "New Zealand"),
    **dict.fromkeys(("philippines", "Filipino"), "Filipino"),
    **dict.fromkeys(("hongkong", "Hong Kong English"), "Hong Kong"),
    **dict.fromkeys(("malaysia", "Malaysian English"), "Malaysian"),
    **dict.fromkeys(("singapore", "Singaporean English"), "Singaporean"),
    **dict.fromkeys(("indian", "India and South Asia (India, Pakistan, Sri Lanka)"), "South Asian"),
    **dict.fromkeys(("african", "Southern African (South Africa, Zimbabwe, Namibia)"), "Southern African"),
    **dict.fromkeys(
        ("bermuda", "West Indies and Bermuda (Bahamas, Bermuda, Jamaica, Trinidad)"), "Caribbean"
    ),
    **dict.fromkeys(("southatlandtic", "South Atlantic (Falkland Islands, Saint Helena)"), "South Atlantic"),
}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of train, dev and test of every language on disk; the folder may be one language's."""
    folders = [corpus_dir] if (corpus_dir / "clips").is_dir() else find(corpus_dir, "*/")
    for folder in folders:
        for split in CORPUS.splits:
            if (folder / "clips").is_dir() and (folder / f"{split}.tsv").is_file():
                yield from _rows(corpus_dir, folder, split)


def _rows(corpus_dir: Path, folder: Path, split: str) -> Iterator[Clip | BadClip]:
    table = folder / f"{split}.tsv"
    for row in read_clips(table, CORPUS, corpus_dir, ("client_id", "path", "sentence"), TSV):
        if isinstance(row, BadClip):
            yield row
            continue
        name = row["path"]
        audio = folder.relative_to(corpus_dir) / "clips" / name
        # Releases before 2020 leave out the suffix.
        audio = audio if audio.suffix else audio.with_suffix(".mp3")
        if not is_inside(name) or not row["client_id"] or not row["sentence"]:
            where = f"line {row.line} of {table.relative_to(corpus_dir)}"
            yield BadClip(
                safe_id(audio.stem) or where,
                audio,
                f"{where} has no client_id or no path of a clip",
            )
            continue
        yield Clip(
            safe_id(audio.stem),
            split,
            audio,
            _facts(row, audio.stem, folder.name, f"{table.name}, line {row.line}"),
            origin=(f"commonvoice:{audio.stem}", f"commonvoice-speaker:{row['client_id']}"),
        )


def _facts(row: TableRow, name: str, folder: str, where: str) -> dict[str, object]:
    accent = row.values.get("accents") or row.values.get("accent") or ""
    language = _language(row.values.get("locale") or name, folder)
    return known(
        text=clean_text(row["sentence"]),
        speaker=row["client_id"],
        gender=one_of(_GENDERS, row.values.get("gender", ""), where),
        language=language,
        age_group=one_of(_AGES, row.values.get("age", ""), where),
        accent=_ACCENTS.get(accent) if (language or "").partition("-")[0] == "en" else None,
    )


def _language(locale: str, folder: str) -> str | None:
    """From the column `locale`, else from `common_voice_LANGUAGE_NNN`, else from the folder's name."""
    for code in (locale.removeprefix("common_voice_").rpartition("_")[0] or locale, folder):
        if code.lower().partition("-")[0] in LANGUAGES:
            return code.lower()
    return None
