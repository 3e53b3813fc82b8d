"""Miniature corpora written here, whole and broken: what a user is told, and what goes to the quarantine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.recipes.facts import read_facts
from cryfish.recipes.registry import corpora, recipe

FSDD_METADATA = "metadata = {'ann': {'gender': 'female', 'accent': 'DEU/German', 'language': 'english'}}\n"
ESC50_TABLE = (
    "filename,fold,target,category,esc10,src_file,take\n"
    "1-10-A-0.wav,1,0,dog,True,10,A\n"
    "5-20-B-30.wav,5,30,door_wood_knock,False,20,B\n"
)


@pytest.fixture
def librispeech(tmp_path: Path, write_audio: Callable[..., Path]) -> Path:
    folder = tmp_path / "LibriSpeech"
    chapter = folder / "dev-clean/84/121"
    for number in range(2):
        write_audio(chapter / f"84-121-000{number}.flac", rate=16000)
    (chapter / "84-121.trans.txt").write_text("84-121-0000 GO ON\n84-121-0001 DO  YOU\n")
    (folder / "SPEAKERS.TXT").write_text(";ID |SEX|\n84   | F | dev-clean |  8.02 | A | B\n")
    return folder


@pytest.fixture
def fsdd(tmp_path: Path, write_audio: Callable[..., Path]) -> Path:
    folder = tmp_path / "fsdd"
    write_audio(folder / "recordings/3_ann_0.wav")
    write_audio(folder / "recordings/4_ann_12.wav")
    (folder / "metadata.py").write_text(FSDD_METADATA)
    return folder


@pytest.fixture
def esc50(tmp_path: Path, write_audio: Callable[..., Path]) -> Path:
    folder = tmp_path / "ESC-50-master"
    write_audio(folder / "audio/1-10-A-0.wav", rate=44100)
    write_audio(folder / "audio/5-20-B-30.wav", rate=44100)
    (folder / "meta").mkdir()
    (folder / "meta/esc50.csv").write_text(ESC50_TABLE)
    return folder


@pytest.fixture
def ravdess(tmp_path: Path, write_audio: Callable[..., Path]) -> Path:
    folder = tmp_path / "RAVDESS"
    write_audio(folder / "Actor_01/03-01-04-02-02-01-01.wav", rate=48000)
    write_audio(folder / "Actor_02/03-01-08-01-01-02-02.wav", rate=48000)
    return folder


@pytest.fixture
def asterisk(tmp_path: Path, write_audio: Callable[..., Path]) -> Path:
    folder = tmp_path / "asterisk"
    for prompt in ("hello", "beep", "letters/dollar", "sub/full", "unlisted", "spy", "blank"):
        write_audio(folder / f"sounds/it_IT_m_Carlo/{prompt}.wav")
    (folder / "core-sounds-it.txt").write_text(
        "\ufeff; Italiano\nhello: ... Cos\u0069\u0300 va… \nbeep: un suono\nletters/dollar: dollaro [$]\n"
        "sub/full: sub/full: La conferenza ? piena.\nspy: MGCP (in inglese)\nblank:\nblank: Vuoto? Sì.\n"
    )
    (folder / "core-sounds-en.txt").write_text("beep: [a beep]\n")
    return folder


@pytest.fixture
def tuxpaint(tmp_path: Path, write_audio: Callable[..., Path]) -> Path:
    folder = tmp_path / "tuxpaint"
    stamp = folder / "stamps/animals/birds/owl"
    for ending in ("", "_desc", "_desc_pt_BR", "_desc_ca@valencia", "_desc_xx", "_desc_fi"):
        write_audio(stamp.with_name(f"owl{ending}.ogg"), rate=22050)
    stamp.with_suffix(".txt").write_text("A barn owl.\npt_BR.utf8=Uma coruja.\nfi.utf8=\n\n")
    return folder


@pytest.fixture
def corpus_dir(name: str, request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(name)
    return folder


NAMES = ("asterisk", "esc50", "fsdd", "librispeech", "ravdess", "tuxpaint")


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_is_missing_or_a_file(name: str, corpus_dir: Path) -> None:
    title = corpora()[name].corpus.title
    with pytest.raises(InputError, match="no folder") as problem:
        next(recipe(name).clips(corpus_dir / "nowhere"))
    assert title in str(problem.value)
    assert corpora()[name].corpus.homepage in str(problem.value)
    file = corpus_dir / "archive.zip"
    file.write_bytes(b"PK")
    with pytest.raises(InputError, match="unpack"):
        next(recipe(name).clips(file))


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_above_or_below_was_given(name: str, corpus_dir: Path) -> None:
    with pytest.raises(InputError) as problem:
        next(recipe(name).clips(corpus_dir.parent))
    assert str(problem.value).endswith(f"did you mean the folder {corpus_dir}?")
    child = next(path for path in corpus_dir.iterdir() if path.is_dir())
    with pytest.raises(InputError) as problem:
        next(recipe(name).clips(child))
    assert str(problem.value).endswith(f"did you mean the folder {corpus_dir}?")


def test_an_incomplete_folder_says_what_is_missing(esc50: Path) -> None:
    (esc50 / "meta/esc50.csv").unlink()
    with pytest.raises(InputError, match=r"has no meta/esc50\.csv; .* as published at https://github\.com"):
        next(recipe("esc50").clips(esc50))


def test_librispeech(librispeech: Path, prepare: Callable[..., Any]) -> None:
    cuts, bad = prepare("librispeech", librispeech)
    assert bad == {}
    assert read_facts(cuts["librispeech-84-121-0001"]) == {
        "text": "DO YOU",
        "speaker": "84",
        "gender": "female",
        "language": "en",
    }


def test_librispeech_with_holes(
    librispeech: Path, prepare: Callable[..., Any], write_audio: Callable[..., Path]
) -> None:
    chapter = librispeech / "dev-clean/84/121"
    (chapter / "84-121-0000.flac").unlink()
    write_audio(chapter / "84-121-0002.flac")
    with (chapter / "84-121.trans.txt").open("a") as transcript:
        transcript.write("../../../etc/passwd HA\n")
    cuts, bad = prepare("librispeech", librispeech)
    assert {name: problem.reason for name, problem in bad.items()} == {
        "84-121-0000": "the file is missing",
        "_________etc_passwd": "the name isn't READER-CHAPTER-NNNN",
    }
    assert "text" not in read_facts(cuts["librispeech-84-121-0002"])


def test_librispeech_with_an_unknown_gender(librispeech: Path) -> None:
    (librispeech / "SPEAKERS.TXT").write_text("; comment\n84 | X | dev-clean | 8.02 | A\n")
    with pytest.raises(InputError, match=r"SPEAKERS\.TXT, line 2: .* gender F or M, found"):
        next(recipe("librispeech").clips(librispeech))


def test_librispeech_in_latin_1(librispeech: Path) -> None:
    (librispeech / "SPEAKERS.TXT").write_bytes("84 | F | dev-clean | 8 | Renée\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"SPEAKERS\.TXT: byte 28 is not UTF-8"):
        next(recipe("librispeech").clips(librispeech))


def test_fsdd(fsdd: Path, prepare: Callable[..., Any], write_audio: Callable[..., Path]) -> None:
    write_audio(fsdd / "recordings/5_bob_1.wav")
    write_audio(fsdd / "recordings/five.wav")
    (fsdd / "recordings/6_ann_1.wav").touch()
    cuts, bad = prepare("fsdd", fsdd)
    assert {name: cut.custom["split"] for name, cut in cuts.items()} == {
        "fsdd-3_ann_0": "test",
        "fsdd-4_ann_12": "train",
    }
    assert read_facts(cuts["fsdd-3_ann_0"])["gender"] == "female"
    assert bad["5_bob_1"].reason == "metadata.py has no speaker 'bob'"
    assert "isn't {digit}" in bad["five"].reason
    assert bad["6_ann_1"].reason == "the file is empty"


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        (
            FSDD_METADATA.replace("female", "F"),
            "speaker 'ann' has gender 'F', not one of male, female, other",
        ),
        (FSDD_METADATA.replace("'accent': 'DEU/German', ", ""), "has accent None"),
        ("metadata = dict(a=1)", "of plain values"),
        ("metadata = {", "of plain values"),
        ("", "of plain values"),
    ],
)
def test_fsdd_metadata(fsdd: Path, metadata: str, says: str) -> None:
    (fsdd / "metadata.py").write_text(metadata)
    with pytest.raises(InputError) as problem:
        next(recipe("fsdd").clips(fsdd))
    assert says in str(problem.value)
    assert "metadata.py" in str(problem.value)


def test_fsdd_metadata_is_never_run(fsdd: Path) -> None:
    trace = fsdd / "ran"
    (fsdd / "metadata.py").write_text(f"open({str(trace)!r}, 'w')\n{FSDD_METADATA}")
    assert len(list(recipe("fsdd").clips(fsdd))) == 2
    assert not trace.exists()


def test_esc50(esc50: Path, prepare: Callable[..., Any]) -> None:
    with (esc50 / "meta/esc50.csv").open("a") as table:
        table.write(
            "5-20-B-30.wav,5,30,door_wood_knock,False,20,B\n../x.wav,1,0,dog,True,10,A\n2-1-A-0.wav,9,0,dog,True,1,A\n"
        )
        table.write("2-30-A-0.wav,2\n3-40-A-0.wav,3,0,dog,True,40,A\n")
    cuts, bad = prepare("esc50", esc50)
    assert read_facts(cuts["esc50-5-20-B-30"]) == {"sound_events": ["door wood knock"], "source": "20"}
    assert {name: problem.reason[:19] for name, problem in bad.items()} == {
        "5-20-B-30": "duplicate id",
        "x": "line 5 of meta/esc5",
        "2-1-A-0": "line 6 of meta/esc5",
        "2-30-A-0": "line 7 of meta/esc5",
        "3-40-A-0": "the file is missing",
    }


def test_esc50_without_a_column(esc50: Path) -> None:
    (esc50 / "meta/esc50.csv").write_text(ESC50_TABLE.replace("src_file", "source"))
    with pytest.raises(InputError, match=r"esc50\.csv: no column 'src_file'"):
        next(recipe("esc50").clips(esc50))


def test_ravdess(ravdess: Path, prepare: Callable[..., Any], write_audio: Callable[..., Path]) -> None:
    write_audio(ravdess / "Actor_02/03-01-09-01-01-01-02.wav")
    write_audio(ravdess / "Actor_02/03-01-01-01-01-01-01.wav")
    cuts, bad = prepare("ravdess", ravdess)
    assert read_facts(cuts["ravdess-03-01-04-02-02-01-01"]) == {
        "text": "Dogs are sitting by the door",
        "speaker": "01",
        "gender": "male",
        "language": "en",
        "accent": "North American",
        "emotion": "sad",
        "emotion_intensity": "strong",
    }
    assert bad["03-01-09-01-01-01-02"].reason == "the name isn't the seven numbers of a spoken recording"
    assert bad["03-01-01-01-01-01-01"].reason == "the name says actor 01, the folder Actor_02"


def test_asterisk(asterisk: Path, prepare: Callable[..., Any]) -> None:
    cuts, bad = prepare("asterisk", asterisk)
    assert bad == {}
    voice = {"speaker": "Carlo", "gender": "male", "language": "it-it"}
    assert {name.removeprefix("asterisk-it_IT_m_Carlo_"): read_facts(cut) for name, cut in cuts.items()} == {
        "hello": {"text": "Così va", **voice},
        "beep": {},
        "letters_dollar": {"text": "dollaro", **voice},
        "sub_full": voice,
        "unlisted": {},
        "spy": voice,
        "blank": {"text": "Vuoto? Sì.", **voice},
    }


def test_asterisk_without_the_texts_of_a_voice(asterisk: Path) -> None:
    (asterisk / "core-sounds-it.txt").unlink()
    with pytest.raises(InputError, match=r"no core-sounds-it\.txt for the voice it_IT_m_Carlo"):
        list(recipe("asterisk").clips(asterisk))


def test_tuxpaint(tuxpaint: Path, prepare: Callable[..., Any]) -> None:
    cuts, bad = prepare("tuxpaint", tuxpaint)
    source = {"source": "animals/birds/owl"}
    assert {
        name.removeprefix("tuxpaint-animals_birds_owl"): read_facts(cut) for name, cut in cuts.items()
    } == {
        "": {"sound_events": ["barn owl"], **source},
        "_desc": {"text": "A barn owl.", "language": "en", **source},
        "_desc_pt_BR": {
            "text": "Uma coruja.",
            "language": "pt-br",
            "translation": "A barn owl.",
            **source,
        },
        "_desc_ca_valencia": {"language": "ca-valencia", **source},
        "_desc_fi": {"language": "fi", **source},
    }
    assert {name: problem.reason for name, problem in bad.items()} == {
        "animals_birds_owl_desc_xx": "language 'xx' isn't in recipes/languages.py"
    }
