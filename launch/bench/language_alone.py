"""A process that holds what the language node holds and no more: how long that takes to load, and how large it is.

    python -m launch.bench.language_alone < sentences

Reads a sentence a line, and prints one line of JSON: `load_s` and, after all of them were understood, `rss_mb`.
"""

from __future__ import annotations

import json
import sys
import time

import psutil


def main() -> None:
    """Measure this process."""
    texts = sys.stdin.read().splitlines()
    before = time.perf_counter()
    from policies.language.listener import Listener  # importing it is part of loading

    listener = Listener(None)
    load_s = time.perf_counter() - before
    for text in texts:
        listener.understand(text)
    print(json.dumps({"load_s": load_s, "rss_mb": psutil.Process().memory_info().rss / 1e6}))


if __name__ == "__main__":
    main()
