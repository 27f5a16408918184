"""What `mcap doctor` examines, on the public mcap package: every record, every checksum, and every entry of the index
against what really stands there. The command itself is a Go program that no Python registry has."""

from __future__ import annotations

import io
import struct
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from mcap.opcode import Opcode
from mcap.reader import SeekingReader
from mcap.records import (
    Channel,
    Chunk,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    McapRecord,
    Message,
    MessageIndex,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)
from mcap.stream_reader import MAGIC_SIZE, StreamReader, breakup_chunk, get_chunk_data_stream

HEAD = 9  # bytes of a record's opcode and length
FOOTER = 8 + 8 + 4


class Doctor:
    """Goes through a log from front to back; `complaints` says what is wrong, with the place in the file."""

    def __init__(self, path: Path) -> None:
        self.complaints: list[str] = []
        self.channels: dict[int, Channel] = {}
        self.schemas: dict[int, Schema] = {}
        self._data = path.read_bytes()
        self._starts: dict[int, McapRecord] = {}
        self._counts: Counter[int] = Counter()
        self._first_ns, self._last_ns = 2**64, 0
        self._newest_ns = 0
        self._read()
        self._examine_records()
        self._examine_summary()
        if not self.complaints:  # an index that points nowhere would only raise
            self._read_by_index(path)

    def _must(self, well: bool, complaint: str) -> None:
        if not well:
            self.complaints.append(complaint)

    def _read(self) -> None:
        """Split the file into records; raises where one is cut, or where a checksum is wrong."""
        file, begun = io.BytesIO(self._data), MAGIC_SIZE
        for record in StreamReader(file, emit_chunks=True, validate_crcs=True).records:
            self._starts[begun] = record
            begun = file.tell()

    def _examine_records(self) -> None:
        kinds = Counter(type(record).__name__ for record in self._starts.values())
        for kind in ("Header", "DataEnd", "Footer", "Statistics"):
            self._must(kinds[kind] == 1, f"{kinds[kind]} records of {kind}")
        self._must(isinstance(next(iter(self._starts.values())), Header), "the first record is no header")
        before_end = True
        for place, record in self._starts.items():
            before_end = before_end and not isinstance(record, DataEnd)
            if isinstance(record, Chunk):
                self._must(before_end, f"chunk at {place} after the data's end")
                self._examine_chunk(place, record)
            elif isinstance(record, Schema | Channel):
                self._note(place, record)
            elif isinstance(record, DataEnd):
                self._must(record.data_section_crc != 0, "the data has no checksum")

    def _examine_chunk(self, place: int, chunk: Chunk) -> None:
        records = breakup_chunk(chunk, validate_crc=True)
        times = []
        for record in records:
            if isinstance(record, Message):
                self._examine_message(place, record)
                times.append(record.log_time)
            else:
                self._note(place, record)
        self._must(bool(times), f"chunk at {place} holds no message")
        bounds = (min(times, default=0), max(times, default=0))
        said = (chunk.message_start_time, chunk.message_end_time)
        self._must(bounds == said, f"chunk at {place} says times {said}, holds {bounds}")
        self._must(chunk.uncompressed_crc != 0, f"chunk at {place} has no checksum")

    def _examine_message(self, place: int, message: Message) -> None:
        self._must(message.channel_id in self.channels, f"message of channel {message.channel_id} before the channel")
        self._must(message.log_time >= self._newest_ns, f"message in the chunk at {place} goes back in time")
        self._newest_ns = max(self._newest_ns, message.log_time)
        self._counts[message.channel_id] += 1
        self._first_ns, self._last_ns = min(self._first_ns, message.log_time), max(self._last_ns, message.log_time)

    def _note(self, place: int, record: Any) -> None:
        """A schema or channel may stand twice, but must say the same both times."""
        known: dict[int, Any] = self.schemas if isinstance(record, Schema) else self.channels
        self._must(known.get(record.id, record) == record, f"another {type(record).__name__} {record.id} at {place}")
        self._must(record.id > 0 or isinstance(record, Channel), f"schema with the number 0 at {place}")
        if isinstance(record, Channel):
            known_schema = record.schema_id == 0 or record.schema_id in self.schemas
            self._must(known_schema, f"channel {record.topic} has the unknown schema {record.schema_id}")
            same = [c.topic for c in self.channels.values() if c.id != record.id]
            self._must(record.topic not in same, f"two channels are called {record.topic}")
        else:
            self._must(bool(record.encoding and record.data and record.name), f"schema {record.id} describes nothing")
        known[record.id] = record

    def _examine_summary(self) -> None:
        chunks = {place: record for place, record in self._starts.items() if isinstance(record, Chunk)}
        indexed = {r.chunk_start_offset: r for r in self._starts.values() if isinstance(r, ChunkIndex)}
        self._must(set(chunks) == set(indexed), f"chunks at {sorted(chunks)}, index of {sorted(indexed)}")
        for place in set(chunks) & set(indexed):
            self._examine_index(place, chunks[place], indexed[place])
        for record in self._starts.values():
            if isinstance(record, Statistics):
                self._examine_statistics(record, len(chunks))
            elif isinstance(record, Footer):
                self._examine_footer(record)
            elif isinstance(record, SummaryOffset):
                named = type(self._starts.get(record.group_start)).__name__
                wanted = Opcode(record.group_opcode).name.replace("_", "").lower()
                self._must(named.lower() == wanted, f"summary says {wanted} at {record.group_start}: there is {named}")
            elif isinstance(record, MetadataIndex):
                named = getattr(self._starts.get(record.offset), "name", None)
                self._must(named == record.name, f"metadata '{record.name}' is not at {record.offset}")

    def _examine_index(self, place: int, chunk: Chunk, index: ChunkIndex) -> None:
        for field in ("message_start_time", "message_end_time", "compression", "uncompressed_size"):
            then, now = getattr(chunk, field), getattr(index, field)
            self._must(then == now, f"chunk at {place}: {field} {then}, in the index {now}")
        end = place + index.chunk_length
        self._must(index.compressed_size == len(chunk.data), f"chunk at {place}: compressed size in the index")
        self._must(end == self._end_of(place), f"chunk at {place}: length in the index")
        stream, size = get_chunk_data_stream(chunk)
        inside, pointed = stream.read(size), 0
        for channel, offset in index.message_index_offsets.items():
            entries = self._starts.get(offset)
            if not isinstance(entries, MessageIndex) or entries.channel_id != channel:
                self.complaints.append(f"chunk at {place}: no index of channel {channel} at {offset}")
                continue
            self._must(end <= offset < end + index.message_index_length, f"index at {offset} is not of chunk {place}")
            for t_ns, at in entries.records:
                opcode, _, number, _, log_time = struct.unpack_from("<BQHIQ", inside, at)
                right = (opcode, number, log_time) == (Opcode.MESSAGE, channel, t_ns)
                self._must(right, f"chunk at {place}: the index points to {at}, where no such message is")
                pointed += 1
        held = sum(isinstance(record, Message) for record in breakup_chunk(chunk))
        self._must(held == pointed, f"chunk at {place} holds {held} messages, its index {pointed}")

    def _examine_statistics(self, said: Statistics, chunks: int) -> None:
        found = {
            "message_count": self._counts.total(),
            "schema_count": len(self.schemas),
            "channel_count": len(self.channels),
            "chunk_count": chunks,
            "message_start_time": self._first_ns,
            "message_end_time": self._last_ns,
            "channel_message_counts": dict(self._counts),
        }
        for field, value in found.items():
            self._must(
                getattr(said, field) == value, f"statistics say {field} {getattr(said, field)}, there are {value}"
            )

    def _examine_footer(self, footer: Footer) -> None:
        end = len(self._data) - MAGIC_SIZE - HEAD - FOOTER
        covered = self._data[footer.summary_start : end] + self._data[end : end + HEAD + 16]
        self._must(footer.summary_crc == zlib.crc32(covered), "the summary's checksum is wrong")
        self._must(
            isinstance(self._starts.get(footer.summary_start), Schema), "the summary does not begin where it says"
        )
        self._must(isinstance(self._starts.get(footer.summary_offset_start), SummaryOffset), "no summary offsets there")

    def _read_by_index(self, path: Path) -> None:
        """The seeking reader, which trusts the index, must find the messages that the streaming one found."""
        with path.open("rb") as file:
            reader = SeekingReader(file, validate_crcs=True)
            counts = Counter(channel.id for _, channel, _ in reader.iter_messages())
        self._must(counts == self._counts, "by its index the log holds other messages than from front to back")

    def _end_of(self, place: int) -> int:
        (length,) = struct.unpack_from("<Q", self._data, place + 1)
        return place + HEAD + int(length)
