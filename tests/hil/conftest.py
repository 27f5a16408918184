"""The firmware's core on the host, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from boards import CoreBoard
from core_harness import Core


@pytest.fixture
def core(firmware_build: Path) -> Iterator[Core]:
    """The core on the host, fresh for each test."""
    board = CoreBoard(firmware_build)
    yield Core(board)
    board.close()
