"""From chances of sounds to words: a beam search over the tree of words, by sound and by what people say.

Token passing (Young et al., 1989) over the states of connectionist temporal classification: every token is a sentence
so far and a place in the tree, once ending in a sound and once in none. Within a word its likeliest end stands for
what the language model will say of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from robot.voice.features import Floats
from robot.voice.ngrams import Ngrams, Node
from robot.voice.phones import NONE

LANGUAGE, A_WORD = 1.0, 0.5  # weight of the language model against the sounds; what every word is given
BEAM, WIDEST, LEAST = 14.0, 160, -9.0  # how far a token may fall behind; tokens; log chance of a sound to be tried
NEVER = -1e30


@dataclass(frozen=True)
class Reading:
    """What may have been said."""

    words: tuple[str, ...]
    score: float
    sound: float
    """Log chance by the sounds alone"""


@dataclass(frozen=True, eq=False)
class Told:
    """A sentence so far: the last word, what came before, and what the language model gave for it, weighted."""

    word: int
    before: Told | None
    given: float


class Token:
    """A sentence so far at a place in the tree, with its score where it ends in no sound and where in one."""

    __slots__ = ("node", "silent", "sounding", "told")

    def __init__(self, node: Node, told: Told, silent: float = NEVER, sounding: float = NEVER) -> None:
        self.node, self.told = node, told
        self.silent, self.sounding = silent, sounding


Key = tuple[int, int]  # a place in the tree and a sentence so far
Beam = dict[Key, Token]


class Search:
    """One tree and one language model; deterministic."""

    def __init__(self, root: Node, ngrams: Ngrams) -> None:
        self._root, self._ngrams = root, ngrams

    def readings(self, chances: Floats, most: int) -> list[Reading]:
        """Return up to `most` readings of `Phones.log_chances`, the best first."""
        start = Told(self._ngrams.start, None, 0.0)
        beam: Beam = {(self._root.number, id(start)): Token(self._root, start, silent=0.0)}
        kept: dict[tuple[int, int], Told] = {}
        for row in chances:
            beam = _best(self._step(beam, row, kept))
        return self._ended(beam, most)

    def _step(self, beam: Beam, row: Floats, kept: dict[tuple[int, int], Told]) -> Beam:
        """Return all tokens after one more row that are not hopeless."""
        logs = row.tolist()
        found = _stayed(beam, logs)
        least = max(max(token.silent, token.sounding) for token in found.values()) - BEAM
        tried = [int(sound) for sound in np.flatnonzero(row[:NONE] > LEAST)]
        for token in beam.values():
            best = max(token.silent, token.sounding)
            for sound in tried:
                score = logs[sound] + (token.silent if sound == token.node.sound else best)
                if score < least:
                    continue
                self._deeper(found, token, sound, score, least)
                if token.node.words:
                    self._onward(found, token, sound, score, least, kept)
        return found

    def _deeper(self, found: Beam, token: Token, sound: int, score: float, least: float) -> None:
        """Go on in the same word."""
        below = token.node.below.get(sound)
        if below is not None:
            score += LANGUAGE * (below.best - token.node.best)
            if score >= least:
                _come(found, below, token.told, score)

    def _onward(
        self, found: Beam, token: Token, sound: int, score: float, least: float, kept: dict[tuple[int, int], Told]
    ) -> None:
        """End a word here and begin the next."""
        first = self._root.below.get(sound)
        if first is None:
            return
        foretold = LANGUAGE * (first.best - token.node.best)
        for word in token.node.words:
            after = self._after(token.told, word, kept)
            total = score + after.given - token.told.given + foretold
            if total >= least:
                _come(found, first, after, total)

    def _after(self, told: Told, word: int, kept: dict[tuple[int, int], Told]) -> Told:
        key = (id(told), word)
        after = kept.get(key)
        if after is None:
            chance = self._ngrams.chance(told.before.word if told.before else -1, told.word, word)
            after = kept[key] = Told(word, told, told.given + LANGUAGE * chance + A_WORD)
        return after

    def _ended(self, beam: Beam, most: int) -> list[Reading]:
        found: dict[tuple[str, ...], Reading] = {}
        for token in beam.values():
            sound = max(token.silent, token.sounding) - token.told.given - LANGUAGE * token.node.best
            for word in token.node.words:
                last = self._after(token.told, word, {})
                end = LANGUAGE * self._ngrams.chance(token.told.word, word, self._ngrams.end)
                reading = Reading(self._names(last), sound + last.given + end, sound)
                if reading.words not in found or found[reading.words].score < reading.score:
                    found[reading.words] = reading
        return sorted(found.values(), key=lambda reading: -reading.score)[:most]

    def _names(self, told: Told) -> tuple[str, ...]:
        words: list[str] = []
        at: Told | None = told
        while at is not None and at.before is not None:
            words.append(self._ngrams.names[at.word])
            at = at.before
        return tuple(reversed(words))


def _stayed(beam: Beam, logs: list[float]) -> Beam:
    """Return the tokens after a row with no sound, or with more of the same."""
    none, found = logs[NONE], {}
    for key, token in beam.items():
        sounding = token.sounding + logs[token.node.sound] if token.node.sound >= 0 else NEVER
        found[key] = Token(token.node, token.told, max(token.silent, token.sounding) + none, sounding)
    return found


def _come(found: Beam, node: Node, told: Told, score: float) -> None:
    """Let a token come to a place in the tree by a sound."""
    key = (node.number, id(told))
    token = found.get(key)
    if token is None:
        found[key] = Token(node, told, sounding=score)
    elif score > token.sounding:
        token.sounding = score


def _best(found: Beam) -> Beam:
    """Return the tokens that are not too far behind the best; of too many, those that came first among equals."""
    scored = sorted(((max(t.silent, t.sounding), -i, key) for i, (key, t) in enumerate(found.items())), reverse=True)
    least = scored[0][0] - BEAM
    return {key: found[key] for score, _, key in scored[:WIDEST] if score >= least}
