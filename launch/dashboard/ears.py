"""Words that somebody said into the page's microphone: a recording in, a text out. All of it on this machine."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robot.voice.recogniser import Recogniser


class Ears:
    """The recogniser, loaded when it is first needed. For one thread at a time."""

    def __init__(self) -> None:
        self._recogniser: Recogniser | None = None

    def text(self, wav: bytes) -> str:
        """Return what was said, empty where nothing was. Raises RecordingError where that is no recording."""
        from robot.voice.recogniser import Recogniser
        from robot.voice.recording import read_wav

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "said.wav"
            file.write_bytes(wav)
            samples = read_wav(file)
        if self._recogniser is None:
            self._recogniser = Recogniser()
        return self._recogniser.text(samples)
