"""Every recipe reads its tables as their publisher writes them, and tells of a row that doesn't fit.

What a publisher writes is said here once more, apart from the recipes: the delimiter, and whether quotation marks
enclose fields or are text. Where it is known from is told in each recipe.
"""

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.corpus import BadClip, Clip
from cryfish.recipes.kit.registry import corpora, recipe

Miniature = Callable[[str], Path]


@dataclass(frozen=True)
class Table:
    """A table of a miniature. `text`: it has a column of free text. `lookup`: its rows aren't clips."""

    recipe: str
    path: str
    delimiter: str = ","
    quotes: bool = True
    header: int = 1
    text: bool = False
    lookup: bool = False
    crlf: bool = False
    line_breaks: bool = False


TABLES = (
    Table("audiocaps", "dataset/val.csv", crlf=True),
    Table("audioset", "eval_segments.csv", header=3),
    Table("audioset", "class_labels_indices.csv", lookup=True),
    Table("clotho", "clotho_captions_evaluation.csv", text=True),
    Table("commonvoice", "en/train.tsv", "\t", quotes=False, text=True),
    Table("commonvoice", "zh-CN/dev.tsv", "\t", quotes=False),
    Table("covost2", "de/covost_v2.de_en.train.tsv", "\t", quotes=False),
    Table("covost2", "en/covost_v2.en_de.test.tsv", "\t", quotes=False, text=True),
    Table("crema_d", "VideoDemographics.csv", lookup=True),
    Table("cryfish_noises", "noises.tsv", "\t", quotes=False),
    Table("cryfish_phrases", "utterances.tsv", "\t", quotes=False),
    Table("cryfish_phrases", "speakers.tsv", "\t", quotes=False, lookup=True),
    Table("esc50", "meta/esc50.csv"),
    Table("fleurs", "cmn_hans_cn/train.tsv", "\t", quotes=False, header=0, text=True),
    Table("fluent_speech_commands", "data/test_data.csv"),
    Table("fluent_speech_commands", "data/speaker_demographics.csv", lookup=True),
    Table("fma", "fma_metadata/tracks.csv", header=3, text=True, line_breaks=True),
    Table("fsd50k", "FSD50K.ground_truth/dev.csv"),
    Table("fsd50k", "FSD50K.ground_truth/eval.csv"),
    Table("ljspeech", "metadata.csv", "|", quotes=False, header=0, text=True),
    Table("magnatagatune", "annotations_final.csv", "\t"),
    Table("magnatagatune", "clip_info_final.csv", "\t"),
    Table("meld", "MELD.Raw/train_sent_emo.csv", text=True, crlf=True),
    Table("mlaad", "fake/sw/facebook_mms-tts-swh/meta.csv", "|", text=True),
    Table("musiccaps", "musiccaps-public.csv", text=True, crlf=True, line_breaks=True),
    Table("spgispeech", "train.csv", "|", quotes=False, text=True),
    Table("urbansound8k", "metadata/UrbanSound8K.csv"),
    Table("vggsound", "vggsound.csv", header=0),
    Table("voices", "VOiCES_devkit/references/train_index.csv"),
    Table("voices", "recording_data/distances.csv", lookup=True),
    Table("voxceleb1", "vox1_meta.csv", "\t", quotes=False, lookup=True),
    Table("voxceleb2", "vox2_meta.csv", lookup=True),
    Table("voxpopuli", "transcribed_data/de/asr_train.tsv", "\t", quotes=False, text=True),
)
IDS = [f"{table.recipe}-{Path(table.path).name}" for table in TABLES]

DAMAGES: dict[str, Callable[[list[str]], list[str]]] = {
    "a column too many": lambda fields: [*fields, "x"],
    "a column too few": lambda fields: fields[:-1],
    "a mark that never closes": lambda fields: [*fields[:-1], f'"{fields[-1].strip(chr(34))}'],
}


def _read(table: Table, folder: Path) -> tuple[dict[str, Clip], list[BadClip]]:
    found = list(recipe(table.recipe).clips(folder))
    return {clip.id: clip for clip in found if isinstance(clip, Clip)}, [
        clip for clip in found if isinstance(clip, BadClip)
    ]


CASES = [
    pytest.param(table, damage, at, id=f"{name}-{damage}-{at}")
    for table, name in zip(TABLES, IDS, strict=True)
    for damage in DAMAGES
    for at in ("first", "last")
    if table.quotes or damage != "a mark that never closes"
]


