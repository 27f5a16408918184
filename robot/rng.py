"""One world seed, one generator per entity: streams are named, so adding an entity never shifts another's noise."""

from hashlib import blake2b

import numpy as np
from numpy.random import Generator


def spawn(seed: int, name: str) -> Generator:
    """Return the generator of the entity `name` under `seed`.

    The name is hashed with BLAKE2b (never Python's salted hash), so the stream is the same in every process and
    on every run, and does not depend on which other entities exist.
    """
    digest = blake2b(name.encode(), digest_size=16, key=seed.to_bytes(8, "little", signed=True)).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))
