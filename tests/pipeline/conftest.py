"""Two miniature corpora in their published layouts: spoken digits (tones, not voices) and environmental sounds.

Speech-like clips, noise and a small RIR bank, made on the spot. And a real browser.
"""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording, SupervisionSegment

from cryfish.pipeline.cli.cli import main
from cryfish.pipeline.engine import code
from cryfish.pipeline.rirs.bank import make_bank
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.pipeline.rirs.specification import RirBankSpec

ROOT = Path(__file__).resolve().parents[2]
SPEAKERS = {
    "anna": ("female", 260.0),
    "bea": ("female", 230.0),
    "carl": ("male", 110.0),
    "dan": ("male", 130.0),
}
EVENTS = ("dog", "rain", "siren")


def voice(pitch: float, digit: int, seconds: float, seed: int) -> np.ndarray:
    """A harmonic tone whose envelope and colour depend on the digit: enough like a voice for the pipeline."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(8000 * seconds)) / 8000
    tone = sum(np.sin(2 * np.pi * pitch * k * time) / (k + digit % 3) for k in range(1, 6))
    envelope = np.sin(np.pi * time / time[-1]) ** (1 + digit % 2)
    return np.asarray(0.2 * tone * envelope + 0.003 * rng.standard_normal(len(time)), np.float32)


def make_fsdd(folder: Path) -> Path:
    recordings = folder / "recordings"
    recordings.mkdir(parents=True)
    for number, (speaker, (_, pitch)) in enumerate(SPEAKERS.items()):
        for digit in range(3):
            for index in range(3, 7):
                # No two clips have the same noise under the tone: they would be taken for one recording.
                seed = 1000 * number + 100 * digit + index
                path = recordings / f"{digit}_{speaker}_{index}.wav"
                soundfile.write(path, voice(pitch, digit, 0.5 + 0.1 * index, seed), 8000)
    rows = {
        speaker: {"gender": gender, "accent": "USA/neutral", "language": "english"}
        for speaker, (gender, _) in SPEAKERS.items()
    }
    (folder / "metadata.py").write_text(f"metadata = {rows!r}\n")
    return folder


def make_esc50(folder: Path) -> Path:
    (folder / "audio").mkdir(parents=True)
    (folder / "meta").mkdir()
    rows = ["filename,fold,target,category,esc10,src_file,take"]
    rng = np.random.default_rng(5)
    for number, event in enumerate(EVENTS):
        for fold in (1, 5):
            name = f"{fold}-{number}{fold}00-A-{number}.wav"
            sound = 0.1 * rng.standard_normal(16000) * np.sin(np.arange(16000) / (50 + 40 * number))
            soundfile.write(folder / "audio" / name, sound.astype(np.float32), 16000)
            rows.append(f"{name},{fold},{number},{event},False,{number}{fold}00,A")
    (folder / "meta" / "esc50.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `digits` (48 clips, 4 speakers) and `sounds` (6 clips); not to be changed."""
    folder = tmp_path_factory.mktemp("corpora")
    make_fsdd(folder / "digits")
    make_esc50(folder / "sounds")
    return folder


@pytest.fixture
def own_corpora(tmp_path: Path) -> Path:
    """The same corpora, for a test that breaks them."""
    make_fsdd(tmp_path / "corpora" / "digits")
    make_esc50(tmp_path / "corpora" / "sounds")
    return tmp_path / "corpora"


CONFIG = """
name: tiny
seed: 3
work: {work}
corpora:
  fsdd: {{dir: {corpora}/digits}}
  esc50: {{dir: {corpora}/sounds}}
hold_out: {{corpora: [fsdd], share: 0.3}}
rirs: {{rooms: 6, distances: 2, rt60_s: [0.15, 0.3]}}
augment:
  - room: {{share: 0.5, bank: rirs}}
  - noise: {{share: 0.7, from: [esc50], snr_db: {{uniform: [0, 20]}}}}
instruct:
  template:
    tasks: {{asr: 20, gender: 20, snr: all, speaker_verification: 8}}
    test: {{asr: 8, gender: 8}}
shard: {{target_size: 200KB}}
"""


@pytest.fixture
def write_config(tmp_path: Path, corpora: Path) -> Callable[..., Path]:
    """Writes a config over the tiny corpora; keyword arguments replace its texts."""

    def write(work: str = "work", corpora: Path = corpora, old: str = "", new: str = "") -> Path:
        path = tmp_path / "tiny.yaml"
        text = CONFIG.format(work=work, corpora=corpora)
        assert old in text
        path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
        return path

    return write


