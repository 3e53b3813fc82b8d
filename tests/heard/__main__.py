"""How far labels lie from what is heard, over more clips than the tests take.

    python -m tests.heard snr FOLDER      # the SNR, by channel and by noise
    python -m tests.heard pairs FOLDER    # 500 answers about two clips for each question

From the root of the repository, with real audio in the folder `shared` beside it; FOLDER keeps what is made.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .harness import Judged, Workshop, cuts_of, original
from .pairs import judge_pairs
from .test_pairs import DRAWN, steps_for
from .test_snr import CHANNELS, judged

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CLIPS = {"librispeech": 2, "ravdess": 2, "fsdd": 16, "tuxpaint": 16}
PAIRS = {
    "louder": {"librispeech": 1, "ravdess": 1, "asterisk": 3},
    "nearer": {"librispeech": 1, "ravdess": 1, "asterisk": 3},
    "nearer, evened out": {"librispeech": 1, "ravdess": 1},
    "noisier": {"librispeech": 1, "ravdess": 1, "asterisk": 1, "tuxpaint": 4},
    "more reverberant": {"librispeech": 1, "ravdess": 1, "asterisk": 1, "tuxpaint": 4},
}
WANTED = 500


def line(name: str, rows: Sequence[Judged]) -> str:
    off = np.array([abs(row.off) for row in rows])
    added = np.array([row.label - row.heard.most for row in rows])
    full = np.array([abs(row.heard_full.off(row.full)) for row in rows if row.full is not None])
    shares = " | ".join(f"{np.mean(off > limit):6.1%}" for limit in (0.5, 1, 3))
    low, middle, high = np.percentile(added, [5, 50, 95])
    return (
        f"| {name} | {len(rows)} | {shares} | {off.max():.1f} | {low:+.1f} / {middle:+.1f} / {high:+.1f} | "
        f"{np.mean(full > 0.5) if len(full) else 0:.1%} |"
    )


def snr(workshop: Workshop) -> None:
    print(
        "| channel | labels | off > 0.5 dB | > 1 dB | > 3 dB | worst | label - added noise alone, 5/50/95 % | full |"
    )
    print("|---|---|---|---|---|---|---|---|")
    everything: list[Judged] = []
    for name, channel in CHANNELS.items():
        rows, noisy = judged(workshop, name, CLIPS, channel)
        everything += rows
        print(line(f"{name} ({noisy} noisy)", rows), flush=True)
    by_noise: dict[str, list[Judged]] = defaultdict(list)
    for row in everything:
        by_noise["several" if " and " in row.noise else row.noise].append(row)
    for noise, rows in sorted(by_noise.items()):
        if len(rows) >= 10:
            print(line(noise, rows))
    for row in sorted(everything, key=lambda row: -abs(row.off))[:20]:
        print(f"{row.off:+.2f}", row)


def pairs(workshop: Workshop) -> None:
    seen: Counter[str] = Counter()
    for round_ in range(8):
        for drawn, sizes in PAIRS.items():
            if seen[f"{DRAWN[drawn][0]}: true"] >= WANTED:
                continue
            manifests = [workshop.manifest(corpus, every) for corpus, every in sizes.items()]
            task = DRAWN[drawn][0]
            steps = steps_for(drawn if drawn == "nearer, evened out" else task, str(workshop.rooms(40)))
            made = workshop.augmented(f"pairs {drawn} {round_}", manifests, steps, seed=100 + round_)
            dry = original(manifests, workshop.corpora)
            cuts = {cut.id: cut for cut in cuts_of(made)}
            for name, why in judge_pairs(workshop.asked(made, task), cuts, dry):
                seen[f"{name}: {'true' if why is None else 'FALSE'}"] += 1
                if why is not None:
                    print(why)
            print(drawn, dict(seen), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("snr", "pairs"):
        sys.exit(__doc__)
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    {"snr": snr, "pairs": pairs}[sys.argv[1]](Workshop(folder, SHARED / "corpora"))