@pytest.mark.parametrize(("table", "damage", "at"), CASES)
def test_a_row_that_does_not_fit_takes_no_other_with_it(
    table: Table, damage: str, at: str, miniature: Miniature
) -> None:
    """It is in the quarantine and the other rows are as they were, or the corpus is refused."""
    folder = miniature(table.recipe)
    path = folder / table.path
    before, bad_before = _read(table, folder)
    lines = path.read_bytes().decode().splitlines(keepends=True)
    row = lines[table.header].rstrip("\r\n").split(table.delimiter)
    place = table.header if at == "first" else len(lines)
    lines.insert(place, table.delimiter.join(DAMAGES[damage](row)) + ("\r\n" if table.crlf else "\n"))
    path.write_bytes("".join(lines).encode())
    if table.lookup or (table.line_breaks and damage == "a mark that never closes"):
        with pytest.raises(InputError) as refusal:
            _read(table, folder)
        assert str(refusal.value).startswith(f"{path}, line {place + 1}: has ")
        assert len(str(refusal.value).splitlines()) == 1
        return
    after, bad = _read(table, folder)
    assert after == before
    assert len(bad) == len(bad_before) + 1
    assert [clip.path for clip in bad if f"line {place + 1} of {table.path} has " in clip.reason] == [
        table.path
    ]


@pytest.mark.parametrize("table", TABLES, ids=IDS)
def test_the_miniature_is_written_as_the_publisher_writes(table: Table, miniature: Miniature) -> None:
    content = (miniature(table.recipe) / table.path).read_bytes().decode()
    assert ("\r\n" in content) == table.crlf
    if table.text and table.quotes:
        assert '""' in content
    elif table.text:
        assert any(
            field.startswith('"') and field.count('"') % 2 for field in _fields(content, table.delimiter)
        )
    if table.line_breaks:
        assert any(line.count('"') % 2 for line in content.splitlines())


def _fields(content: str, delimiter: str) -> list[str]:
    return [field for line in content.splitlines() for field in line.split(delimiter)]


def test_every_recipe_with_a_table_is_here() -> None:
    reading = {
        name
        for name in corpora()
        if any("read_table(" in source or "read_clips(" in source for source in [_source(name)])
    }
    assert reading == {table.recipe for table in TABLES}


@pytest.mark.parametrize("name", sorted(corpora()))
def test_a_recipe_that_reads_metadata_says_how_it_is_written_and_whence_that_is_known(name: str) -> None:
    if not any(reader in _source(name) for reader in ("read_", "ElementTree", "official_trials(", "_texts(")):
        return
    _, mark, told = (importlib.import_module(f"cryfish.recipes.{name}").__doc__ or "").partition("\nTables: ")
    assert mark
    assert "https://" in told or "not verified" in told or "`pipeline/demo/" in told


def _source(name: str) -> str:
    return inspect.getsource(importlib.import_module(f"cryfish.recipes.{name}"))


def test_covost2_as_published(shared: Path, tmp_path: Path) -> None:
    """Four rows are four clips, and quotation marks are part of the texts."""
    table = tmp_path / "en" / "covost_v2.en_de.test.tsv"
    table.parent.mkdir()
    table.write_bytes((shared / "cases" / "covost2_unquoted.tsv").read_bytes())
    (tmp_path / "en" / "clips").mkdir()
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    clips = list(recipe("covost2").clips(tmp_path))
    assert [clip.facts if isinstance(clip, Clip) else clip for clip in clips] == [
        {"text": text, "speaker": speaker, "language": "en", "translations": [f"de: {translation}"]}
        for _, text, translation, speaker in rows
    ]
    assert len(clips) == 4


def test_no_row_of_covost2_swallows_those_that_follow(miniature: Miniature) -> None:
    """Of 500 rows whose texts open a quotation mark here and there, 500 are clips, none longer than its row."""
    folder = miniature("covost2")
    table = folder / "en" / "covost_v2.en_de.test.tsv"
    header = table.read_text().splitlines()[0]
    texts = [f'"Number {place}' if place % 3 == 0 else f"Number {place}" for place in range(500)]
    rows = [f"common_voice_en_{place}.mp3\t{text}\t{text}\te1" for place, text in enumerate(texts, 100)]
    table.write_text("".join(f"{row}\n" for row in [header, *rows]))
    (folder / "en" / "covost_v2.en_sv-SE.test.tsv").unlink()
    clips = [clip for clip in recipe("covost2").clips(folder) if isinstance(clip, Clip)]
    assert [clip.facts["text"] for clip in clips if clip.split == "test"] == texts
