"""From sounds to words: homophones by what people say, words out of runs of sounds, several readings, and no words."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from robot.voice.features import Floats
from robot.voice.ngrams import Ngrams, tree
from robot.voice.phones import NONE
from robot.voice.pronouncing import PHONES
from robot.voice.search import Search

MODEL = """\\data\\
ngram 1=7
ngram 2=3
ngram 3=1

\\1-grams:
-99.0000\t<s>\t-0.3000
-1.0000\t</s>\t0.0000
-0.8000\tgo\t-0.2000
-0.9000\tto\t-0.1000
-0.8500\ttwo\t0.0000
-1.5000\tbed\t0.0000
-2.5000\tbad\t0.0000

\\2-grams:
-0.3000\t<s> go\t-0.1000
-0.2000\tgo to\t0.0000
-1.6000\tgo two\t0.0000

\\3-grams:
-0.1000\t<s> go to

\\end\\
"""
SAID = {"go": "G OW", "to": "T UW", "two": "T UW", "bed": "B EH D", "bad": "B AE D", "unheard": "AH N HH ER D"}


@pytest.fixture(scope="module")
def ngrams(tmp_path_factory: pytest.TempPathFactory) -> Ngrams:
    path = tmp_path_factory.mktemp("ngrams") / "small.arpa.gz"
    path.write_bytes(gzip.compress(MODEL.encode()))
    return Ngrams(path)


@pytest.fixture(scope="module")
def search(ngrams: Ngrams) -> Search:
    words = ((word, tuple(PHONES.index(s) for s in sounds.split())) for word, sounds in SAID.items())
    return Search(tree(words, ngrams), ngrams)


def chances(*rows: str) -> Floats:
    """Rows of sounds, "-" for none; "EH/AE" for two that are as likely."""
    found = np.full((len(rows), NONE + 1), -12.0, np.float32)
    for i, row in enumerate(rows):
        for sound in row.split("/"):
            found[i, NONE if sound == "-" else PHONES.index(sound)] = -0.1 if "/" not in row else -0.8
    return found


def words(search: Search, *rows: str) -> list[str]:
    return [" ".join(reading.words) for reading in search.readings(chances(*rows), 3)]


def test_a_longer_sequence_counts_before_a_shorter_one(ngrams: Ngrams) -> None:
    start, go, to, two, bed = (ngrams.numbers[word] for word in ("<s>", "go", "to", "two", "bed"))
    log10 = np.log(10.0)
    assert ngrams.chance(start, go, to) == pytest.approx(-0.1 * log10)
    assert ngrams.chance(start, go, two) == pytest.approx((-0.1 - 1.6) * log10)
    assert ngrams.chance(go, to, bed) == pytest.approx((0.0 - 0.1 - 1.5) * log10)
    assert ngrams.chance(-1, start, bed) == pytest.approx((-0.3 - 1.5) * log10)


def test_of_words_that_sound_alike_the_one_that_people_say_there(search: Search) -> None:
    assert words(search, "-", "G", "OW", "OW", "-", "T", "UW", "-")[:2] == ["go to", "go two"]
    assert words(search, "-", "T", "UW", "-")[0] == "two"


def test_a_sound_held_is_one_and_a_sound_said_again_is_two(search: Search) -> None:
    assert words(search, "T", "T", "UW", "UW")[0] == "two"
    assert words(search, "T", "UW", "-", "T", "UW")[0].split() in (["to", "two"], ["two", "two"], ["two", "to"])


def test_between_sounds_as_likely_the_language_decides_and_the_other_is_a_further_reading(search: Search) -> None:
    assert words(search, "B", "EH/AE", "D") == ["bed", "bad"]


def test_the_score_by_sound_alone_is_that_of_the_rows(search: Search) -> None:
    best = search.readings(chances("G", "OW", "-"), 1)[0]
    assert best.sound == pytest.approx(-0.3, abs=1e-4)


def test_half_a_word_and_nothing_are_no_words(search: Search) -> None:
    assert words(search, "B", "EH") == []
    assert words(search, "-", "-") == []
    assert words(search) == []
