"""Kinds of things that tables name by their everyday word: a foal in a caption grounds a horse in an answer.

Only grounding knows them: for a question the everyday word gives nothing away.
"""

from __future__ import annotations

from functools import cache

from .lexicon import word_set
from .words import words

_KINDS = {
    "dog": "poodle terrier labrador retriever beagle hound spaniel dachshund mastiff bulldog collie "
           "rottweiler chihuahua pup mutt cur",
    "cat": "tabby tomcat kitty kittens siamese",
    "horse": "foal pony ponies mare stallion colt filly gelding thoroughbred carthorse trot trots "
             "gallop gallops hooves",
    "cow": "calf calves bull bulls ox oxen heifer steer",
    "sheep": "ewe ewes ram rams flock",
    "pig": "piglet piglets hog hogs sow boar",
    "chicken": "chick chicks pullet broody",
    "duck": "duckling ducklings mallard mallards drake",
    "bird": "sparrow sparrows finch finches chaffinch goldfinch warbler thrush blackbird blackbirds "
            "nightingale cuckoo starling starlings"
    " skylark lark wren magpie magpies woodpecker swan swans heron stork parrot parrots parakeet budgie "
    "canary cockatoo tit tits jay"
    " dove doves goose geese eagle hawk falcon gull kestrel rook jackdaw crows flock turkey peacock penguin",
    "frog": "toad toads bullfrog",
    "insect": "beetle beetles grasshopper grasshoppers moth dragonfly locust locusts wasp wasps hornet "
              "bumblebee bees swarm flies",
    "car": "sedan hatchback limousine limo jeep suv taxi cab van minivan convertible coupe pickup racer",
    "truck": "van pickup tanker semi dumper",
    "boat": "yacht canoe kayak dinghy tugboat trawler barge raft gondola rowboat speedboat steamer oars",
    "train": "tram freight express carriages wagons rails railcar steam subway metro",
    "airplane": "jet jets airliner glider biplane propeller",
    "door": "gate hatch shutter lid latch",
    "water": "sink tap pool puddle splash splashes bath fountain kettle pond lake",
    "baby": "toddler newborn infant",
    "laughter": "giggle guffaw snigger joke jokes",
    "music": "tune song melody band orchestra radio jazz waltz",
    "crowd": "audience spectators fans stadium mob",
    "bells": "chimes carillon gong",
    "clock": "pendulum metronome watch timepiece",
    "rain": "shower storm cloudburst",
    "engine": "machine generator compressor mower lawnmower tractor pump turbine",
}  # fmt: skip


@cache
def _of(value: str) -> frozenset[str]:
    return word_set(_KINDS.get(value, ""))


def is_a_kind_of(value: str, text: str) -> bool:
    """Whether a text names a thing that one may call by this value."""
    known = _of(value)
    return bool(known) and any(word.text in known for word in words(text))
