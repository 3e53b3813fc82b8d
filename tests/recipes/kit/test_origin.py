"""Where clips come from: every recipe says it, or why nobody knows; and corpora that share a source say it alike."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.corpus import Clip
from cryfish.recipes.kit.cuts import cut_from_clip
from cryfish.recipes.kit.origin import Origin, parse, source_of, stretch, youtube
from cryfish.recipes.kit.registry import corpora, recipe

Miniature = Callable[[str], Path]


@pytest.mark.parametrize("name", sorted(corpora()))
def test_every_recipe_says_where_its_clips_come_from_or_why_that_is_not_known(
    name: str, miniature: Miniature
) -> None:
    corpus = recipe(name).corpus
    clips = [clip for clip in recipe(name).clips(miniature(name)) if isinstance(clip, Clip)]
    told = {source_of(text) for clip in clips for text in clip.origin}
    assert told <= set(corpus.origins)
    if corpus.origins:
        assert not corpus.no_origin
        assert told, "no clip of the miniature has an origin"
    else:
        assert len(corpus.no_origin.split()) > 3, "neither `origins` nor a reason why there are none"
    for clip in clips:
        assert len(set(clip.origin)) == len(clip.origin)
        for text in clip.origin:
            assert parse(text).start < parse(text).end


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("commonvoice", "covost2"),
        ("librispeech", "libritts_r"),
        ("librispeech", "librimix"),
        ("librispeech", "mls"),
        ("vctk", "voicebank_demand"),
        ("ljspeech", "wavefake"),
        ("musan", "rirs_noises"),
        ("voxceleb1", "voxlingua107"),
        ("audioset", "audiocaps"),
        ("audioset", "musiccaps"),
        ("audioset", "vggsound"),
        ("audioset", "wavcaps"),
        ("audioset", "gigaspeech"),
        ("esc50", "urbansound8k"),
        ("esc50", "fsd50k"),
        ("esc50", "clotho"),
        ("esc50", "wavcaps"),
        ("gigaspeech", "peoples_speech"),
        ("asvspoof2019", "asvspoof2021"),
    ],
)
def test_corpora_that_share_recordings_name_one_source(first: str, second: str) -> None:
    assert set(recipe(first).corpus.origins) & set(recipe(second).corpus.origins)


def origins(name: str, folder: Path) -> dict[str, tuple[str, ...]]:
    return {clip.id: clip.origin for clip in recipe(name).clips(folder) if isinstance(clip, Clip)}


def test_ids_are_those_of_the_source(miniature: Miniature) -> None:
    assert origins("clotho", miniature("clotho")) == {
        "evaluation-01_hospital_elevator__night_": ("freesound:194924",),
        "development-Distorted_AM_Radio_noise": (),
    }
    wavcaps = origins("wavcaps", miniature("wavcaps"))
    assert wavcaps["AudioSet_SL-Yb0RFKhbpFJA"] == ("youtube:b0RFKhbpFJA",)
    assert wavcaps["SoundBible-2219"] == ("soundbible:2219",)
    voxlingua = origins("voxlingua107", miniature("voxlingua107"))
    assert voxlingua["iw-0nAQFs5ew5o__U__S110---0543_440-0548_490"] == ("youtube:0nAQFs5ew5o@543.44-548.49",)
    giga = origins("gigaspeech", miniature("gigaspeech"))
    assert giga["YOU0000000002_S0000001"] == ("youtube:a_B1cD2eF3g@0.00-0.20",)
    assert giga["POD0000000001_S0000001"] == ("archive.org:stars_0001",)


def test_the_blacklist_of_wavcaps_keeps_a_clip_from_tests(miniature: Miniature) -> None:
    clips = {
        clip.id: clip for clip in recipe("wavcaps").clips(miniature("wavcaps")) if isinstance(clip, Clip)
    }
    assert clips["AudioSet_SL-Yb0RFKhbpFJA"].kept_from == ("audiocaps", "clotho")
    assert clips["SoundBible-2219"].kept_from == ()


def test_stretches_of_one_video_meet_where_they_overlap() -> None:
    assert parse(youtube("x", 30, 40)).meets(parse(youtube("x", 35, 45)))
    assert not parse(youtube("x", 30, 40)).meets(parse(youtube("x", 40, 50)))
    assert parse(youtube("x")).meets(parse(youtube("x", 40, 50)))
    assert not parse(youtube("x")).meets(parse(youtube("y")))
    assert parse("freesound:1") == Origin("freesound:1")
    assert parse(stretch("magnatune", "a-b@c", 29, 58)) == Origin("magnatune:a-b@c", 29, 58)
    assert parse("voxceleb-speaker:id10270").of_speaker
    assert not parse("voxpopuli:speaker").of_speaker


@pytest.mark.parametrize("origin", ["freesound", "youtube:x", "freesound:"])
def test_a_recipe_whose_origin_breaks_the_rules_is_told(origin: str, miniature: Miniature) -> None:
    folder, corpus = miniature("esc50"), recipe("esc50").corpus
    clip = next(clip for clip in recipe("esc50").clips(folder) if isinstance(clip, Clip))
    assert cut_from_clip(clip, corpus, folder).custom["origin"] == list(clip.origin)
    wrong = Clip(clip.id, clip.split, clip.audio, origin=(origin,))
    with pytest.raises(InputError, match=r"recipe esc50, clip .*: origin"):
        cut_from_clip(wrong, corpus, folder)
