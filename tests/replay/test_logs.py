"""A log of every profile: sound in every record, with the channels and schemas it promises, readable however cut."""

from __future__ import annotations

import json
import struct
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from foxglove import messages as foxglove_messages
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from log_doctor import Doctor
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.reader import make_reader
from mcap.records import Schema
from profile_runs import RUNS, Logs

from launch.execute import prepare
from robot.recording.fixed_views import HOME, ROBOT, TRANSFORMS
from robot.recording.native import ENCODING
from robot.recording.reader import LogReader
from robot.recording.view_table import VIEWS

EVERY = pytest.mark.parametrize(("name", "log"), [(name, name) for name in sorted(RUNS)], indirect=["log"], ids=str)
FIXED = {HOME, ROBOT, TRANSFORMS}


@EVERY
def test_a_doctor_finds_nothing(name: str, log: Path) -> None:
    doctor = Doctor(log)
    assert doctor.complaints == []
    assert len(doctor.channels) > 5


@EVERY
def test_its_channels_and_schemas_are_those_promised(name: str, log: Path) -> None:
    """As the public packages read them; what is drawn for eyes is decoded by the schema in the file itself."""
    read, kinds = decoded(log)
    native = {channel for channel, encoding in kinds.items() if encoding == ENCODING}
    graph = prepare(RUNS[name].spec)
    logged = {topic.name for topic in graph.topics() if topic.log}
    regular = {topic.name for topic in graph.topics() if topic.log and topic.rate_hz > 0}
    assert native <= logged
    silent = regular - native  # nobody is there to be said to, or nothing to say of
    assert silent <= {"people/lock", "nav/path", "nav/goal", "joints/states", "joints/setpoints", "wheels/asked"}, (
        silent
    )
    views = set(kinds) - native
    assert views - FIXED <= {view.channel for view in VIEWS if view.source.name in native}
    missing = set(RUNS[name].views) - views
    assert not missing
    assert all(read[channel] for channel in views)


def decoded(log: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Return how many messages each channel for eyes has, every one of them decoded, and each channel's encoding."""
    counts: dict[str, int] = {}
    kinds: dict[str, str] = {}
    types: dict[int, type] = {}
    with log.open("rb") as file:
        for schema, channel, message in make_reader(file, validate_crcs=True).iter_messages():
            kinds[channel.topic] = channel.message_encoding
            if channel.message_encoding == "json":
                assert schema is not None
                assert set(json.loads(message.data)) <= set(fields_of(schema))
            elif channel.message_encoding == "protobuf":
                assert schema is not None
                if schema.id not in types:
                    types[schema.id] = message_type(schema)
                types[schema.id].FromString(message.data)  # type: ignore[attr-defined]  # made at run time
            counts[channel.topic] = counts.get(channel.topic, 0) + 1
    return counts, kinds


def fields_of(schema: Schema) -> list[str]:
    """Return the fields that a JSON schema describes."""
    described = json.loads(schema.data)
    return list(described["$defs"][schema.name]["properties"])


def message_type(schema: Schema) -> type:
    """Return the type that a protobuf schema describes; it must be the one of Foxglove's own package."""
    name = schema.name.removeprefix("foxglove.")
    assert schema.data == getattr(foxglove_messages, name).get_schema().data
    described = descriptor_pb2.FileDescriptorSet.FromString(schema.data)
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    made: type = message_factory.GetMessageClass(pool.FindMessageTypeByName(schema.name))
    return made


@EVERY
def test_cut_at_any_byte_it_gives_all_whole_chunks(name: str, log: Path, tmp_path: Path) -> None:
    data = log.read_bytes()
    ends = chunk_ends(data)
    everything = list(LogReader(log).parts())
    path = tmp_path / "cut.mcap"
    kept = []
    middles = [(begin + end) // 2 for begin, end in pairwise(ends)]
    for cut in sorted({*ends, *(end - 1 for end in ends), *(end + 1 for end in ends), *middles}):
        path.write_bytes(data[:cut])
        reader = LogReader(path)
        got = list(reader.parts())
        assert got == everything[: len(got)]
        assert reader.damage is not None
        kept.append((cut, len(got)))
    # Each whole chunk counts from its last byte on, and not one byte earlier.
    for end in ends:
        before, at = (next(count for cut, count in kept if cut == c) for c in (end - 1, end))
        assert at > before
    assert kept[-1][1] == len(everything)


def test_the_doctor_would_notice_any_byte(logs: Logs, tmp_path: Path) -> None:
    """The smallest log with one bit changed, at places all over it."""
    data = logs("hw_rover").read_bytes()
    path = tmp_path / "ill.mcap"
    for place in range(0, len(data), len(data) // 97):
        ill = bytearray(data)
        ill[place] ^= 0x04
        path.write_bytes(ill)
        try:
            found = Doctor(path).complaints
        except (McapError, ValueError, struct.error, zstandard.ZstdError, OverflowError, MemoryError) as error:
            found = [str(error)]
        assert found, f"nothing was noticed of byte {place}"


def chunk_ends(data: bytes) -> list[int]:
    """Return where each chunk with commits in it ends, by the lengths that stand in the file."""
    ends, at = [], 8
    while at < len(data) - 8:
        length = int.from_bytes(data[at + 1 : at + 9], "little")
        if data[at] == Opcode.CHUNK:
            ends.append(at + 9 + length)
        at += 9 + length
    return ends
