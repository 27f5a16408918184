"""The MCAP file behind the recorder: channels made on first use, chunks closed in time, and a clean end either way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from robot.clock import NS_PER_S
from robot.recording.mcap_file import McapFile
from robot.recording.output import LogFile

CHUNK_BYTES = 2_000_000
CHUNK_S = 5  # a chunk is closed at the latest after this simulated time: what a killed process may lose
RUN_METADATA = "run"  # the MCAP metadata record that makes a log self-contained
LIBRARY = "housemate"


class Schema(Protocol):
    """What a channel's schema is made of."""

    @property
    def name(self) -> str:
        """Name of the type."""

    @property
    def encoding(self) -> str:
        """How `data` describes it: "jsonschema" or "protobuf"."""

    @property
    def data(self) -> bytes:
        """The description."""


class Channels:
    """Writes messages by channel name. Every method may raise OSError, except `give_up`."""

    def __init__(self, path: Path) -> None:
        self._file = LogFile(path)
        self._mcap = McapFile(self._file, CHUNK_BYTES)
        self._channels: dict[str, int] = {}
        self._schemas: dict[tuple[str, str], int] = {}
        self._whole = 0  # bytes in the file when the present chunk began
        self._chunk_since_ns = 0

    def start(self, metadata: Mapping[str, str]) -> None:
        """Write the file's head."""
        self._mcap.start(LIBRARY, RUN_METADATA, metadata)
        self._file.mark()
        self._whole = self._file.tell()

    def add(
        self, channel: str, encoding: str, schema: Callable[[], Schema], t_ns: int, data: bytes, sequence: int = 0
    ) -> None:
        """Add a message; `schema` is asked for once, when the channel is new."""
        channel_id = self._channels.get(channel)
        if channel_id is None:
            channel_id = self._register(channel, encoding, schema())
        self._mcap.add_message(channel_id, t_ns, data, sequence)
        if t_ns - self._chunk_since_ns >= CHUNK_S * NS_PER_S:
            self._mcap.end_chunk()
        if self._file.tell() != self._whole:
            self._file.mark()
            self._whole = self._file.tell()
            self._chunk_since_ns = t_ns

    def finish(self) -> None:
        """Write the last chunk and the index."""
        self._mcap.finish()

    def give_up(self) -> None:
        """Cut the file back to its last whole chunk and end it there, if the disk lets us."""
        with suppress(OSError):
            self._file.cut()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _register(self, channel: str, encoding: str, schema: Schema) -> int:
        key = (schema.name, schema.encoding)
        if key not in self._schemas:
            self._schemas[key] = self._mcap.add_schema(schema.name, schema.encoding, schema.data)
        made = self._channels[channel] = self._mcap.add_channel(channel, encoding, self._schemas[key])
        return made
