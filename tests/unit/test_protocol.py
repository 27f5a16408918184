"""The protocol: framing survives any bytes, the codec is what the description says, the version is its meaning."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.protocol.codec import Codec, CodecError, Value
from firmware_bridge.protocol.description import Field, load, parse
from firmware_bridge.protocol.document import PAGE, filled
from firmware_bridge.protocol.framing import MAX_BODY, FrameReader, cobs_decode, cobs_encode, crc16, frame
from firmware_bridge.protocol.header import header

bodies = st.binary(min_size=1, max_size=MAX_BODY - 2)
RANGES = {"u8": (0, 255), "i8": (-128, 127), "u16": (0, 65_535), "i16": (-32_768, 32_767), "u32": (0, 2**32 - 1)}


def test_crc_is_ccitt_false() -> None:
    assert crc16(b"123456789") == 0x29B1  # the catalogue's check value


@given(st.binary(max_size=MAX_BODY))
def test_cobs_has_no_zeros_and_comes_back(data: bytes) -> None:
    encoded = cobs_encode(data)
    assert 0 not in encoded
    assert len(encoded) == len(data) + 1
    assert cobs_decode(encoded) == data


@given(bodies, st.binary(max_size=200), st.integers(1, 7))
def test_a_frame_is_read_after_any_garbage_in_any_pieces(body: bytes, garbage: bytes, size: int) -> None:
    reader, data = FrameReader(), garbage + frame(body)
    found = [b for at in range(0, len(data), size) for b in reader.feed(data[at : at + size])]
    assert found[-1] == body
    assert reader.counts.good == len(found)


@given(bodies, st.data())
def test_a_frame_with_one_or_two_wrong_bits_is_dropped_and_counted(body: bytes, data: st.DataObject) -> None:
    good = frame(body)
    bits = data.draw(st.sets(st.integers(8, 8 * (len(good) - 1) - 1), min_size=1, max_size=2))
    bad = bytearray(good)
    for bit in bits:
        bad[bit // 8] ^= 1 << bit % 8
    reader = FrameReader()
    found = reader.feed(bytes(bad))
    # A flip can make a delimiter, which cuts the frame into pieces: each is dropped for itself.
    assert found == []
    assert reader.counts.bad >= 1


def test_an_endless_frame_is_dropped_once_and_keeps_no_memory() -> None:
    reader = FrameReader()
    for _ in range(1000):
        assert reader.feed(b"\x55" * 1000) == []
    assert len(reader._open) < 100
    assert reader.feed(b"\x00") == []
    assert reader.counts.bad == 1
    assert reader.feed(frame(b"hello")) == [b"hello"]


@given(st.sampled_from(sorted(load().messages)), st.integers(0, 65_535), st.data())
def test_every_message_comes_back_as_it_went(name: str, seq: int, data: st.DataObject) -> None:
    fields = {field.name: data.draw(_value(field)) for field in load().messages[name].fields}
    codec = Codec()
    (body,) = FrameReader().feed(codec.encode(name, seq, **fields))
    packet = codec.decode(body)
    assert packet is not None
    assert (packet.name, packet.seq, dict(packet.fields)) == (name, seq, fields)
    assert codec.decode(body + b"\x00") is None  # a message of another length is none


def _value(field: Field) -> st.SearchStrategy[Value]:
    one = st.integers(*RANGES[field.type])
    return one if field.count == 1 else st.tuples(*[one] * field.count)


@pytest.mark.parametrize(
    "fields",
    [{}, {"on": 1, "off": 2}, {"on": 256}, {"on": -1}, {"on": (1,) * 2}, {"on": 1.5}],
)
def test_a_message_that_the_description_does_not_allow_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(CodecError, match="Enable"):
        Codec().encode("Enable", 0, **fields)


def _text() -> str:
    from importlib.resources import files

    return files("firmware_bridge.protocol").joinpath("protocol.yaml").read_text("utf-8")


def test_the_version_is_the_meaning_not_the_words() -> None:
    text = _text()
    version = parse(text).version
    assert version == load().version
    assert parse(text.replace("doc: from 0", "doc: counted from zero")).version == version
    assert parse("# a comment\n" + text).version == version
    assert parse(text.replace("{name: supply_mv, type: u16", "{name: supply_mv, type: i16")).version != version
    assert parse(text.replace("    clamped: 1 ", "    clamped: 91 ")).version != version
    assert parse(text.replace("crc_initial: 0xFFFF", "crc_initial: 0")).version != version


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("    id: 0x10\n", "    id: 0x11\n", "used twice: message id"),
        ("    clamped: 1 ", "    clamped: 0 ", "used twice: enum status"),
        ("max_body: 64", "max_body: 30", "longer than max_body"),
    ],
)
def test_a_description_that_contradicts_itself_is_refused(old: str, new: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        parse(_text().replace(old, new))


def test_a_key_that_nobody_reads_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `bauds`"):
        parse(_text().replace("  baud: 250000", "  bauds: 250000"))


def test_the_header_says_what_the_description_says() -> None:
    text = header(load())
    assert f"#define PROTOCOL_VERSION 0x{load().version:08X}UL" in text
    for name, kind in load().messages.items():
        assert f"0x{kind.id:02X}" in text, name
    assert "#define STATUS_TOO_FAR 8" in text
    assert "#define FAULT_STUCK (1U << 2)" in text
    assert "  int16_t position[4];\n} setpoint_t;" in text
    assert '_Static_assert(sizeof(telemetry_t) == 44, "packed telemetry");' in text


def test_the_page_for_strangers_is_up_to_date() -> None:
    """`python -m firmware_bridge.protocol.document` makes it so."""
    page = PAGE.read_text("utf-8")
    assert filled(page, load()) == page
    assert all(f"### {name} (`0x{kind.id:02x}`" in page for name, kind in load().messages.items())


def test_the_examples_on_the_page_are_true() -> None:
    assert cobs_encode(bytes.fromhex("11220033")) == bytes.fromhex("0311220233")
