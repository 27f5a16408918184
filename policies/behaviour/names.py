"""Other words for rooms and furniture, from `words.txt`, and words that stand for people, the speaker, the dock."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "words.txt"
SPEAKER = frozenset({"me", "us", "here", "back", "myself", "my side", "where i am", "back here", "this place", "you"})
DOCK = frozenset({
    "dock", "home", "charger", "charging station", "base", "station", "docking station", "charging dock", "charge",
    "charging place", "base station", "your place", "starting point", "start",
})  # fmt: skip
PEOPLE = re.compile(
    r"\b(?:any ?one|any ?body|some ?one|some ?body|no ?body|people|persons?|who(?:'s| is)?|man|woman|men|women|lady|guy"
    r"|girl|boy|kids?|child(?:ren)?|visitors?|guests?|family|humans?|everyone|everybody)\b"
)
LEADING = re.compile(
    r"^(?:(?:right |just |over |straight |out |all the way |back )?"
    r"(?:to|into|in|at|on|near|by|beside|behind|under|towards?|inside|next to|in front of|opposite|from|around) )?"
    r"(?:(?:the|a|an|my|our|your|this|that|its|his|her|their) )*"
)
WITHIN = re.compile(r"^(?P<what>.+?) (?:that is |which is |that's )?(?:in|inside|of|from|at) (?P<where>.+)$")
BESIDE = re.compile(r"^.+? (?:next to|near|by|beside|close to|in front of|behind|opposite|on|under|at) (?P<what>.+)$")


@lru_cache(maxsize=1)
def groups() -> dict[str, dict[str, frozenset[str]]]:
    """Return, for "rooms" and "things", every name with its other words."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            block = found.setdefault(line[3:], {})
        elif line and not line.startswith("#"):
            name, _, others = line.partition(": ")
            block[name] = frozenset({name.replace("_", " "), *others.split(", ")})
    return found


def bare(words: str) -> str:
    """Return words without what leads up to a noun: "into the kitchen" becomes "kitchen"."""
    return LEADING.sub("", words.lower().strip(" .,!?")).strip()


def room_words(name: str) -> frozenset[str]:
    """Return everything a room of this name may be called, other than by its name."""
    own = {f"{name} room", name.replace("_", " ")}
    return frozenset(own.union(*(words for words in groups()["rooms"].values() if name in words)))


def thing_words(kind: str) -> frozenset[str]:
    """Return everything a piece of furniture of this kind may be called."""
    return groups()["things"].get(kind, frozenset()) | {kind.replace("_", " ")}


def singular(word: str) -> str:
    """Return a word without a plural's ending."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
