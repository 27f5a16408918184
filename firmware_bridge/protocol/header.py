"""Writes the firmware's `protocol.h` from the description: `python -m firmware_bridge.protocol.header FILE`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from firmware_bridge.protocol.description import WIRE, Field, Protocol, layout, load

C_TYPES = {wire: f"{'u' if wire[0] == 'u' else ''}int{wire[1:]}_t" for wire in WIRE}


def header(protocol: Protocol) -> str:
    """Return the C header of `protocol`. The target must be little-endian, as AVR and every host of ours is."""
    return "\n".join(_lines(protocol)) + "\n"


def _lines(protocol: Protocol) -> Iterator[str]:
    framing = protocol.framing
    yield "/* Generated from protocol.yaml by firmware_bridge.protocol.header; never edited by hand. */"
    yield "#pragma once"
    yield "#include <stdint.h>"
    yield f"#define PROTOCOL_VERSION 0x{protocol.version:08X}UL"
    yield f"#define BAUD {framing.baud}UL"
    yield f"#define MAX_BODY {framing.max_body}"
    yield f"#define HEADER_SIZE {layout(framing.header).size}"
    yield f"#define CRC_POLYNOMIAL 0x{framing.crc_polynomial:04X}"
    yield f"#define CRC_INITIAL 0x{framing.crc_initial:04X}"
    yield f"#define JOINTS {protocol.joints}"
    yield from (f"#define UNKNOWN_{name.upper()} ({value})" for name, value in protocol.unknown.items())
    for enum, values in protocol.enums.items():
        yield from (f"#define {enum.upper()}_{name.upper()} {value}" for name, value in values.items())
    for bits, places in protocol.bits.items():
        yield from (f"#define {bits.upper()}_{name.upper()} (1U << {bit})" for name, bit in places.items())
    yield from _struct("header", framing.header)
    for name, kind in protocol.messages.items():
        yield f"#define TYPE_{_snake(name).upper()} 0x{kind.id:02X}"
        if kind.fields:
            yield from _struct(_snake(name), kind.fields)


def _struct(name: str, fields: tuple[Field, ...]) -> Iterator[str]:
    yield "typedef struct __attribute__((packed)) {"
    for field in fields:
        yield f"  {C_TYPES[field.type]} {field.name}{f'[{field.count}]' if field.count > 1 else ''};"
    yield f"}} {name}_t;"
    yield f'_Static_assert(sizeof({name}_t) == {layout(fields).size}, "packed {name}");'


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def main() -> None:
    """Write the header, only when it changed, so that make rebuilds nothing in vain."""
    target, text = Path(sys.argv[1]), header(load())
    if not target.exists() or target.read_text("utf-8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
