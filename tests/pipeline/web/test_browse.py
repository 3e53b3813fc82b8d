"""The browser of shards: what its pages tell, the audio it serves, and what it does with strangers' shards."""

import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

pytest.importorskip("starlette", reason="the app isn't installed: pip install 'cryfish[app]'")
from starlette.testclient import TestClient

from cryfish.errors import InputError
from cryfish.pipeline.cli.cli import cryfish
from cryfish.pipeline.web.browse import browse, make_app
from cryfish.pipeline.web.browse_page import PAGE
from cryfish.shards import (
    ClipRecord,
    EncodedSample,
    Instruction,
    Sample,
    encode_flac,
    open_index,
    read_example,
    write_shard,
)

ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def tone(number: int) -> np.ndarray:
    time = np.arange(8_000 + 800 * number) / 16_000
    return (0.3 * np.sin(2 * np.pi * (200 + 10 * number) * time)).astype(np.float32)


def instruction(number: int, **fields: Any) -> Instruction:
    """A question about one clip, as the templates write it, with some fields of one's own."""
    made = Instruction(
        id=f"{number:016x}",
        clips=(f"clip-{number}",),
        task="gender",
        kind="label",
        question="Who is speaking?",
        answer="A woman." if number % 2 else "A man.",
        label="female" if number % 2 else "male",
        language="en",
        origin="template",
        provenance={"template": "gender/en/3", "seed": 7},
    )
    return replace(made, **fields)


def sample(number: int, *instructions: Instruction, facts: dict[str, Any] | None = None) -> EncodedSample:
    gender = {"gender": "female" if number % 2 else "male", "snr_db": 3.5, "noise_type": ["rain", "dog"]}
    clip = ClipRecord(
        f"clip-{number}", 0.5 + 0.05 * number, "tones" if number < 20 else "others", facts or gender
    )
    asked = instructions or (instruction(number),)
    return EncodedSample(
        Sample(f"sample-{number:03d}", (clip,), asked, {"cryfish": "test"}), (encode_flac(tone(number)),)
    )


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """train: 45 samples about one clip; test: one sample with two clips and two instructions."""
    folder = tmp_path_factory.mktemp("work")
    write_shard(folder / "train" / "clips1-000000.tar", (sample(number) for number in range(25)))
    write_shard(folder / "train" / "clips1-000001.tar", (sample(number) for number in range(25, 45)))
    two = Sample(
        "pair",
        (ClipRecord("first", 0.5, "tones", {}), ClipRecord("second", 0.55, "tones", {"text": "¿Qué?"})),
        (
            instruction(
                90, clips=("first", "second"), task="same", question="Is <audio> the same as <audio>?"
            ),
            instruction(
                91, clips=("first", "second"), task="caption", origin="generated", answer="Two tones."
            ),
        ),
        {},
    )
    flac = (encode_flac(tone(0)), encode_flac(tone(1)))
    write_shard(folder / "test" / "clips2-000000.tar", [EncodedSample(two, flac)])
    return [folder / "train", folder / "test"]


@pytest.fixture(scope="module")
def client(shards: list[Path]) -> TestClient:
    return TestClient(make_app(open_index(shards)))


def keys(html: str) -> list[str]:
    return [line.split("</a> ")[1] for line in html.splitlines() if line.startswith("<h2>")]


def test_the_first_page_tells_totals_and_samples_in_index_order(client: TestClient) -> None:
    html = client.get("/").text
    assert "46 samples, 47 instructions" in html
    assert "in 3 shards" in html
    assert keys(html) == [f"sample-{number:03d}" for number in range(PAGE)]
    for text in (
        "Who is speaking?",
        "A man.",
        "rain, dog",
        "snr_db",
        "gender/en/3",
        "0.50 s",
        "train/clips1-000000.tar",
    ):
        assert text in html
    assert '<a href="./?start=20" rel="next">' in html


def test_paging_reaches_every_sample_once(client: TestClient) -> None:
    seen = [key for start in (0, 20, 40) for key in keys(client.get(f"/?start={start}").text)]
    assert seen == [*(f"sample-{number:03d}" for number in range(45)), "pair"]
    assert "41–46 of 46" in client.get("/?start=40").text.replace("&#8211;", "–")
    assert keys(client.get("/?start=999999").text) == ["pair"]
    assert keys(client.get("/?start=-1;DROP").text)[0] == "sample-000"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("task=same", ["pair"]),
        ("origin=generated", ["pair"]),
        ("task=same&origin=generated", []),
        ("source=test", ["pair"]),
        ("text=¿qué", ["pair"]),
        ("text=SAMPLE-031", ["sample-031"]),
        ("corpus=others&text=gender: male", [f"sample-{number:03d}" for number in range(20, 45, 2)]),
        ("task=gender&text=two tones", []),
        ("text=nowhere to be found", []),
    ],
)
def test_filters(client: TestClient, query: str, found: list[str]) -> None:
    answer = client.get("/?" + query)
    assert (answer.status_code, keys(answer.text)) == (200, found)


