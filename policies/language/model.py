"""The language model at run time: a sentence in, an `Understanding` out. onnxruntime and numpy, nothing else.

The files it reads stand in `weights/` with a card that says what they are and how they were made.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policies.constitution.conscience import shares_of
from policies.language.decode import Outputs, decode
from policies.language.labels import all_unknown
from policies.language.mend import mended
from policies.language.program import SLOTS, UNKNOWN, Program
from policies.language.words import WORDS_MAX, WordPieces, words_of

WEIGHTS = Path(__file__).parent / "weights"
PIECES_MAX = 256
HESITATIONS = frozenset({"um", "uh", "er", "erm", "uhm", "umm", "uhh", "ehm", "eh"})  # they say nothing
INTENTS = tuple(SLOTS)


@dataclass(frozen=True)
class Understanding:
    """What a text asks for; `confidence` is the chance that the whole program is right, as calibrated."""

    text: str
    actions: Program
    confidence: float
    reply: str
    ms: float
    refused: str = ""
    """Name of the principle that forbids it."""

    def as_json(self) -> dict[str, Any]:
        """Return what `launch understand` prints."""
        return {
            "text": self.text,
            "actions": [step.as_json() for step in self.actions],
            "confidence": round(self.confidence, 3),
            "reply": self.reply,
            "ms": round(self.ms, 2),
        }


@dataclass(frozen=True)
class Reading:
    """The model's answer for a text: program, calibrated confidence, plain intent, and the sentence's vectors."""

    words: tuple[str, ...]
    program: Program
    confidence: float
    intent: str
    vector: NDArray[np.float32]
    """(384,) of unit length: near for sentences that mean the same"""
    principles: NDArray[np.float32] | None
    """(C,) how likely each of the constitution's `NAMES` is; None where the model's file was given no conscience"""


class LanguageModel:
    """The network with its vocabulary and calibration. One thread; a few milliseconds a sentence."""

    def __init__(self, weights: Path = WEIGHTS / "language.int8.onnx", threads: int = 1) -> None:
        import onnxruntime  # 20 MiB that who only reads the ports of a node does not need

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self.has_conscience = any(output.name == "principles" for output in self._session.get_outputs())
        self._pieces = WordPieces(WEIGHTS / "vocab.txt")
        settings = json.loads((WEIGHTS / "calibration.json").read_text())
        self._scale, self._offset = float(settings["scale"]), float(settings["offset"])
        self._least = float(settings["reject_below"])

    def read(self, text: str) -> Reading:
        """Return the reading of any text; `unknown` where it has no words or is too long for one request."""
        spoken = words_of(text)
        words = [word for word in spoken if word not in HESITATIONS] or spoken
        if not words:
            return Reading((), UNKNOWN, 1.0, "unknown", np.zeros(384, np.float32), None)
        ids, firsts = self._pieces.ids(words)
        ids, firsts = ids[:PIECES_MAX], [i for i in firsts if i < PIECES_MAX]
        feed = {"ids": np.array([ids], np.int64), "mask": np.ones((1, len(ids)), np.float32)}
        actions, places, tags, intents, vector, *logits = self._session.run(None, feed)
        outputs = Outputs(actions[0, firsts], places[0, firsts], tags[0, firsts])
        program, raw = decode(words[: len(firsts)], outputs)
        program = mended(tuple(words), program)
        confidence = self.calibrated(raw)
        if len(spoken) >= WORDS_MAX or (confidence < self._least and not all_unknown(program)):
            program = UNKNOWN
        intent, shares = INTENTS[int(np.argmax(intents[0]))], shares_of(logits[0][0]) if logits else None
        return Reading(tuple(words), program, confidence, intent, vector[0], shares)

    def calibrated(self, raw: float) -> float:
        """Return the chance of being right for the decoder's confidence (Platt scaling on the development set)."""
        odds = math.log(max(raw, 1e-6) / max(1.0 - raw, 1e-6))
        return 1.0 / (1.0 + math.exp(-(self._scale * odds + self._offset)))


def stopwatch() -> float:
    """Return milliseconds of a clock that only counts, for what a call took; never part of a result that is logged."""
    return time.perf_counter() * 1000.0
