"""A microphone at 16 kHz, mono, through sounddevice; what it records waits in a queue until it is asked for."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from robot.voice.recording import RATE_HZ, Samples

PIECE_S = 0.03


class MicrophoneError(RuntimeError):
    """There is no such microphone, or it cannot be opened; the message is one line."""


class Microphone:
    """Open from the start until `close`."""

    def __init__(self, device: str = "") -> None:
        """Open it. Raises MicrophoneError where there is none, or PortAudio is missing."""
        try:
            import sounddevice
        except (OSError, ImportError) as error:
            raise MicrophoneError("microphone: PortAudio is missing (apt-get install libportaudio2)") from error
        self._pieces: SimpleQueue[bytes] = SimpleQueue()
        try:
            self._stream: Any = sounddevice.RawInputStream(
                samplerate=RATE_HZ, channels=1, dtype="int16", blocksize=int(PIECE_S * RATE_HZ),
                device=(int(device) if device.isdigit() else device) or None, callback=self._came,
            )  # fmt: skip
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise MicrophoneError(f"microphone: {str(error).splitlines()[0]}") from error

    def sound(self, wait_s: float = 0.0) -> Samples:
        """Return what was recorded since the last call; waits up to `wait_s` for the first piece."""
        found = []
        try:
            found.append(self._pieces.get(timeout=wait_s) if wait_s else self._pieces.get_nowait())
            while True:
                found.append(self._pieces.get_nowait())
        except Empty:
            return np.frombuffer(b"".join(found), np.int16)

    def close(self) -> None:
        """Stop recording."""
        self._stream.close()

    def _came(self, data: Any, frames: int, time: Any, status: Any) -> None:
        del frames, time, status
        self._pieces.put(bytes(data))
