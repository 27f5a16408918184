"""Text to words, and words to WordPiece ids: what the model reads.

Punctuation goes, since recognised speech has none; a decimal point and an apostrophe stay. Whatever a caller sends
(control characters, emoji, ten thousand letters) comes out as a short list of plain lower-case words, or as none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

WORDS_MAX = 64  # of a longer text only this many are read, and the answer says so
LETTERS_MAX = 4000
WORD = re.compile(r"\d+(?:[.,]\d+)?(?:°|%)?|[^\W\d_]+(?:'[^\W\d_]+)*")
PIECE_LETTERS_MAX = 40
UNKNOWN_PIECE, FIRST_PIECE, LAST_PIECE = "[UNK]", "[CLS]", "[SEP]"


def words_of(text: str) -> list[str]:
    """Return the lower-case words of a text, at most `WORDS_MAX`."""
    plain = unicodedata.normalize("NFKC", text[:LETTERS_MAX]).replace("’", "'").replace("‘", "'").lower()
    spaced = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in plain)
    return WORD.findall(spaced)[:WORDS_MAX]


class WordPieces:
    """Greedy longest-match WordPiece (Schuster and Nakajima, 2012) over BERT's uncased vocabulary."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").split("\n")
        self._ids = {piece: i for i, piece in enumerate(lines) if piece}
        self._pieces = lru_cache(maxsize=4096)(self._pieces_of)

    def ids(self, words: list[str]) -> tuple[list[int], list[int]]:
        """Return the ids of a sentence, with its two marks, and for each word the index of its first piece."""
        ids, firsts = [self._ids[FIRST_PIECE]], []
        for word in words:
            firsts.append(len(ids))
            ids.extend(self._pieces(word))
        return [*ids, self._ids[LAST_PIECE]], firsts

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
        pieces: list[int] = []
        for part in re.findall(r"\w+|[^\w\s]", bare):
            pieces.extend(self._longest(part))
        return tuple(pieces) or (self._ids[UNKNOWN_PIECE],)

    def _longest(self, part: str) -> list[int]:
        pieces, start = [], 0
        while start < len(part):
            mark = "##" if start else ""
            ends = range(min(len(part), start + PIECE_LETTERS_MAX), start, -1)
            end = next((e for e in ends if mark + part[start:e] in self._ids), None)
            if end is None:
                return [self._ids[UNKNOWN_PIECE]]
            pieces.append(self._ids[mark + part[start:end]])
            start = end
        return pieces
