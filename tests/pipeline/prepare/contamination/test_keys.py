"""Clips are compared by origin, by speaker and by blacklist, over corpora and never within one."""

from cryfish.pipeline.prepare.contamination.keys import Keys, Side

ALL = ("origin", "speaker", "blacklist")


def keys() -> Keys:
    kept = Keys()
    kept.add(Side("esc50-a", "esc50", "test"), {"origin": ["freesound:1"]})
    kept.add(Side("audiocaps-v-30", "audiocaps", "test"), {"origin": ["youtube:v@30.00-40.00"]})
    kept.add(Side("voxceleb1-x", "voxceleb1", "test"), {"origin": ["youtube:w", "voxceleb-speaker:id1"]})
    kept.add(Side("clotho-z", "clotho", "dev"), {})
    return kept


def found(corpus: str, kinds: tuple[str, ...] = ALL, **custom: list[str]) -> list[tuple[str, str, str]]:
    matches = keys().matches(corpus, custom, kinds)  # type: ignore[arg-type]
    return [(match.by, match.what, match.other.clip or match.other.corpus) for match in matches]


def test_one_recording_in_two_corpora() -> None:
    assert found("fsd50k", origin=["freesound:1"]) == [("origin", "freesound:1", "esc50-a")]
    assert found("fsd50k", origin=["freesound:2"]) == []
    assert found("esc50", origin=["freesound:1"]) == []  # its publisher divided it
    assert found("fsd50k", ("speaker",), origin=["freesound:1"]) == []


def test_stretches_of_a_video() -> None:
    assert found("audioset", origin=["youtube:v@35.00-45.00"]) == [("origin", "youtube:v", "audiocaps-v-30")]
    assert found("audioset", origin=["youtube:v@40.00-50.00"]) == []
    assert found("wavcaps", origin=["youtube:v"]) == [("origin", "youtube:v", "audiocaps-v-30")]


def test_a_person_who_is_numbered_alike() -> None:
    assert found("voxceleb2", origin=["youtube:u", "voxceleb-speaker:id1"]) == [
        ("speaker", "voxceleb-speaker:id1", "voxceleb1-x")
    ]
    assert found("voxceleb2", ("origin",), origin=["voxceleb-speaker:id1"]) == []


def test_a_blacklist_counts_where_its_corpus_is_tested_with() -> None:
    forbidden = ["urbansound8k", "clotho"]
    assert found("wavcaps", kept_from=forbidden) == [("blacklist", "published list for clotho", "clotho")]
    assert found("wavcaps", ("origin",), kept_from=forbidden) == []
