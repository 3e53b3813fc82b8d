"""What every filter does, also from elsewhere (CRYFISH_PLUGINS), and one added by docs/adding-a-filter.md."""

from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.files import read_jsonl
from cryfish.pipeline.instruct.filters import ALL_FILTERS, FILTERS, every_filter, read_filters
from cryfish.pipeline.instruct.filters.stage import filter_partition
from cryfish.seams import PLUGINS, use_plugins

from ....pages import follow


@pytest.mark.parametrize("name", ALL_FILTERS.all())
def test_it_keeps_and_drops_as_its_miniature_says(name: str) -> None:
    found = ALL_FILTERS.get(name)
    assert found(found.keeps).keep
    against = read_filters([name]).judge(found.drops)
    assert [verdict.reason for verdict in against] == [name]
    assert against[0].detail


def test_our_own_are_found_too() -> None:
    assert set(FILTERS) <= set(ALL_FILTERS.all())


def test_a_filter_is_added_by_the_page_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    follow("adding-a-filter.md", tmp_path)
    [dropped] = read_jsonl(tmp_path / "dropped.jsonl")
    assert (dropped["reasons"], dropped["details"]) == (["no_shouting"], ["3 exclamation marks"])

    # It is used where it is named only, and an output that it made depends on its code.
    monkeypatch.setenv(PLUGINS, "")
    plugin = tmp_path / "no_shouting.py"
    use_plugins([plugin])
    assert "no_shouting" not in every_filter()
    with pytest.raises(InputError, match=r"'no_shouting': field 'most': must be between 0 and 100, found -1"):
        read_filters([{"no_shouting": {"most": -1}}])
    made = filter_partition(tmp_path / "c.jsonl", tmp_path / "out", filters=["no_shouting"], seed=0)
    assert "no_shouting.py" in made.code
    plain = filter_partition(tmp_path / "c.jsonl", tmp_path / "out", filters=["leak"], seed=0)
    assert "no_shouting.py" not in plain.code


def test_a_filter_from_outside_cannot_take_the_name_of_one_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLUGINS, "")
    path = tmp_path / "mine.py"
    path.write_text(
        "from cryfish.pipeline.instruct.filters import Candidate, a_filter\n"
        "kept = Candidate('Who?', 'A woman.', {})\n"
        "@a_filter(keeps=kept, drops=kept)\n"
        "def leak(candidate):\n    return 'always'\n"
        "FILTER = leak\n"
    )
    use_plugins([path])
    with pytest.raises(InputError, match=r"mine\.py: .*the filter 'leak' is there already"):
        read_filters(["leak"])
