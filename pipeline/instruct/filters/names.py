"""English names of animals, instruments and vehicles of which one isn't another: a swift is no swallow.

Only plain names stand here. Names of whole groups (finch, ape, whale) don't, since they are said of many kinds; kinds
that one may call by each other's name, or that a layman takes for one, stand in one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from . import lexicon
from .binary import form_of
from .candidate import Candidate
from .claims import denied_at
from .words import content_words, fold, language_of, words

_CLASSES: Mapping[str, tuple[str, str]] = {
    "bird": (
        r"bird|animal|creature|species",
        "swift/swallow,martin/nightingale/blackbird/skylark,lark,woodlark/robin/wren/cuckoo/woodpecker,"
        "flicker/sparrow/starling/"
        "chaffinch/goldfinch/bullfinch/greenfinch/siskin/canary/blackcap/chiffchaff/yellowhammer/"
        "wagtail/nuthatch/treecreeper/"
        "jay/magpie/crow,raven,rook,jackdaw,carrion crow/kingfisher/heron,bittern,egret/stork/crane/"
        "pheasant/partridge,quail/"
        "peacock,peafowl/turkey/ostrich,emu/penguin/puffin/cormorant/pelican/flamingo/albatross/curlew,"
        "whimbrel/lapwing/"
        "oystercatcher/snipe/sandpiper/plover/corncrake/coot,moorhen/grebe/loon/kookaburra/lyrebird/"
        "parrot,cockatoo,macaw,budgerigar,"
        "parakeet,lorikeet,cockatiel/hummingbird/mockingbird/cardinal/oriole/hoopoe/nightjar,"
        "whip-poor-will/pigeon,dove/gull,seagull/"
        "goose/swan/duck,mallard,teal/owl/buzzard,hawk,falcon,kestrel,eagle,kite,osprey/vulture/rooster,"
        "hen,chicken,cockerel",
    ),
    "animal": (
        r"animal|creature|species|mammal|insect|amphibian|pet\b|beast",
        "dog,puppy,hound/wolf,coyote,jackal/fox/cat,kitten/lion,lioness/tiger/leopard,jaguar,panther,"
        "cheetah/lynx,bobcat/bear/otter/"
        "beaver/badger/hedgehog/squirrel,chipmunk/marmot,groundhog,prairie dog/rabbit,hare/mouse,rat,"
        "hamster/deer,elk,moose,stag,"
        "reindeer/boar,pig,hog,piglet/cow,cattle,calf,bull,ox/bison,buffalo/sheep,lamb/goat/horse,pony,"
        "foal/donkey,mule/camel/llama,"
        "alpaca/giraffe/zebra/elephant/rhinoceros/hippopotamus/hyena/gorilla/chimpanzee,bonobo/"
        "orangutan/gibbon/kangaroo,wallaby/koala/"
        "sloth/raccoon/skunk/porcupine/armadillo/bat/seal,sea lion,walrus/dolphin,porpoise,orca/sperm "
        "whale/humpback whale,humpback/"
        "frog,toad,treefrog/crocodile,alligator/rattlesnake,snake/gecko,lizard/cricket,grasshopper,"
        "katydid,locust/cicada/bee,bumblebee,"
        "honeybee,wasp,hornet/mosquito/fly,housefly",
    ),
    "instrument": (
        r"instrument|plays?\b|playing",
        "piano,grand piano,upright piano/harpsichord,clavichord,spinet/celesta,glockenspiel/organ,"
        "harmonium/accordion,concertina,"
        "bandoneon,melodeon/violin,fiddle/viola/cello,violoncello/double bass,contrabass/guitar,ukulele/"
        "banjo/mandolin,mandola/lute,"
        "oud,theorbo/sitar/harp,lyre/zither,dulcimer,cimbalom/flute,piccolo,recorder/clarinet/oboe,cor "
        "anglais,english horn/bassoon,"
        "contrabassoon/saxophone,sax/trumpet,cornet,flugelhorn,bugle/trombone,sackbut/tuba,euphonium,"
        "sousaphone/french horn/"
        "bagpipes,bagpipe/harmonica,mouth organ/xylophone,marimba,vibraphone/timpani,kettledrums,"
        "kettledrum/tambourine/triangle/"
        "cymbals,cymbal/gong/maracas,shaker/castanets/theremin/didgeridoo/kazoo",
    ),
    "vehicle": (
        r"vehicle|machine|transport|going by|goes by|passes|passing|drives? (?:by|past)",
        "bicycle,bike/motorcycle,motorbike,moped,scooter/tram,streetcar,trolley/train,locomotive/subway,"
        "metro/bus,coach/truck,lorry/"
        "tractor/excavator,digger,bulldozer/helicopter/airplane,aeroplane,plane,jet/ship,ferry,boat,"
        "motorboat/ambulance/fire engine,"
        "fire truck/snowplough,snowplow",
    ),
}  # fmt: skip


@cache
def _names(kind: str) -> dict[str, int]:
    """The names of a class, singular and plural, with the line they stand in."""
    found: dict[str, int] = {}
    for line, names in enumerate(_CLASSES[kind][1].split("/")):
        for name in names.split(","):
            found[name.replace("-", " ")] = line
            found.setdefault(name.replace("-", " ") + "s", line)
    return found


def _named(text: str, kind: str) -> dict[int, tuple[int, int]]:
    """The lines of a class that a text names, the longest name first (a sea lion is no lion), with a place."""
    names, said = _names(kind), words(text)
    found: dict[int, tuple[int, int]] = {}
    position = 0
    while position < len(said):
        for size in (4, 2, 1):
            window = said[position : position + size]
            line = names.get(" ".join(word.text for word in window)) if len(window) == size else None
            if line is not None:
                found.setdefault(line, (window[0].start, window[-1].end))
                position += size - 1
                break
        position += 1
    return found


_SHORT, _FEW = 3, 3
_IDENTIFIES = re.compile(
    r"^\W*(?:what|which|name|identify|tell me what|so,? what|and what|can you tell (?:what|which))\b"
)
_LIKENED = re.compile(r"\b(?:like|similar|resembl\w+|kind of|sort of|type of|family|relative|or)\b")


def another_of_its_kind(candidate: Candidate) -> tuple[str, str] | None:
    """The name in a fact and the one that a short English answer has instead of it, both of one class."""
    if candidate.language not in ("en", None) or language_of(candidate.answer) not in ("en", None):
        return None
    form, asked, answer = form_of(candidate.question), candidate.asked, fold(candidate.answer)
    if form.tests or form.options or form.binary or not _IDENTIFIES.search(asked) or _LIKENED.search(answer):
        return None
    telling = [w for w in content_words(candidate.answer, "en") if w.text not in lexicon.GENERIC]
    if len(telling) > _FEW:
        return None
    values = [text for _, text in candidate.known.texts]
    everything = "\n".join([*values, candidate.question, candidate.corpus_description])
    for kind, (asks, _) in _CLASSES.items():
        said = _named(candidate.answer, kind)
        if len(said) != 1 or not re.search(rf"\b(?:{asks})", asked):
            continue
        line, place = next(iter(said.items()))
        told = [(text, found) for text in values if (found := _named(text, kind))]
        if len(told) != 1 or len(told[0][1]) != 1 or line in _named(everything, kind):
            continue
        text, found = told[0]
        start, end = next(iter(found.values()))
        if denied_at(answer, *place, "en") or (len(text.split()) <= _SHORT and end != len(fold(text))):
            continue  # a bat detector is no bat
        return fold(text)[start:end], answer[slice(*place)]
    return None
