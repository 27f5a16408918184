"""What the language model has for a conscience: how likely a sentence goes against each principle.

It is the model's encoder once more with a small change to each layer, in the model's own file, so what nobody wrote a
pattern for is judged by what it is up to. `tools/language/conscience.py` made it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ALLOWED = "pass"
NAMES = (
    "blocking", "deception", "harassment", "harm", "minors", ALLOWED, "privacy", "property", "unlawful",
)  # of the model's answers  # fmt: skip
REFUSE_ABOVE = 0.5  # doubt from which a sentence is refused: more likely than not it may not pass
SURE_BELOW = 0.4  # doubt below which wording that a pattern knows may pass after all


def shares_of(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (C,): how likely each of `NAMES` is."""
    powers = np.exp(logits - logits.max())
    shares: NDArray[np.float32] = powers / powers.sum()
    return shares


def doubt(shares: NDArray[np.float32]) -> tuple[float, str]:
    """Return how sure it is, 0 to 1, that a sentence may not pass, and which principle it goes against most."""
    most = max((name for name in NAMES if name != ALLOWED), key=lambda name: float(shares[NAMES.index(name)]))
    return 1.0 - float(shares[NAMES.index(ALLOWED)]), most