class Chromium:
    """A headless Chromium, told what to do over a pipe (DevTools protocol: JSON messages that end in a zero byte)."""

    def __init__(self, binary: str, profile: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        flags = (
            "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
            "--disable-component-update --disable-sync --remote-debugging-pipe --mute-audio --window-size=1200,1400"
        )

        def as_3_and_4() -> None:
            first, second = os.dup(to_browser), os.dup(from_browser)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self._process = subprocess.Popen(
            [binary, *flags.split(), f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=as_3_and_4,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._received = os.fdopen(self._read, "rb", buffering=0)
        self._buffer = b""
        self._number = 0
        self._session: dict[str, str] = {}
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        attached = self.do("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params, **self._session}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._buffer:
                piece = self._received.read(1 << 16)
                assert piece, "Chromium has gone"
                self._buffer += piece
            line, _, self._buffer = self._buffer.partition(b"\0")
            reply: dict[str, Any] = json.loads(line)
            if reply.get("id") == self._number:
                assert "error" not in reply, reply
                return dict(reply["result"])

    def evaluate(self, script: str) -> Any:
        """The value of an expression, or of the promise it makes, as if the user had clicked."""
        result = self.do(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, url: str) -> None:
        """Goes to a page and waits until all of it is there."""
        self.do("Page.enable")
        self.do("Page.navigate", url=url)
        while self.evaluate("location.href + document.readyState") != f"{url}complete":
            sleep(0.02)

    def screenshot(self, path: Path) -> None:
        """The page as a picture, from its top to its end."""
        shot = self.do("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._received.close()
        os.close(self._write)


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Chromium]:
    """A real browser."""
    binary = shutil.which("chromium")
    if binary is None:
        pytest.skip("no Chromium on this machine")
    browser = Chromium(binary, tmp_path / "chromium-profile")
    try:
        yield browser
    finally:
        browser.close()


SPEC = RirBankSpec(rooms=5, distances=4)


def speech_like(rng: np.random.Generator, seconds: float, rate: int) -> np.ndarray:
    """Noise in syllables of four a second, with pauses."""
    time = np.arange(round(seconds * rate)) / rate
    return np.asarray(0.1 * rng.standard_normal(len(time)) * np.clip(np.sin(2 * np.pi * 4 * time), 0, None))


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return make_bank(tmp_path_factory.mktemp("rirs"), SPEC, seed=3)


@pytest.fixture
def make_cut(tmp_path: Path) -> Callable[..., MonoCut]:
    """Writes audio and returns its cut: `make_cut(id, audio, rate, **facts)`; with a text it counts as speech."""

    def make(
        name: str, audio: np.ndarray, rate: int = 16_000, text: str | None = None, **facts: object
    ) -> MonoCut:
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, audio, rate, subtype="FLOAT")
        recording = Recording.from_file(path, recording_id=name)
        said = SupervisionSegment(id=name, recording_id=name, start=0, duration=recording.duration, text=text)
        return MonoCut(
            id=name,
            start=0,
            duration=recording.duration,
            channel=0,
            recording=recording,
            supervisions=[said] if text is not None else [],
            custom={"facts": facts},
        )

    return make


@pytest.fixture
def speech(make_cut: Callable[..., MonoCut]) -> list[MonoCut]:
    """Clips of many lengths and rates, several of which don't end on a sample at 16 kHz."""
    rng = np.random.default_rng(0)
    kinds = [(1.0, 16_000), (2.503, 8_000), (0.777, 44_100), (3.21, 48_000), (1.3333, 22_050), (4.1, 16_000)]
    return [
        make_cut(f"speech-{number}", speech_like(rng, seconds, rate), rate, text="hello")
        for number, (seconds, rate) in enumerate(kinds)
    ]


@pytest.fixture
def noises(make_cut: Callable[..., MonoCut]) -> list[MonoCut]:
    """Rain that is long, a bark that is short, both at 44.1 kHz, the bark with silence around it."""
    rng = np.random.default_rng(1)
    bark = np.zeros(44_100)
    bark[10_000:30_000] = 0.5 * rng.standard_normal(20_000)
    return [
        make_cut("rain", 0.01 * rng.standard_normal(6 * 44_100), 44_100, sound_events=["rain"]),
        make_cut("bark", bark, 44_100, sound_events=["dog bark"]),
    ]


def cryfish(*arguments: object) -> tuple[int, str]:
    """The exit code and what was said, of the command run in this process."""
    said = io.StringIO()
    before = sys.argv
    sys.argv = ["cryfish", *map(str, arguments)]
    try:
        with redirect_stdout(said), redirect_stderr(said):
            main()
    except SystemExit as stop:
        return int(stop.code or 0), said.getvalue()
    finally:
        sys.argv = before
    return 0, said.getvalue()


def forget_code(module: str = "") -> None:
    """Digests are kept for the life of a process: reads the files (or that of a module) again."""
    code._code_of.cache_clear()
    code.code_digest.cache_clear()
    if module:
        code._sources.pop(module, None)
    else:
        code._sources.clear()
        code._path_of.cache_clear()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package's source that digests are read from; not what runs."""
    root = tmp_path / "tree"
    for room in ("recipes", "pipeline", "shards", "model"):
        shutil.copytree(
            ROOT / room, root / room, ignore=lambda _, names: [n for n in names if n == "__pycache__"]
        )
    for path in ROOT.glob("*.py"):
        shutil.copy(path, root)
    monkeypatch.setattr(code, "ROOT", root)
    forget_code()
    yield root
    forget_code()
