"""A client as a stranger would write it from docs/protocol.md, with nothing of ours but the emulated board."""

from __future__ import annotations

import binascii
import struct
from pathlib import Path

from firmware_bridge.emulator.board import EmulatedBoard
from firmware_bridge.emulator.rig import ServoRig

HELLO, ENABLE, SETPOINT, WELCOME, ACK, TELEMETRY = 0x01, 0x10, 0x20, 0x81, 0x82, 0x90


def framed(kind: int, seq: int, payload: bytes) -> bytes:
    body = struct.pack("<BH", kind, seq) + payload
    body += struct.pack("<H", binascii.crc_hqx(body, 0xFFFF))
    stuffed = b"".join(bytes((len(piece) + 1,)) + piece for piece in body.split(b"\0"))
    return b"\0" + stuffed + b"\0"


def unframed(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    for piece in data.split(b"\0"):
        body, at = b"", 0
        while at < len(piece):
            body += piece[at + 1 : at + piece[at]] + b"\0"
            at += piece[at]
        body = body[:-1]
        if len(body) > 4 and binascii.crc_hqx(body[:-2], 0xFFFF) == struct.unpack("<H", body[-2:])[0]:
            found.append((body[0], body[3:-2]))
    return found


def test_a_client_written_from_the_page_moves_the_servos(firmware_build: Path) -> None:
    board = EmulatedBoard("uno", folder=firmware_build)
    rig = ServoRig(board)
    rig.advance(100_000_000)
    board.write(framed(HELLO, 1, struct.pack("<IH", 0, 42)))  # a wrong version, to learn the right one
    rig.advance(20_000_000)
    (welcome,) = [payload for kind, payload in unframed(board.read()) if kind == WELCOME]
    version, session, kind, joints = struct.unpack("<IHBB", welcome)
    assert (session, kind, joints) == (42, 1, 4)
    board.write(framed(HELLO, 2, struct.pack("<IH", version, 43)) + framed(ENABLE, 3, b"\x01"))
    rig.advance(20_000_000)
    said = dict(unframed(board.read()))
    answers, status, device_us = struct.unpack("<HBI", said[ACK])
    assert (answers, status) == (3, 0)
    for n in range(250):
        device_us += 10_000 if n else 20_000
        board.write(framed(SETPOINT, 4 + n, struct.pack("<I4h", device_us, 3000, 2000, -2000, 1000)))
        rig.advance(10_000_000)
    telemetry = [payload for kind, payload in unframed(board.read()) if kind == TELEMETRY][-1]
    _, state, faults, _, *joints_told = struct.unpack("<IBHB4h4h4bHH6H", telemetry)
    assert (state, faults) == (2, 0)
    assert joints_told[:4] == [3000, 2000, -2000, 1000]
    assert [round(servo.position, 2) for servo in rig.servos] == [0.3, 0.2, -0.2, 0.1]
    board.close()
