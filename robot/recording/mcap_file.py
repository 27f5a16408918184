"""An MCAP file written chunk by chunk, for thousands of small messages a second.

The mcap package's own writer spends several times as long on a message as making the message takes, in records built
field by field. Here a message is one packed head and its data; everything rarer is written with mcap's own records.
Format: mcap.dev/spec.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Protocol

import zstandard
from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    Chunk,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)
from mcap.writer import MCAP0_MAGIC

LEVEL = 3  # zstd; level 1 saves 1 ms of CPU per simulated second and costs a tenth more room
_MESSAGE = struct.Struct("<BQHIQQ")  # opcode, length of the rest, channel, sequence, log time, publish time
_MESSAGE_REST = _MESSAGE.size - 9
_INDEX = struct.Struct("<BQHI")  # opcode, length of the rest, channel, bytes of entries
_FOOTER_START = struct.Struct("<BQQQ")


class Stream(Protocol):
    """Where the file goes."""

    def write(self, data: bytes, /) -> int:
        """Write all of `data`."""

    def tell(self) -> int:
        """Return the bytes written."""


class McapFile:
    """The file from its head to its index. Every method but `__init__` may raise what the stream raises."""

    def __init__(self, stream: Stream, chunk_bytes: int) -> None:
        """Write to `stream`; a chunk is closed when it holds more than `chunk_bytes`."""
        self._stream, self._chunk_bytes = stream, chunk_bytes
        self._crc = 0  # of everything written so far
        self._compressor = zstandard.ZstdCompressor(level=LEVEL)
        self._schemas: list[Schema] = []
        self._channels: list[Channel] = []
        self._metadata: list[MetadataIndex] = []
        self._chunks: list[ChunkIndex] = []
        self._counts: dict[int, int] = {}  # of messages by channel
        self._parts: list[bytes] = []  # of the present chunk
        self._size = 0
        self._entries: dict[int, list[int]] = {}  # channel -> log time, offset, log time, offset, ...

    def start(self, library: str, metadata_name: str, metadata: Mapping[str, str]) -> None:
        """Write the file's head with one metadata record."""
        self._write(MCAP0_MAGIC + _record(Header(profile="", library=library)))
        record = _record(Metadata(name=metadata_name, metadata=dict(metadata)))
        self._metadata.append(MetadataIndex(name=metadata_name, offset=self._stream.tell(), length=len(record)))
        self._write(record)

    def add_schema(self, name: str, encoding: str, data: bytes) -> int:
        """Return the number of a new schema."""
        self._schemas.append(Schema(id=len(self._schemas) + 1, name=name, encoding=encoding, data=data))
        self._put(_record(self._schemas[-1]))
        return len(self._schemas)

    def add_channel(self, topic: str, encoding: str, schema: int) -> int:
        """Return the number of a new channel."""
        number = len(self._channels) + 1
        channel = Channel(id=number, topic=topic, message_encoding=encoding, schema_id=schema, metadata={})
        self._channels.append(channel)
        self._put(_record(channel))
        return number

    def add_message(self, channel: int, t_ns: int, data: bytes, sequence: int) -> None:
        """Add a message; its times must not go back."""
        entries = self._entries.get(channel)
        if entries is None:
            entries = self._entries[channel] = []
        entries += (t_ns, self._size)
        length = len(data)
        self._parts.append(_MESSAGE.pack(Opcode.MESSAGE, _MESSAGE_REST + length, channel, sequence, t_ns, t_ns) + data)
        self._size += _MESSAGE.size + length
        if self._size > self._chunk_bytes:
            self.end_chunk()

    def end_chunk(self) -> None:
        """Write the present chunk and the index of its messages, if it holds any."""
        if not self._entries:
            return
        data = b"".join(self._parts)
        chunk = Chunk(
            compression="zstd",
            data=self._compressor.compress(data),
            message_start_time=min(entries[0] for entries in self._entries.values()),
            message_end_time=max(entries[-2] for entries in self._entries.values()),
            uncompressed_crc=zlib.crc32(data),
            uncompressed_size=len(data),
        )
        start, record = self._stream.tell(), _record(chunk)
        self._write(record)
        offsets, index = self._index(start + len(record))
        self._write(index)
        self._chunks.append(
            ChunkIndex(
                message_start_time=chunk.message_start_time,
                message_end_time=chunk.message_end_time,
                chunk_start_offset=start,
                chunk_length=len(record),
                message_index_offsets=offsets,
                message_index_length=len(index),
                compression=chunk.compression,
                compressed_size=len(chunk.data),
                uncompressed_size=chunk.uncompressed_size,
            )
        )
        for channel, entries in self._entries.items():
            self._counts[channel] = self._counts.get(channel, 0) + len(entries) // 2
        self._parts, self._size, self._entries = [], 0, {}

    def finish(self) -> None:
        """Write the last chunk, the summary and the file's end."""
        self.end_chunk()
        self._write(_record(DataEnd(data_section_crc=self._crc)))
        start = self._stream.tell()
        groups = (
            (Opcode.SCHEMA, self._schemas),
            (Opcode.CHANNEL, self._channels),
            (Opcode.STATISTICS, [self._statistics()]),
            (Opcode.CHUNK_INDEX, self._chunks),
            (Opcode.METADATA_INDEX, self._metadata),
        )
        summary, offsets = b"", b""
        for opcode, records in groups:
            group = b"".join(_record(record) for record in records)
            offset = SummaryOffset(group_opcode=opcode, group_start=start + len(summary), group_length=len(group))
            offsets += _record(offset)
            summary += group
        offsets_start = start + len(summary)
        summary += offsets
        crc = zlib.crc32(_FOOTER_START.pack(Opcode.FOOTER, 20, start, offsets_start), zlib.crc32(summary))
        footer = Footer(summary_start=start, summary_offset_start=offsets_start, summary_crc=crc)
        self._write(summary + _record(footer) + MCAP0_MAGIC)

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._crc = zlib.crc32(data, self._crc)

    def _put(self, record: bytes) -> None:
        self._parts.append(record)
        self._size += len(record)

    def _index(self, start: int) -> tuple[dict[int, int], bytes]:
        """Return where the message index of each channel stands, and the index, which begins at `start`."""
        offsets: dict[int, int] = {}
        parts, size = [], 0
        for channel, entries in self._entries.items():
            offsets[channel] = start + size
            part = _INDEX.pack(Opcode.MESSAGE_INDEX, 6 + 8 * len(entries), channel, 8 * len(entries))
            parts.append(part + struct.pack(f"<{len(entries)}Q", *entries))
            size += len(parts[-1])
        return offsets, b"".join(parts)

    def _statistics(self) -> Statistics:
        return Statistics(
            attachment_count=0,
            channel_count=len(self._channels),
            channel_message_counts=self._counts,
            chunk_count=len(self._chunks),
            message_count=sum(self._counts.values()),
            message_start_time=min((chunk.message_start_time for chunk in self._chunks), default=0),
            message_end_time=max((chunk.message_end_time for chunk in self._chunks), default=0),
            metadata_count=len(self._metadata),
            schema_count=len(self._schemas),
        )


class _Record(Protocol):
    def write(self, stream: RecordBuilder) -> None:
        """Add the record's bytes."""


def _record(record: _Record) -> bytes:
    builder = RecordBuilder()
    record.write(builder)
    data: bytes = builder.end()  # type: ignore[no-untyped-call]
    return data
