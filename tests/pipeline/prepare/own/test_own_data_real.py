"""Own data on real audio: read as somebody's own, published corpora say what their recipes say."""

from pathlib import Path

import soundfile

from cryfish.files import read_jsonl

from ...conftest import cryfish
from .own_data import cuts_of, facts_of


def test_a_kaldi_folder_of_librispeech_says_what_the_recipe_says(shared: Path, tmp_path: Path) -> None:
    corpus = shared / "corpora" / "LibriSpeech"
    lines: dict[str, list[str]] = {"wav.scp": [], "text": [], "utt2spk": []}
    for path in sorted(corpus.glob("test-other/*/*/*.trans.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, text = line.partition(" ")
            lines["wav.scp"].append(f"{name} {path.parent / name}.flac")
            lines["text"].append(f"{name} {text}")
            lines["utt2spk"].append(f"{name} {name.partition('-')[0]}")
    (tmp_path / "data").mkdir()
    for file, said in lines.items():
        (tmp_path / "data" / file).write_text("\n".join(said) + "\n", encoding="utf-8")
    kaldi = ["--kaldi", tmp_path / "data", "--always", "language=English", "--name", "mine"]
    assert cryfish("prepare", *kaldi, tmp_path / "mine", "--jobs", 1)[0] == 0
    assert cryfish("prepare", "librispeech", corpus, tmp_path / "recipe", "--jobs", 1)[0] == 0
    own = {name.removeprefix("mine-"): cut for name, cut in cuts_of(tmp_path / "mine").items()}
    published = {name.removeprefix("librispeech-"): cut for name, cut in cuts_of(tmp_path / "recipe").items()}
    assert own.keys() == published.keys()
    for name, cut in own.items():
        told = facts_of(published[name])
        assert facts_of(cut) == {fact: told[fact] for fact in ("text", "speaker", "language")}
        assert cut["duration"] == published[name]["duration"]


def test_a_table_of_esc50_says_what_the_recipe_says(shared: Path, tmp_path: Path) -> None:
    corpus = shared / "corpora" / "ESC-50-master"
    said = ["--folder", corpus, "--table", corpus / "meta" / "esc50.csv"]
    mapped = ["--map", "category=sound_events", "--map", "src_file=source", "--name", "mine"]
    code, told = cryfish("prepare", *said, *mapped, tmp_path / "mine", "--jobs", 1)
    assert code == 0, told
    assert cryfish("prepare", "esc50", corpus, tmp_path / "recipe", "--jobs", 1)[0] == 0
    published = {
        cut["recording"]["sources"][0]["source"]: cut for cut in cuts_of(tmp_path / "recipe").values()
    }
    own = {cut["recording"]["sources"][0]["source"]: cut for cut in cuts_of(tmp_path / "mine").values()}
    assert own.keys() == published.keys()
    for audio, cut in own.items():
        assert facts_of(cut)["source"] == facts_of(published[audio])["source"]
        assert cut["duration"] == published[audio]["duration"]
        assert len(facts_of(cut)["sound_events"]) == 1
    columns = ("fold", "target", "esc10", "take")
    assert all(f"column not used: {column}" in told for column in columns)


def test_own_data_is_kept_apart_by_the_command_too(shared: Path, tmp_path: Path) -> None:
    """Two own corpora, one of which is tested with; the other holds some of its recordings, coded and renamed."""
    sounds = sorted((shared / "corpora" / "ESC-50-master" / "audio").glob("*.wav"))[:12]
    (tmp_path / "tested").mkdir()
    (tmp_path / "learnt").mkdir()
    for number, sound in enumerate(sounds):
        samples, rate = soundfile.read(sound)
        if number < 6:
            soundfile.write(tmp_path / "tested" / f"t{number}.flac", samples, rate)
        if number >= 3:
            soundfile.write(tmp_path / "learnt" / f"l{number}.ogg", samples, rate)
    # Copies are known however short they are: digits of half a second, in a container of another kind.
    digits = sorted((shared / "corpora" / "free-spoken-digit-dataset" / "recordings").glob("7_*.wav"))[:8]
    for number, digit in enumerate(digits):
        samples, rate = soundfile.read(digit, dtype="int16")
        soundfile.write(tmp_path / "tested" / f"d{number}.wav", samples, rate)
        soundfile.write(tmp_path / "learnt" / f"copy{number}.flac", samples, rate)
    for name, split in (("tested", "test"), ("learnt", "train")):
        files = sorted((tmp_path / name).iterdir())
        table = tmp_path / f"{name}.csv"
        table.write_text("file,split\n" + "".join(f"{file.name},{split}\n" for file in files))
        says = ["--folder", tmp_path / name, "--table", table, "--fingerprints", "--jobs", 1]
        code, told = cryfish("prepare", *says, tmp_path / f"m_{name}")
        assert code == 0, told
    out = tmp_path / "contamination.jsonl"
    code, told = cryfish(
        "contamination", tmp_path / "m_tested", tmp_path / "m_learnt", "--out", out, "--jobs", 1
    )
    assert code == 0, told
    recoded, copied = (
        {f"learnt-{name}" for name in names}
        for names in ([f"l{n}" for n in range(3, 6)], [f"copy{n}" for n in range(8)])
    )
    assert {line["id"] for line in read_jsonl(out)} == recoded | copied
    # What the shell makes of `*.gz` is manifests and nothing else.
    manifests = sorted((tmp_path / "m_learnt").glob("*.gz"))
    assert [path.name for path in manifests] == ["train.cuts.jsonl.gz"]
