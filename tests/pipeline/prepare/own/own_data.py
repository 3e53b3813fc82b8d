"""Twenty clips of four people, and ways to have them: with a table, for Lhotse, Hugging Face, Kaldi, NeMo."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import soundfile

from ...conftest import voice

PEOPLE = {
    "anna": ("f", 260.0, 31),
    "bea": ("f", 230.0, 47),
    "carl": ("m", 110.0, 25),
    "dan": ("m", 130.0, 60),
}
MOODS = {"joy": "happy", "ang": "angry", "neutral": "neutral", "sadness": "sad"}
GENDERS = {"f": "female", "m": "male"}
CLIPS = [
    {
        "clip": f"{person}_{number}",
        "spk": person,
        "sex": PEOPLE[person][0],
        "age": str(PEOPLE[person][2]),
        "mood": list(MOODS)[(number + len(person)) % 4],
        "sentence": f"Number {number}, said by {person}; and no more.",
    }
    for person in PEOPLE
    for number in range(5)
]
FACTS: dict[str, dict[str, Any]] = {
    clip["clip"]: {
        "text": clip["sentence"],
        "speaker": clip["spk"],
        "gender": GENDERS[clip["sex"]],
        "language": "en",
        "age": int(clip["age"]),
        "emotion": MOODS[clip["mood"]],
    }
    for clip in CLIPS
}


def audio(folder: Path) -> None:
    """The twenty clips as files, in a folder inside."""
    (folder / "wavs").mkdir(parents=True)
    for number, clip in enumerate(CLIPS):
        samples = voice(PEOPLE[clip["spk"]][1], number, 0.6, number)
        soundfile.write(folder / "wavs" / f"{clip['clip']}.wav", samples, 8000)


def table(folder: Path) -> list[object]:
    """A folder with a table as a spreadsheet writes it: a byte-order mark, semicolons, names without endings."""
    audio(folder)
    with (folder / "labels.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(CLIPS[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(CLIPS)
    return ["--folder", folder, "--table", folder / "labels.csv"]


def lhotse(folder: Path) -> list[object]:
    """Plain Lhotse cuts: text, speaker and gender of the supervision, the rest in custom fields of both."""
    from lhotse import CutSet, MonoCut, Recording, SupervisionSegment

    audio(folder)
    cuts = []
    for clip in CLIPS:
        recording = Recording.from_file(folder / "wavs" / f"{clip['clip']}.wav", recording_id=clip["clip"])
        spoken = SupervisionSegment(
            id=clip["clip"],
            recording_id=clip["clip"],
            start=0.0,
            duration=recording.duration,
            text=clip["sentence"],
            speaker=clip["spk"],
            gender=clip["sex"],
            custom={"mood": clip["mood"]},
        )
        custom = {"age": int(clip["age"]), "seen": {"at": "home"}}
        cuts.append(
            MonoCut(clip["clip"], 0.0, recording.duration, 0, [spoken], recording=recording, custom=custom)
        )
    CutSet.from_cuts(cuts).to_file(folder / "cuts.jsonl.gz")
    return ["--manifest", folder / "cuts.jsonl.gz"]


def hugging_face(folder: Path) -> list[object]:
    """A data set that was saved to disk: the audio as bytes within, moods and sexes as numbers of classes."""
    from datasets import Audio, ClassLabel, Dataset

    audio(folder / "raw")
    moods, sexes = list(MOODS), list(GENDERS)
    rows = [
        {
            "audio": {
                "bytes": (folder / "raw" / "wavs" / f"{clip['clip']}.wav").read_bytes(),
                "path": "x.wav",
            },
            **{name: value for name, value in clip.items() if name not in ("mood", "sex")},
            "mood": moods.index(clip["mood"]),
            "sex": sexes.index(clip["sex"]),
        }
        for clip in CLIPS
    ]
    made = Dataset.from_list(rows).cast_column("audio", Audio(decode=False))
    made = made.cast_column("mood", ClassLabel(names=moods)).cast_column("sex", ClassLabel(names=sexes))
    made.save_to_disk(folder / "saved")
    return ["--dataset", folder / "saved"]


def kaldi(folder: Path) -> list[object]:
    """A Kaldi data folder: one recording a person, with segments; paths start at the folder above."""
    data = folder / "data" / "all"
    data.mkdir(parents=True)
    (folder / "wavs").mkdir()
    lines: dict[str, list[str]] = {}

    def tell(file: str, line: str) -> None:
        lines.setdefault(file, []).append(line)

    for person, (sex, pitch, age) in PEOPLE.items():
        own = [clip for clip in CLIPS if clip["spk"] == person]
        whole = [
            sample for number in range(len(own)) for sample in voice(pitch, number, 0.6, 10 * age + number)
        ]
        soundfile.write(folder / "wavs" / f"{person}.wav", whole, 8000)
        tell("wav.scp", f"rec-{person} wavs/{person}.wav")
        tell("spk2gender", f"{person} {sex}")
        tell("spk2age", f"{person} {age}")
        tell("spk2utt", f"{person} {' '.join(clip['clip'] for clip in own)}")
        tell("reco2dur", f"rec-{person} {0.6 * len(own):.2f}")
        for number, clip in enumerate(own):
            tell("segments", f"{clip['clip']} rec-{person} {0.6 * number:.2f} {0.6 * (number + 1):.2f}")
            tell("utt2spk", f"{clip['clip']} {person}")
            tell("text", f"{clip['clip']} {clip['sentence']}")
            tell("utt2mood", f"{clip['clip']} {clip['mood']}")
    for file, said in lines.items():
        (data / file).write_text("\n".join(sorted(said)) + "\n", encoding="utf-8")
    return ["--kaldi", data]


def nemo(folder: Path) -> list[object]:
    """A NeMo manifest, with paths relative to it."""
    audio(folder)
    with (folder / "manifest.json").open("w", encoding="utf-8") as file:
        for clip in CLIPS:
            line = {
                "audio_filepath": f"wavs/{clip['clip']}.wav",
                "duration": 0.6,
                "text": clip["sentence"],
                "speaker": clip["spk"],
                "gender": clip["sex"],
                "age": int(clip["age"]),
                "mood": clip["mood"],
            }
            file.write(json.dumps(line) + "\n")
    return ["--nemo", folder / "manifest.json"]


WAYS = {"table": table, "lhotse": lhotse, "hugging_face": hugging_face, "kaldi": kaldi, "nemo": nemo}


def cuts_of(folder: Path) -> dict[str, Any]:
    """The cuts of a prepared folder by id, as JSON."""
    texts = [gzip.decompress(path.read_bytes()).decode() for path in sorted(folder.glob("*.cuts.jsonl.gz"))]
    cuts = [json.loads(line) for text in texts for line in text.splitlines()]
    return {cut["id"]: cut for cut in cuts}


def facts_of(cut: dict[str, Any]) -> dict[str, Any]:
    """The facts of a cut in its JSON form."""
    spoken = {
        name: value
        for one in cut["supervisions"]
        for name, value in one.items()
        if name in ("text", "speaker", "gender", "language")
    }
    return {**spoken, **cut["custom"]["facts"]}


def bad_of(folder: Path) -> dict[str, str]:
    """The quarantine of a prepared folder: id -> reason."""
    lines = (folder / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["id"]: record["reason"] for record in map(json.loads, lines)}
