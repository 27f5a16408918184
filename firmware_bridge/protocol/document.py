"""The tables of docs/protocol.md, made from the description; `python -m firmware_bridge.protocol.document` does it.

Between a pair of marks the page holds what is made here; a test fails where it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from firmware_bridge.protocol.description import Protocol, load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"


def filled(page: str, protocol: Protocol) -> str:
    """Return `page` with every marked part made anew. Raises KeyError for a mark that nobody fills."""
    parts = {
        "messages": "\n".join(_messages(protocol)),
        "numbers": "\n".join(_numbers(protocol)),
        "unknown": ", ".join(f"`{value}` for a {name}" for name, value in protocol.unknown.items()),
        "version": f"`{protocol.version:08x}`",
    }
    return re.sub(
        r"<!-- (\w+) -->(.*?)<!-- end -->",
        lambda mark: f"<!-- {mark[1]} -->{parts[mark[1]]}<!-- end -->",
        page,
        flags=re.DOTALL,
    )


def _messages(protocol: Protocol) -> Iterator[str]:
    for name, kind in protocol.messages.items():
        yield f"\n### {name} (`0x{kind.id:02x}`, from the {kind.sender}, {kind.layout().size} bytes)\n"
        yield f"{kind.doc}\n"
        if kind.fields:
            yield "| field | type | |\n|---|---|---|"
            for field in kind.fields:
                count = f" × {field.count}" if field.count > 1 else ""
                yield f"| {field.name} | {field.type}{count} | {field.doc} |"


def _numbers(protocol: Protocol) -> Iterator[str]:
    for enum, values in protocol.enums.items():
        yield f"\n- `{enum}`: " + ", ".join(f"{number} {name}" for name, number in values.items())
    for bits, places in protocol.bits.items():
        yield f"\n- bits of `{bits}`: " + ", ".join(f"{place} {name}" for name, place in places.items())


def main() -> None:
    """Rewrite the page."""
    PAGE.write_text(filled(PAGE.read_text("utf-8"), load()), "utf-8")


if __name__ == "__main__":
    main()