def test_an_unknown_task_is_one_sentence(client: TestClient) -> None:
    for query, said in (("task=asr", "no example has the task"), ("source=etc", "no shards are called")):
        answer = client.get("/?" + query)
        assert answer.status_code == 400
        assert said in answer.text


def test_a_search_stops_in_time_and_goes_on_where_it_stopped(shards: list[Path]) -> None:
    hasty = TestClient(make_app(open_index(shards), search_seconds=0))
    html = hasty.get("/?text=sample-001").text
    assert keys(html) == []
    assert '<a href="./?text=sample-001&amp;start=1" rel="next">search on</a>' in html
    assert keys(hasty.get("/?text=sample-001&start=1").text) == ["sample-001"]


def test_both_clips_of_a_pair_have_a_player(client: TestClient) -> None:
    html = client.get("/?source=test").text
    for clip in (0, 1):
        assert f'src="audio/45/{clip}.flac"' in html
    assert "Is &lt;audio&gt; the same as &lt;audio&gt;?" in html


def test_served_audio_decodes_to_what_training_reads(client: TestClient, shards: list[Path]) -> None:
    index = open_index(shards)
    for row, url in ((3, "/audio/3/0.flac"), (46, "/audio/45/1.flac")):
        answer = client.get(url)
        assert answer.headers["content-type"] == "audio/flac"
        assert answer.headers["accept-ranges"] == "bytes"
        decoded, rate = soundfile.read(io.BytesIO(answer.content), dtype="float32")
        assert rate == 16_000
        np.testing.assert_array_equal(decoded, read_example(index, row).audio[-1])


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-", slice(0, None)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=100-99999999", slice(100, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_ranges(client: TestClient, asked: str, part: slice) -> None:
    whole = client.get("/audio/5/0.flac").content
    answer = client.get("/audio/5/0.flac", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == whole[part]
    start, stop, _ = part.indices(len(whole))
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(whole)}"
    assert answer.headers["content-length"] == str(stop - start)


def test_odd_ranges(client: TestClient) -> None:
    whole = client.get("/audio/5/0.flac").content
    for asked in (f"bytes={len(whole)}-", "bytes=9-3", "bytes=-0"):
        answer = client.get("/audio/5/0.flac", headers={"Range": asked})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{len(whole)}"
    for headers in (
        {"Range": "bytes=0-1,5-6"},
        {"Range": "lines=1-2"},
        {"Range": "bytes=0-1", "If-Range": '"x"'},
    ):
        answer = client.get("/audio/5/0.flac", headers=headers)
        assert (answer.status_code, answer.content) == (200, whole)


@pytest.mark.parametrize(
    "path",
    [
        "/audio/46/0.flac",
        "/audio/0/1.flac",
        "/audio/-1/0.flac",
        "/audio/0/..%2f..%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/pages/browse.html",
        "/audio/99999999999999999999/0.flac",
    ],
)
def test_no_path_leads_to_a_file(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_texts_of_strangers_stay_texts(tmp_path: Path) -> None:
    bad = instruction(
        0,
        task=ATTACK,
        question=ATTACK,
        answer=ATTACK,
        label=ATTACK,
        language=ATTACK,
        provenance={ATTACK: [ATTACK]},
    )
    folder = tmp_path / "evil<script>"
    write_shard(
        folder / "clips1-000000.tar", [sample(0, bad, facts={ATTACK: {ATTACK: ATTACK}, "text": ATTACK})]
    )
    client = TestClient(make_app(open_index([folder])))
    for query in (
        {},
        {"text": ATTACK},
        {"corpus": ATTACK},
        {"task": ATTACK},
        {"origin": ATTACK},
        {"source": ATTACK},
    ):
        answer = client.get("/", params=query)
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert keys(client.get("/", params={"text": ATTACK}).text) == ["sample-000"]


def test_odd_json_of_strangers_spoils_no_page(tmp_path: Path) -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    odd = {"text": "half a pair: ######", "deep": deep, "none": None, "big": 10**4000}
    tar = tmp_path / "clips1-000000.tar"
    write_shard(tar, [sample(0, facts=odd), sample(1)])
    tar.write_bytes(tar.read_bytes().replace(b"######", rb"\ud83d"))
    client = TestClient(make_app(open_index([tmp_path])))
    assert keys(client.get("/").text) == ["sample-000", "sample-001"]
    assert keys(client.get("/?text=half a pair").text) == ["sample-000"]


def test_a_damaged_sample_is_shown_as_such_and_its_neighbours_as_ever(tmp_path: Path) -> None:
    tar = tmp_path / "clips1-000000.tar"
    write_shard(tar, (sample(number) for number in range(3)))
    span = json.loads((tmp_path / "clips1-000000.idx.jsonl").read_text().splitlines()[2])["json"]
    with tar.open("r+b") as file:
        file.seek(span[0])
        file.write(b"\xff\xff")
    client = TestClient(make_app(open_index([tmp_path])))
    answer = client.get("/")
    assert answer.status_code == 200
    assert keys(answer.text) == ["sample-000", "sample-001", "sample-002"]
    assert "&#39;sample-001&#39; is damaged" in answer.text
    assert client.get("/audio/1/0.flac").content[:4] == b"fLaC"


def test_shards_that_went_away_are_told_on_the_page(tmp_path: Path) -> None:
    tar = tmp_path / "clips1-000000.tar"
    write_shard(tar, [sample(0)])
    client = TestClient(make_app(open_index([tmp_path])))
    tar.unlink()
    assert "cannot read the shard" in client.get("/").text
    assert client.get("/audio/0/0.flac").status_code == 404


def test_only_the_index_is_read_at_the_start(tmp_path: Path) -> None:
    tar = tmp_path / "clips1-000000.tar"
    write_shard(tar, [sample(0)])
    size = tar.stat().st_size
    tar.unlink()
    with tar.open("wb") as file:
        file.truncate(size)
    make_app(open_index([tmp_path]))


def test_folders_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    for run in ("first", "second"):
        write_shard(tmp_path / run / "train" / "clips1-000000.tar", [sample(0)])
    client = TestClient(make_app(open_index([tmp_path / "first" / "train", tmp_path / "second" / "train"])))
    assert "(first/train, second/train)" in client.get("/").text
    assert len(keys(client.get("/?source=second/train").text)) == 1


def test_bad_input_is_one_sentence(tmp_path: Path, shards: list[Path]) -> None:
    with pytest.raises(InputError, match="no such folder of shards"):
        browse([tmp_path / "nowhere"], "127.0.0.1", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"--port {port}: can't listen there .*--port 0"):
            browse(shards, "127.0.0.1", port)
    with pytest.raises(InputError, match="--host"):
        browse(shards, "nowhere.invalid", 0)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, shards: list[Path]) -> None:
    monkeypatch.delitem(sys.modules, "cryfish.pipeline.web.browse", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(InputError, match=r"uvicorn isn't installed; pip install 'cryfish\[app\]'"):
        CliRunner().invoke(cryfish, ["browse", str(shards[0])], catch_exceptions=False, standalone_mode=False)


@contextmanager
def served(shards: list[Path], *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "cryfish", "browse", *map(str, shards), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0], process
    finally:
        process.kill()
        process.wait()


def test_the_command_serves_until_interrupted(shards: list[Path]) -> None:
    import httpx

    with served(shards) as (address, process):
        assert "46 samples" in httpx.get(address).text
        assert httpx.get(address, headers={"Host": "elsewhere.example"}).status_code == 400
        assert httpx.head(address + "audio/0/0.flac").headers["accept-ranges"] == "bytes"
        process.send_signal(2)
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


PLAYS = """
(async () => {
  const happens = (element, event) => new Promise(done => element.addEventListener(event, done, {once: true}));
  const deadline = ms => new Promise((_, fail) => setTimeout(() => fail(new Error("too late")), ms));
  const players = [...document.querySelectorAll("audio")];
  const ready = players.map(player => player.readyState >= 1 ? null : happens(player, "loadedmetadata"));
  await Promise.race([Promise.all(ready), deadline(15000)]);
  const player = players[players.length - 1];
  await player.play();
  while (player.currentTime < 0.1) await Promise.race([happens(player, "timeupdate"), deadline(5000)]);
  const played = player.currentTime;
  player.pause();
  const sought = happens(player, "seeked");
  player.currentTime = player.duration / 2;
  await Promise.race([sought, deadline(5000)]);
  return {durations: players.map(player => player.duration), played, at: player.currentTime / player.duration};
})()
"""


def test_a_real_browser_decodes_plays_and_seeks(shards: list[Path], chromium: Any) -> None:
    with served(shards) as (address, _):
        chromium.open(address + "?start=20")
        heard = chromium.evaluate(PLAYS)
    assert heard["durations"] == pytest.approx([0.5 + 0.05 * number for number in range(20, 40)], abs=0.01)
    assert heard["played"] >= 0.1
    assert heard["at"] == pytest.approx(0.5, abs=0.05)
