"""Reads a log back: the commits of a run in order, as every reader of the run saw them, and what ran.

Reads from the front and stops at the first record that is not whole, so a log cut at any byte gives everything up to
its last whole chunk.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import zstandard
from mcap.exceptions import EndOfFile, InvalidMagic, McapError
from mcap.records import Channel, McapRecord, Message, Metadata
from mcap.stream_reader import CRCValidationError, StreamReader

from robot.codec import MessageCodec, decode_envelope
from robot.node import Topic
from robot.recording import native
from robot.recording.channels import RUN_METADATA
from robot.recording.log_hash import LogHash
from robot.recording.packing import Packer
from robot.runtime.commit import Commit
from robot.topics import TABLE

_DAMAGE = (McapError, CRCValidationError, zstandard.ZstdError, struct.error, UnicodeDecodeError)


class LogReader:
    """One log. Iterate `commits()` as often as wanted; each goes through the file once."""

    def __init__(self, path: Path, table: Mapping[str, Topic[Any]] = TABLE) -> None:
        """Open a log.

        Args:
            table: topic by name, to decode messages with.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is no log, in one line.
        """
        self.path = path
        self.damage: str | None = None
        """After a pass: why it ended before the log's proper end; None when it did not."""
        self._table = table
        self._packer = Packer()
        self.metadata: dict[str, str] = self._find_metadata()
        """What the recorder was told about the run: profile, world, seed, table, ..."""

    def parts(self) -> Iterator[tuple[bytes, list[bytes]]]:
        """Yield the envelope's bytes and the frames of every commit, in commit order."""
        native_channels: set[int] = set()
        for record in self._records():
            if isinstance(record, Channel) and record.message_encoding == native.ENCODING:
                native_channels.add(record.id)
            elif isinstance(record, Message) and record.channel_id in native_channels:
                yield native.decode(record.data, self._packer)

    def commits(self) -> Iterator[Commit]:
        """Yield every commit in order. Raises ValueError on a topic that the table does not hold."""
        codecs: dict[str, MessageCodec] = {}
        for envelope_bytes, frames in self.parts():
            envelope = decode_envelope(envelope_bytes)
            topic = self._table.get(envelope.topic)
            if topic is None:
                raise ValueError(f"{self.path}: topic '{envelope.topic}' is not in the topic table of this version")
            if topic.name not in codecs:
                codecs[topic.name] = MessageCodec(topic.type)
            yield Commit(topic, envelope, frames, codecs[topic.name])

    def _records(self) -> Iterator[McapRecord]:
        self.damage = None
        with self.path.open("rb") as file:
            stream = StreamReader(_WholeReads(file), validate_crcs=True)  # type: ignore[arg-type]
            try:
                yield from stream.records
            except InvalidMagic as error:
                if file.tell() <= len(_MAGIC):
                    raise ValueError(f"{self.path}: not an MCAP log") from error
                self.damage = str(error)
            except _DAMAGE as error:
                self.damage = str(error) or "ends in the middle of a record"

    def _find_metadata(self) -> dict[str, str]:
        for record in self._records():
            if isinstance(record, Metadata) and record.name == RUN_METADATA:
                return dict(record.metadata)
            if isinstance(record, Message):
                break
        return {}


def hash_of_log(path: Path) -> str:
    """Return `log_sha256` computed anew from a log; equals the summary's when nothing was lost or changed.

    Raises:
        OSError, ValueError: as LogReader, and ValueError when the log is cut or damaged.
    """
    reader, log_hash = LogReader(path), LogHash()
    for envelope_bytes, frames in reader.parts():
        log_hash.add(envelope_bytes, frames)
    if reader.damage is not None:
        raise ValueError(f"{path}: {reader.damage}")
    return log_hash.hexdigest()


_MAGIC = b"\x89MCAP0\r\n"


class _WholeReads:
    """A file whose reads are whole or fail: the MCAP reader takes a short read at the end for data."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, length: int) -> bytes:
        data = self._file.read(length)
        if len(data) < length:
            raise EndOfFile
        return data
