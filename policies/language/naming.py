"""Whom words name: "display, nod", "tell the rover to come here", "go to the kitchen and, lamp, look at me".

A text is cut where it turns to another body; what is left of each part is what that body is told. Only ways of speaking
to somebody count: "go to the display" and "turn off the lamp" are about things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

BOTH = "both"
CALLING = r"(?:(?:please|hey|hi|hello|ok|okay|housemate|robot|and|then|now|well|so)[, ]+)*"
TELLING = r"(?:(?:please )?(?:tell|ask|order|have|make|let|get) )?"
DOING = (
    r"(?:please |now |just |also |then |can you |could you |will you |would you |you )*"
    r"(?:nod|shake|tilt|bow|dance|look|watch|turn|follow|go|come|drive|stop|halt|freeze|move|find|search|check|wait|pause"
    r"|say|copy|mimic|mirror|face|raise|lower|patrol|inspect|see|lock|focus|guide|lead|return|back|keep|stay|carry"
    r"|continue|tell|cancel|forget|resume|unlock|let|release|remember|set|call|bring|take|be|head|run|stand|repeat)\b"
)
NO_ADDRESS = (
    r"(?:the|a|an|my|your|on|off|is|was|are|has|in|at|of|under|near|behind|with|by|for|and|or|brightness|height|volume"
    r"|'s)\b"
)
TAIL = re.compile(r"^(?:to|should|shall|must|that (?:it|he|she) (?:should|shall|must)) +")


@dataclass(frozen=True)
class BodyNames:
    """What people call one body."""

    body: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What is said to one body; `to` is empty where nobody is named."""

    to: str
    text: str


def parts_of(text: str, bodies: Sequence[BodyNames]) -> tuple[Part, ...]:
    """Return a text as what is said to whom, in order; nothing is left out but the names and the ways of calling."""
    if not bodies:
        return (Part("", text),)
    names = _names(tuple(bodies))
    cuts = [0, *(found.start("to") for found in names.inner.finditer(text)), len(text)]
    pieces = [names.part(text[a:b]) for a, b in pairwise(cuts)]
    found: list[Part] = []
    called = ""  # "rover and display, stop": a name with nothing behind it but the next name
    for piece in pieces:
        alone = names.alone(piece.text)
        called = alone or called
        if alone is None:
            found.append(Part(BOTH if called and called != piece.to else piece.to, piece.text))
            called = ""
    named = any(part.to for part in found)
    return tuple(found) if named else (Part("", text),)


class _Names:
    """The patterns of a set of names."""

    def __init__(self, bodies: Sequence[BodyNames]) -> None:
        self._body = {word: names.body for names in bodies for word in names.words}
        who = "|".join(re.escape(word) for word in sorted(self._body, key=len, reverse=True))
        begins = rf"(?:the )?(?P<who>{who})(?:(?P<comma> ?[,:;!]+ *)| +)"
        self._first = re.compile(rf"^(?P<call>{CALLING})(?P<tell>{TELLING}){begins}(?P<rest>.+)$", re.I | re.S)
        self._last = re.compile(rf"^(?P<rest>.+?),+ *(?P<who>{who})(?: please)?[ .!?]*$", re.I | re.S)
        self.inner = re.compile(
            rf"(?:[,;.]|\band\b|\bthen\b|\bwhile\b|\bbut\b)[ ,]*"
            rf"(?P<to>{TELLING}(?:the )?(?:{who})(?: ?[,:]+ *(?=\w)| +(?:to +|should +)?(?={DOING})))",
            re.I,
        )

        self._only = re.compile(rf"^{CALLING}[ ,;.]*(?:the )?(?P<who>{who})?[ ,;.!]*$", re.I)

    def alone(self, piece: str) -> str | None:
        """Return the body where a piece is its name and no more, empty where it only calls; None where it says more."""
        found = self._only.match(f"{piece.strip()} ")
        return None if found is None else self._body.get((found["who"] or "").lower(), "")

    def part(self, piece: str) -> Part:
        """Return one piece with whom it names."""
        piece = re.sub(r"(?:[ ,;]+(?:and|then|while|but))*[ ,;]*$", "", piece).strip(" ,;")
        found = self._first.match(piece)
        if found and self._is_address(found):
            rest = TAIL.sub("", found["rest"].strip())
            return Part(self._body[found["who"].lower()], rest)
        found = self._last.match(piece)
        if found:
            return Part(self._body[found["who"].lower()], found["rest"].strip())
        return Part("", piece)

    def _is_address(self, found: re.Match[str]) -> bool:
        if found["comma"]:
            return True
        verb, rest = found["tell"].split()[-1:], found["rest"]
        if verb and verb[0].lower() in ("have", "make", "let", "get"):
            return re.match(DOING, rest, re.I) is not None
        return bool(verb) or re.match(NO_ADDRESS, rest, re.I) is None


@lru_cache(maxsize=8)
def _names(bodies: tuple[BodyNames, ...]) -> _Names:
    return _Names(bodies)
