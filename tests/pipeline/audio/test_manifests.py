"""Cuts in JSON: what Lhotse itself would write, of every kind of cut that stages make."""

import json
from collections.abc import Iterator

import pytest
from lhotse import MonoCut, MultiCut, Recording, SupervisionSegment
from lhotse.audio import AudioSource
from lhotse.cut import Cut, MixedCut, MixTrack
from lhotse.supervision import AlignmentItem
from lhotse.utils import fastcopy

from cryfish.errors import InputError
from cryfish.pipeline.audio.manifests import cut_from_json, cut_to_json
from cryfish.pipeline.audio.transforms import CryfishLevel
from cryfish.pipeline.augment.effects.clipping import CryfishClip
from cryfish.pipeline.augment.effects.codec import CryfishCodec


def recording(name: str, channels: int = 1, rate: int = 44_100) -> Recording:
    return Recording(
        id=name,
        sources=[AudioSource("file", list(range(channels)), f"/there/{name}.wav")],
        sampling_rate=rate,
        num_samples=rate * 4,
        duration=4.0,
        channel_ids=list(range(channels)),
    )


def cuts() -> Iterator[Cut]:
    said = SupervisionSegment("a", "a", 0.0, 2.0, text="Grüße", speaker="s", custom={"x": None})
    custom = {"corpus": "c", "split": "train", "facts": {"snr_db": 3.5, "noise_type": ["rain"]}, "none": None}
    plain = MonoCut("a", 0.5, 2.0, 0, supervisions=[said], recording=recording("a"), custom=custom)
    yield plain
    yield MonoCut("bare", 0.0, 1.0, 0)
    yield fastcopy(plain, supervisions=[])
    aligned = fastcopy(said, alignment={"word": [AlignmentItem("a", 0.0, 0.5)]})
    yield fastcopy(plain, supervisions=[aligned])
    yield fastcopy(plain, custom={**custom, "target": recording("target")})
    yield MultiCut("multi", 0.0, 2.0, [0, 1], recording=recording("m", 2), custom=custom)
    room = fastcopy(plain, recording=plain.recording.resample(16_000).reverb_rir(recording("rir", 1, 16_000)))
    yield room
    yield plain.perturb_speed(1.1).perturb_volume(0.5)
    yield plain.resample(8_000)
    level = fastcopy(room.recording, transforms=[*room.recording.transforms, CryfishLevel(-20.0, True)])
    noise = MonoCut("n", 0.0, 2.0, 0, recording=recording("n", 1, 16_000))
    several = MixedCut(
        "two", [MixTrack(noise), MixTrack(fastcopy(noise, id="o"), offset=1.0)], [CryfishLevel(-3.0)]
    )
    tracks = [MixTrack(fastcopy(room, recording=level)), MixTrack(several, tag="noise")]
    mix = MixedCut("mix", tracks)
    yield mix
    yield fastcopy(mix, transforms=[CryfishClip(0.01), CryfishCodec("mp3", 32)])
    yield noise.mix(fastcopy(noise, id="quiet"), snr=7.0)
    yield noise.pad(duration=5.0)
    yield fastcopy(mix, tracks=[fastcopy(tracks[0], is_snr_reference=True), fastcopy(tracks[1], mute=True)])


@pytest.mark.parametrize("cut", [*cuts()], ids=lambda cut: str(cut.id))
def test_a_cut_in_json_is_what_lhotse_makes_of_it(cut: Cut) -> None:
    before = json.dumps(cut.to_dict())
    assert json.dumps(cut_to_json(cut)) == before
    assert json.dumps(cut.to_dict()) == before
    assert json.dumps(cut_from_json(json.loads(before)).to_dict()) == before


def test_an_effect_that_nobody_knows_is_named() -> None:
    for cut in cuts():
        text = json.dumps(cut_to_json(cut))
        if '"CryfishClip"' in text or '"Resample"' in text:
            foreign = json.loads(text.replace("CryfishClip", "TheirRadio").replace("Resample", "TheirRadio"))
            with pytest.raises(InputError, match=f"cut {cut.id}: .*'TheirRadio'; name the file .* --plugin"):
                cut_from_json(foreign)
