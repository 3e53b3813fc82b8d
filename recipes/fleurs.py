"""FLEURS: 2,009 sentences of Wikipedia, read in 102 languages, some 12 hours in each.

Published at https://huggingface.co/datasets/google/fleurs by Conneau et al., "FLEURS: Few-shot Learning Evaluation of
Universal Representations of Speech", SLT 2022. CC BY 4.0.

The folder holds, for every language (`de_de`, `cmn_hans_cn`, ...), `{train,dev,test}.tsv` without a header (number of
the sentence, file, raw text, text, characters, samples, gender) and `audio/{train,dev,test}/FILE.wav` (16 kHz), as
`data` of the published repository does. Lhotse's download, with `metadata/LANGUAGE/SPLIT.tsv` and
`LANGUAGE/SPLIT/FILE.wav`, is read too. Speakers aren't named; the same sentence is read by several.

Tables: TSV without header or quoting, seven columns, as lhotse writes and reads it by splitting at tabs
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import (
    RECORDED_FOR_IT,
    BadClip,
    Clip,
    Corpus,
    Download,
    Licence,
    clean_text,
    is_inside,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.lookup import one_of
from .kit.tables import TSV, read_clips

_FOLDERS = (
    "af_za am_et ar_eg as_in ast_es az_az be_by bg_bg bn_in bs_ba ca_es ceb_ph ckb_iq cmn_hans_cn cs_cz cy_gb da_dk "
    "de_de el_gr en_us es_419 et_ee fa_ir ff_sn fi_fi fil_ph fr_fr ga_ie gl_es gu_in ha_ng he_il hi_in hr_hr hu_hu "
    "hy_am id_id ig_ng is_is it_it ja_jp jv_id ka_ge kam_ke kea_cv kk_kz km_kh kn_in ko_kr ky_kg lb_lu lg_ug ln_cd "
    "lo_la lt_lt luo_ke lv_lv mi_nz mk_mk ml_in mn_mn mr_in ms_my mt_mt my_mm nb_no ne_np nl_nl nso_za ny_mw oc_fr "
    "om_et or_in pa_in pl_pl ps_af pt_br ro_ro ru_ru sd_in sk_sk sl_si sn_zw so_so sr_rs sv_se sw_ke ta_in te_in "
    "tg_tj th_th tr_tr uk_ua umb_ao ur_pk uz_uz vi_vn wo_sn xh_za yo_ng yue_hant_hk zu_za"
).split()


def _code(folder: str) -> str:
    first = folder.partition("_")[0]
    return "zh" if first == "cmn" else first


_DATA = "https://huggingface.co/datasets/google/fleurs/resolve/main/data"

CORPUS = Corpus(
    name="fleurs",
    title="FLEURS",
    description=(
        "Sentences of encyclopaedia articles, read aloud by native speakers of 102 languages. "
        "One person speaks in each clip, mostly in a quiet room."
    ),
    hours=published_hours("fleurs"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=tuple(sorted(map(_code, _FOLDERS))),
    sampling_rate=16_000,
    homepage="https://huggingface.co/datasets/google/fleurs",
    citation="Conneau et al., FLEURS: Few-shot Learning Evaluation of Universal Representations of Speech, SLT 2022",
    layout=(
        "[a-z]*_[a-z0-9]*/*.tsv|metadata/[a-z]*_[a-z0-9]*/*.tsv",
        "*_*/audio/*|*_*/train|*_*/dev|*_*/test",
    ),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "gender", "language", "source"),
    tasks=("asr", "gender", "language"),
    no_origin=RECORDED_FOR_IT,
    listed=("*_*/audio/*", "*_*/train", "*_*/dev", "*_*/test"),
    # As lhotse's recipe fetches them.
    downloads=tuple(
        Download(f"{_DATA}/{language}/{file}", folder=f"{language}/{folder}")
        for language in _FOLDERS
        for split in ("train", "dev", "test")
        for file, folder in ((f"{split}.tsv", ""), (f"audio/{split}.tar.gz", "audio"))
    ),
)

_COLUMNS = ("id", "file", "raw", "text", "characters", "samples", "gender")
_GENDERS = {"MALE": "male", "FEMALE": "female", "OTHER": None}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the tables of the languages on disk."""
    for name in _FOLDERS:
        folder = corpus_dir / name
        for split in CORPUS.splits:
            table, audio_dir = folder / f"{split}.tsv", Path(name, "audio", split)
            if not table.is_file():
                table, audio_dir = corpus_dir / "metadata" / name / f"{split}.tsv", Path(name, split)
            if table.is_file():
                yield from _rows(table, corpus_dir, audio_dir, name, split)


def _rows(
    table: Path, corpus_dir: Path, audio_dir: Path, folder: str, split: str
) -> Iterator[Clip | BadClip]:
    for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS, TSV, header=0):
        if isinstance(row, BadClip):
            yield row
            continue
        file = row["file"]
        if not is_inside(file) or not file.endswith(".wav") or not row["id"].isdigit() or not row["raw"]:
            where = f"line {row.line} of {folder}/{split}.tsv"
            yield BadClip(
                f"{folder}-{split}-{row.line}", audio_dir, f"{where} isn't number, file, texts, gender"
            )
            continue
        facts = known(
            text=clean_text(row["raw"]),
            gender=one_of(_GENDERS, row["gender"], f"{folder}/{split}.tsv, line {row.line}"),
            language=_code(folder),
            source=f"sentence {row['id']}",
        )
        yield Clip(f"{folder}-{safe_id(file.removesuffix('.wav'))}", split, audio_dir / file, facts)
