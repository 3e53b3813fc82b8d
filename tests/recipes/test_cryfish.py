"""The two recipes of the embedded corpus, on small copies written here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from cryfish.errors import InputError
from cryfish.recipes.facts import read_facts
from cryfish.recipes.registry import recipe

Prepare = Callable[[str, Path], Any]


def _wav(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.sin(np.arange(22_050) / 20).astype(np.float32), 22_050)


@pytest.fixture
def phrases(tmp_path: Path) -> Path:
    for name in ("wav/de/f-f1/01.wav", "wav/de/m-m3/15.wav"):
        _wav(tmp_path / name)
    (tmp_path / "speakers.tsv").write_text("speaker\tgender\tsplit\nf-f1\tfemale\ttrain\nm-m3\tmale\ttest\n")
    (tmp_path / "utterances.tsv").write_text(
        "path\ttext\tlanguage\tspeaker\tsplit\n"
        'wav/de/f-f1/01.wav\tSie sagt "gern".\tde\tf-f1\ttrain\n'
        "wav/de/m-m3/15.wav\tGrüß dich!\tde\tm-m3\ttest\n",
        encoding="utf-8",
    )
    return tmp_path


def test_phrases_become_cuts_with_their_facts(phrases: Path, prepare: Prepare) -> None:
    cuts, bad = prepare("cryfish_phrases", phrases)
    assert not bad
    assert read_facts(cuts["cryfish_phrases-de-f-f1-01"]) == {
        "text": 'Sie sagt "gern".',
        "speaker": "f-f1",
        "gender": "female",
        "language": "de",
    }
    assert cuts["cryfish_phrases-de-m-m3-15"].custom["split"] == "test"


def test_odd_rows_go_to_the_quarantine(phrases: Path, prepare: Prepare) -> None:
    with (phrases / "utterances.tsv").open("a", encoding="utf-8") as table:
        table.write("wav/de/nobody/02.wav\tHallo.\tde\tnobody\ttrain\n")
        table.write("../outside.wav\tHallo.\tde\tf-f1\ttrain\n")
        table.write("wav/de/f-f1/03.wav\tHallo.\tde\n")
        table.write("wav/de/f-f1/04.wav\tHallo.\tde\tf-f1\ttrain\n")
    cuts, bad = prepare("cryfish_phrases", phrases)
    assert len(cuts) == 2
    reasons = " ".join(problem.reason for problem in bad.values())
    assert len(bad) == 4
    assert "no speaker 'nobody'" in reasons
    assert "leads out of the corpus" in reasons


def test_a_table_without_a_column_is_refused(phrases: Path) -> None:
    (phrases / "speakers.tsv").write_text("speaker\tsplit\nf-f1\ttrain\n")
    with pytest.raises(InputError, match=r"speakers.tsv: no column 'gender'"):
        list(recipe("cryfish_phrases").clips(phrases))


def test_noises_become_cuts_with_their_class(tmp_path: Path, prepare: Prepare) -> None:
    _wav(tmp_path / "wav/mains_hum/01.wav")
    (tmp_path / "noises.tsv").write_text(
        "path\tclass\tsplit\nwav/mains_hum/01.wav\tmains hum\ttrain\nwav/rain/01.wav\train\tnever\n"
    )
    cuts, bad = prepare("cryfish_noises", tmp_path)
    assert read_facts(cuts["cryfish_noises-mains_hum-01"]) == {"sound_events": ["mains hum"]}
    assert len(bad) == 1
