"""How many hours there are: a figure with its source for every corpus and split, and no recording counted twice."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.prepare.selection import Selection
from cryfish.recipes.kit.corpus import Clip
from cryfish.recipes.kit.hours import (
    counted_once,
    figures,
    hours_in,
    overlaps,
    published_hours,
    unique_by_split,
)
from cryfish.recipes.kit.registry import corpora, recipe

NAMES = sorted(corpora())

AGAIN = {"librispeech": {"train-clean-5", "dev-clean-2"}, "voicebank_demand": {"loose"}}
"""Splits that hold what other splits hold, in small copies."""


@pytest.mark.parametrize("name", NAMES)
def test_every_hour_has_a_source(name: str) -> None:
    corpus, parts = recipe(name).corpus, figures()[name]
    assert corpus.hours == published_hours(name) == pytest.approx(sum(part.hours for part in parts), abs=0.01)
    assert len({(part.split, part.language) for part in parts}) == len(parts)
    for part in parts:
        assert part.how in ("published", "derived", "estimated")
        assert part.source
        assert part.how != "published" or re.search(r"https?://|\b(19|20)\d\d\b", part.source)
        assert part.split in ("", *corpus.splits)
        assert part.language in ("", *corpus.languages)
        assert 0 < part.unique <= part.hours
    told = {part.split for part in parts}
    assert told == {""} or told == set(corpus.splits) - AGAIN.get(name, set())


def test_no_figure_is_of_a_corpus_without_a_recipe() -> None:
    assert set(figures()) == set(NAMES)
    for overlap in overlaps():
        assert overlap.source
        for name, splits in ((overlap.part, overlap.splits), (overlap.whole, overlap.of)):
            assert splits <= set(recipe(name).corpus.splits)
            assert not splits or splits <= {part.split for part in figures()[name]}


def test_hours_by_split_and_language() -> None:
    voices = recipe("commonvoice").corpus
    assert hours_in(voices).all == pytest.approx(11_621, abs=1)
    german = hours_in(voices, ("train",), ("DE",))
    assert german.exact
    assert 500 < german.all < 1500
    both = hours_in(voices, (), ("de", "en")).all
    assert both == pytest.approx(hours_in(voices, (), ("de",)).all + hours_in(voices, (), ("en",)).all)
    assert hours_in(recipe("covost2").corpus, ("train",), ("en",)).all == 430


def test_what_nobody_tells_apart_is_told_so() -> None:
    parliament = recipe("voxpopuli").corpus
    assert not hours_in(parliament, ("train",)).exact
    assert hours_in(parliament, ("train",)).all == parliament.hours
    assert hours_in(parliament, ("train", "dev", "test")).exact
    assert hours_in(parliament, (), ("de",)).exact
    assert hours_in(recipe("librispeech").corpus, (), ("en",)).exact
    assert not hours_in(recipe("librispeech").corpus, ("train-clean-5",)).exact
    Selection(splits=("train",), languages=("de",), hours=5).check(recipe("commonvoice").corpus)
    with pytest.raises(InputError, match=r"--hours 5: how many hours .* VoxPopuli have isn't published"):
        Selection(splits=("train",), hours=5).check(parliament)


def test_hours_are_a_share_of_the_selection() -> None:
    """10 h of German are some share of the German hours, not of all."""
    corpus = recipe("commonvoice").corpus
    asked = Selection(languages=("de",), hours=10)
    assert asked.published(corpus).all == hours_in(corpus, (), ("de",)).all < corpus.hours


def test_a_corpus_of_ones_own_has_the_hours_it_declares() -> None:
    own = replace(recipe("fsdd").corpus, name="mine", hours=3.0)
    assert hours_in(own).all == 3.0
    assert hours_in(own).exact
    assert not hours_in(own, ("train",)).exact


def test_several_versions_of_a_recording_are_one() -> None:
    mixtures = hours_in(recipe("librimix").corpus, ("dev",))
    assert mixtures.all == 3 * mixtures.unique == 66


def used(*names: str) -> dict[str, dict[str, float]]:
    return {name: unique_by_split(recipe(name).corpus) for name in names}


def test_shared_audio_counts_once() -> None:
    assert counted_once(used("librispeech", "commonvoice", "audioset", "aishell")) == {}
    assert counted_once(used("commonvoice", "covost2")) == {"covost2": pytest.approx(1637)}
    # Parts of what isn't there are different recordings, unless that is told too.
    assert counted_once(used("esc50", "fsd50k")) == {}
    whole = counted_once(used("audioset", "audiocaps", "wavcaps"))
    assert whole == {"audiocaps": pytest.approx(142.5, abs=0.1), "wavcaps": pytest.approx(300.9, abs=0.1)}
    # Of two selections nobody knows whether they met: the larger one counts.
    few = {"commonvoice": {"train": 100.0}, "covost2": {"train": 400.0}}
    assert counted_once(few) == {"commonvoice": 100.0}
    chain = counted_once(used("mls", "librispeech", "libritts_r"))
    assert set(chain) == {"librispeech", "libritts_r"}


def test_an_english_recording_of_covost_is_one_clip(tmp_path: Path) -> None:
    """Not one for each language that it is translated into: 300 recordings, 15 tables, some rows elsewhere."""
    targets = "ar ca cy de et fa id ja lv mn sl sv-SE ta tr zh-CN".split()
    (tmp_path / "en" / "clips").mkdir(parents=True)
    for number, target in enumerate(targets):
        rows = [f"common_voice_en_{n}.mp3\tsentence {n}\t{target} {n}\tspeaker {n % 7}" for n in range(300)]
        rows = rows[number:] + rows[:number]
        text = "path\tsentence\ttranslation\tclient_id\n" + "\n".join(rows) + "\n"
        (tmp_path / "en" / f"covost_v2.en_{target}.train.tsv").write_text(text, encoding="utf-8")
    clips = [clip for clip in recipe("covost2").read(tmp_path) if isinstance(clip, Clip)]
    assert sorted(clip.id for clip in clips) == sorted(f"common_voice_en_{n}" for n in range(300))
    for clip in clips:
        place = clip.id.rpartition("_")[2]
        assert clip.facts["translations"] == [f"{target.lower()}: {target} {place}" for target in targets]
