"""One text in, one `Understanding` out: taught phrases, then the model, then the constitution, then the reply."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from policies.constitution import judged
from policies.language.labels import all_unknown
from policies.language.model import LanguageModel, Understanding, stopwatch
from policies.language.program import UNKNOWN, action
from policies.language.replies import reply
from policies.language.teach import Phrasebook, Taught, TeachError
from policies.language.words import LETTERS_MAX, WORDS_MAX, words_of

LESS_LIKELY = 0.8  # what a reading further down the recogniser's list is worth


class Listener:
    """The language side of the robot: no motion, no clock but the stopwatch that fills `ms`."""

    def __init__(self, phrasebook: Path | None, model: LanguageModel | None = None) -> None:
        self.model = model or LanguageModel()
        if not self.model.has_conscience:
            raise ValueError("the language model has no conscience: python -m tools.language.conscience")
        self.phrasebook = Phrasebook(phrasebook, lambda text: self.model.read(text).vector)

    def understand(self, text: str) -> Understanding:
        """Return what a text asks for; never raises, whatever the text."""
        began = stopwatch()
        taught = self.phrasebook.match(text)
        meant = taught.means if taught else text
        reading = self.model.read(meant)
        refusal = judged(meant, reading.program, reading.principles) or (judged(text, ()) if taught else None)
        words = len(words_of(text))
        too_long = words >= WORDS_MAX or len(text) > LETTERS_MAX
        program = UNKNOWN if refusal or too_long else reading.program
        said = refusal.reply if refusal else reply(program, words, too_long=too_long)
        principle = refusal.principle if refusal else ""
        return Understanding(text, program, reading.confidence, said, stopwatch() - began, principle)

    def understand_heard(self, readings: Sequence[str]) -> Understanding:
        """Return the understanding of recognised speech: of its readings the one that makes most sense.

        Args:
            readings: the likeliest first, at least one. A further one must be surer by a quarter than that before it.
        """
        first = self.understand(readings[0])
        found = [first] if first.refused else [first, *(self.understand(text) for text in readings[1:])]
        weights = [0.0 if all_unknown(u.actions) else u.confidence * LESS_LIKELY**i for i, u in enumerate(found)]
        return found[int(np.argmax(weights))]

    def teach(self, phrase: str, means: str) -> Taught:
        """Keep a phrase after checking that what it means is understood and allowed.

        Raises:
            TeachError: where it is not.
        """
        reading = self.model.read(means)
        refusal = judged(means, reading.program, reading.principles)
        if refusal:
            raise TeachError(refusal.reply)
        steps = self.understand(means).actions
        if action("unknown") in steps:
            raise TeachError(f"'{means}' is not a command I understand, so I cannot do it under another name")
        return self.phrasebook.teach(phrase, means)
