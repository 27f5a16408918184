"""Taught phrases: "party mode" means "turn on the lights then dance". One example is enough, kept in a file.

A sentence is a taught phrase when it holds the phrase's telling words and nothing else but the words people wrap
commands in; or when what is left of both means nearly the same to the encoder. So other commands are left alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policies.language.words import words_of

WRAPPING = frozenset({
    "a", "an", "the", "please", "now", "robot", "housemate", "hey", "ok", "okay", "hi", "hello", "could", "can",
    "would", "will", "you", "your", "me", "my", "us", "our", "we", "it", "i", "is", "it's", "let", "let's", "lets",
    "do", "start", "run", "begin", "go", "to", "for", "time", "want", "like", "want's", "i'd", "i'm", "be", "into",
    "in", "on", "with", "activate", "enable", "switch", "turn", "make", "initiate", "launch", "trigger", "execute",
    "engage", "give", "have", "need", "this", "that", "so", "and", "just", "thanks", "thank", "um", "uh", "er",
    "some", "again", "right", "what's", "then", "up", "ready", "get", "going", "set", "play", "kick",
})  # fmt: skip
SHORTEST, LONGEST = 1, 8
ALIKE = 0.80  # cosine of sentence vectors, only asked where half of the telling words are shared
Vector = NDArray[np.float32]


def users_own() -> Path:
    """Return the file of the user's own phrases."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return data / "housemate" / "phrases.json"


class TeachError(ValueError):
    """A phrase that cannot be taught, with the reason."""


@dataclass(frozen=True)
class Taught:
    """A phrase and the sentence it stands for."""

    phrase: str
    means: str


class Phrasebook:
    """The taught phrases of one file, written at once and whole, so that a restart finds them; with none, of a run."""

    def __init__(self, path: Path | None, embed: Callable[[str], Vector]) -> None:
        self._path = path
        self._embed = embed
        self._taught = _read(path) if path else {}
        self._vectors: dict[str, Vector] = {}

    def all(self) -> tuple[Taught, ...]:
        """Return the taught phrases, oldest first."""
        return tuple(Taught(phrase, means) for phrase, means in self._taught.items())

    def teach(self, phrase: str, means: str) -> Taught:
        """Keep a phrase; teaching it again replaces it.

        Raises:
            TeachError: where the phrase has too few or too many words.
        """
        words = words_of(phrase)
        if not SHORTEST <= len(words) <= LONGEST:
            raise TeachError(f"a phrase has {SHORTEST} to {LONGEST} words, '{phrase}' has {len(words)}")
        taught = Taught(" ".join(words), " ".join(means.split()))
        if self.match(taught.means) is not None:
            raise TeachError(f"'{means}' is a taught phrase itself: say what it means in plain commands")
        self._taught[taught.phrase] = taught.means
        self._write()
        return taught

    def forget(self, phrase: str) -> bool:
        """Drop a phrase; return whether there was one."""
        found = self._taught.pop(" ".join(words_of(phrase)), None) is not None
        if found:
            self._write()
        return found

    def match(self, text: str) -> Taught | None:
        """Return the taught phrase that a text says, or None."""
        words = words_of(text)
        if not words or len(words) > 3 * LONGEST:
            return None
        exact = next((t for t in self.all() if t.phrase == " ".join(words)), None)
        return exact or next((t for t in self.all() if self._says(words, t)), None)

    def _says(self, words: list[str], taught: Taught) -> bool:
        phrase = taught.phrase.split()
        telling = {stem(word) for word in phrase if word not in WRAPPING}
        said = {stem(word) for word in words if word not in WRAPPING}
        if not telling:
            return False
        if telling <= said:
            return said == telling
        shared = len(telling & said) / max(len(telling), len(said), 1)
        return shared >= 0.5 and self._alike(" ".join(words), taught.phrase) >= ALIKE

    def _alike(self, text: str, phrase: str) -> float:
        if phrase not in self._vectors:
            self._vectors[phrase] = self._embed(phrase)
        return float(self._embed(text) @ self._vectors[phrase])

    def _write(self) -> None:
        if self._path is None:
            return
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(self._taught, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError as error:
            raise TeachError(f"{self._path}: cannot be written ({error.strerror})") from error


def stem(word: str) -> str:
    """Return a word without a plural or a verb's ending, near enough to compare two."""
    for ending in ("ing", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(phrase): str(means) for phrase, means in found.items()}
    except OSError as error:
        raise TeachError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, AttributeError) as error:
        raise TeachError(f"{path}: is not a phrasebook ({error})") from error
