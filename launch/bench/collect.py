"""Rows as they come: each is written to rows.jsonl at once, so that a bench that is stopped keeps what it has.

On a terminal a bar shows how far it is; elsewhere a line is printed at every tenth of the way.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

LINES = 10


def collect(rows: Iterable[dict[str, Any]], total: int, what: str, file: Path) -> list[dict[str, Any]]:
    """Return all rows, after writing each to `file` when it came."""
    console = Console(stderr=True)
    shown = track(rows, what, total, console=console) if console.is_terminal else _told(rows, total, what)
    found = []
    with file.open("w", encoding="utf-8") as out:
        for row in shown:
            out.write(json.dumps(plain(row)) + "\n")
            out.flush()
            found.append(row)
    return found


def _told(rows: Iterable[dict[str, Any]], total: int, what: str) -> Iterable[dict[str, Any]]:
    started, last = time.perf_counter(), 0
    for count, row in enumerate(rows, 1):
        yield row
        part = count * LINES // total
        if part > last:
            last = part
            seconds = time.perf_counter() - started
            print(f"{what}: {count} of {total} after {seconds:.0f} s", file=sys.stderr, flush=True)


def plain(value: Any) -> Any:
    """Return `value` as JSON can hold it: what is infinite or not a number was never measured and is null."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
