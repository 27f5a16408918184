"""How words are said: the pronouncing dictionary that pocketsphinx brings (CMU's), and a word of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

OWN_WORDS = {"housemate": "HH AW S M EY T"}  # what the dictionary lacks
PHONES = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K",
    "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip


def dictionary() -> str:
    """Return one line per way to say a word: WORD SOUNDS, or WORD(2) SOUNDS for a second way; ours come first."""
    from pocketsphinx import get_model_path

    own = "".join(f"{word} {sounds}\n" for word, sounds in OWN_WORDS.items())
    return own + Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8")


def pronounced() -> Iterator[str]:
    """Yield the words that can be pronounced."""
    for line in dictionary().splitlines():
        word = line.split(" ", 1)[0]
        if "(" not in word:
            yield word


def pronunciations() -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield every word with its sounds, as numbers of `PHONES`; a word as often as it has ways to be said."""
    number = {phone: i for i, phone in enumerate(PHONES)}
    for line in dictionary().splitlines():
        word, *sounds = line.split(" ")
        yield word.split("(", 1)[0], tuple(number[sound] for sound in sounds)
