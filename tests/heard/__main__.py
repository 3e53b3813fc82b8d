"""python -m tests.heard [FOLDER]: how far labels lie from what is heard, by channel and by noise."""
import sys, time
from pathlib import Path
from collections import defaultdict
import numpy as np
from .harness import *

NOISE = {"share": 1.0, "from": ["esc50"], "babble": {"from": ["asterisk", "ravdess"], "voices": [2, 4]}, "colours": ["white", "pink", "brown"], "at_once": 2, "snr_db": {"uniform": [-5, 30]}}
CHANNELS = {
 "none": None,
 "telephone": {"telephone": {"share": 1}},
 "low pass": {"low_pass": {"share": 1, "hz": {"uniform": [1000, 7000]}}},
 "gain": {"gain": {"share": 1, "db": {"uniform": [-60, 0]}}},
 "clipping": {"clipping": {"share": 1, "clipped": {"uniform": [0.001, 0.1]}}},
 **{c: {"codec": {"share": 1, "of": [c]}} for c in ("mp3", "opus", "vorbis", "gsm", "ulaw", "alaw")},
 "all": {"telephone": {"share": .4}, "low_pass": {"share": .4, "hz": {"uniform": [1000, 7000]}}, "gain": {"share": .4, "db": {"uniform": [-30, 0]}}, "clipping": {"share": .4, "clipped": {"uniform": [0.001, 0.1]}}, "codec": {"share": .5, "of": ["mp3", "opus", "vorbis", "gsm", "ulaw", "alaw"]}},
}

def show(name, rows):
    off = np.array([abs(r.off) for r in rows]); raw=np.array([r.label - r.heard.most for r in rows])
    full = np.array([abs(r.heard_full.off(r.full)) for r in rows])
    print(f"{name:28s} n {len(rows):4d}  >0.5: {np.mean(off>.5):6.1%}  >1: {np.mean(off>1):6.1%} >3: {np.mean(off>3):6.1%} median |off| {np.median(off):5.2f} max {off.max():6.2f}   label-heard(added only) p5 {np.percentile(raw,5):6.2f} med {np.median(raw):6.2f} p95 {np.percentile(raw,95):6.2f}  full>0.5 {np.mean(full>.5):6.1%}", flush=True)

if __name__ == "__main__":
    shop = Workshop(Path(sys.argv[1]), Path("/work/shared/corpora") if len(sys.argv) < 3 else Path(sys.argv[2]))
    shop.folder.mkdir(parents=True, exist_ok=True)
    manifests = [shop.manifest("librispeech", 2), shop.manifest("ravdess", 2), shop.manifest("fsdd", 16), shop.manifest("tuxpaint", 16)]
    dry = original(manifests, shop.corpora)
    everything = []
    for number, (name, channel) in enumerate(CHANNELS.items()):
        t=time.time()
        steps = [{"voice": {"share": .2, "padding": {"share": 1, "start_s": {"uniform": [0, 1]}, "end_s": {"uniform": [0, 1]}}}}, {"room": {"share": .4, "bank": str(shop.rooms()), "level": "inverse"}}, {"noise": NOISE}]
        if channel: steps.append({"channel": {"share": 1, **channel}})
        made = shop.augmented(name.replace(" ", "_"), manifests, steps, number)
        rows = list(judge(cuts_of(made), dry))
        everything += rows
        show(name, rows)
        print("   ", time.time()-t, "s;  render vs lhotse: p95", np.percentile([r.added_off for r in rows], 95), "max", max(r.added_off for r in rows))
    none=[r for r in everything if r.channel=="none"]
    print()
    by = defaultdict(list)
    for r in everything: by[r.noise if "and" not in r.noise else "two"].append(r)
    for k, v in sorted(by.items()):
        if len(v) > 8: show(k, v)
    tel=[r for r in everything if "telephone" in r.channel]
    by = defaultdict(list)
    for r in tel: by[r.noise if "and" not in r.noise else "two"].append(r)
    for k, v in sorted(by.items()):
        if len(v) > 4: show("tel: "+k, v)
    by = defaultdict(list)
    for r in none: by[r.corpus].append(r)
    for k, v in sorted(by.items()): show("no channel: "+k, v)
    for r in sorted(none, key=lambda r: -abs(r.off))[:25]: print(r)
