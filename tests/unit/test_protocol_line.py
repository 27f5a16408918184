"""The line: transports that record, play and harm bytes, and the clock that is read through it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.link.clock import NS_PER_US, US_WRAP, BoardClock
from firmware_bridge.transports.faulty import FaultyTransport, LineFaults
from firmware_bridge.transports.file import FileTransport, RecordingTransport
from firmware_bridge.transports.transport import TransportLost
from robot.rng import spawn

MS = 1_000_000


class Loop:
    """What is written can be read."""

    def __init__(self) -> None:
        self.data = b""

    def read(self) -> bytes:
        data, self.data = self.data, b""
        return data

    def write(self, data: bytes) -> None:
        self.data += data

    def close(self) -> None:
        pass


def test_a_recorded_line_plays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "line.jsonl"
    line = RecordingTransport(Loop(), path)
    for data in (b"one", b"two\x00"):
        line.write(data)
        assert line.read() == data
    line.close()
    played = FileTransport(path)
    assert played.expected == b"onetwo\x00"
    assert [played.read(), played.read()] == [b"one", b"two\x00"]
    with pytest.raises(TransportLost, match="at its end"):
        played.read()


@pytest.mark.parametrize("line", ["in 00", '["in", "0g"]', '["up", "00"]', "3"])
def test_what_is_no_recording_is_refused_by_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "line.jsonl"
    path.write_text('["in", "00"]\n' + line + "\n")
    with pytest.raises(ValueError, match=r"line\.jsonl:2: "):
        FileTransport(path)


@pytest.mark.parametrize("fault", ["drop", "corrupt", "repeat", "reorder"])
def test_a_bad_line_harms_as_often_as_it_says(fault: str) -> None:
    count = 20_000
    sent = bytes(n % 251 for n in range(count))
    line = FaultyTransport(Loop(), LineFaults(**{fault: 0.01}), spawn(0, fault))
    line.write(sent)
    line.faults = LineFaults()
    got = line.read()
    assert 140 < line.harmed < 260
    assert len(got) == count + {"drop": -line.harmed, "repeat": line.harmed}.get(fault, 0)
    if fault in ("corrupt", "reorder"):
        changed = sum(a != b for a, b in zip(sent, got, strict=True))
        assert 0.9 * line.harmed < changed < 2.1 * line.harmed
        assert fault == "corrupt" or sorted(sent) == sorted(got)


def test_a_slow_line_delays_and_loses_nothing() -> None:
    line = FaultyTransport(Loop(), LineFaults(delay_reads=3), spawn(0, "slow"))
    got = []
    for n in range(20):
        line.write(bytes((n,)))
        got.append(line.read())
    assert b"".join(got) == bytes(range(13))  # three reads late on each way, and the one that hands over
    line.faults = LineFaults()
    line.write(b"\xff")
    assert (line.read() + line.read()) == bytes(range(13, 20)) + b"\xff"


@given(
    st.floats(-4e-3, 4e-3),
    st.integers(0, US_WRAP - 1),
    st.integers(0, 10**12),
    st.integers(1, 20),
)
def test_the_clock_finds_offset_and_drift_through_jitter(
    drift: float, start_us: int, host0: int, jitter_ms: int
) -> None:
    """Every fourth answer is fast (1 ms, symmetric); the others are late by up to 20 ms on the way back."""
    clock, rng = BoardClock(), spawn(start_us, "jitter")

    def board_us(host_ns: int) -> int:
        return (start_us + round((host_ns - host0) * (1 + drift) / NS_PER_US)) % US_WRAP

    for n in range(400):
        sent = host0 + n * 10 * MS
        late = 0 if n % 4 == 0 else int(rng.integers(0, jitter_ms * MS))
        clock.add(sent, sent + MS + late, board_us(sent + MS // 2))
    later = host0 + 4_100 * MS
    wrong = (clock.board_us(later) - board_us(later) + US_WRAP // 2) % US_WRAP - US_WRAP // 2
    assert abs(wrong) < 200  # us; the fast answers alone would allow 500
    assert abs(clock.drift - drift) < 1e-4
    assert abs(clock.host_ns(board_us(later)) - later) < 200 * NS_PER_US


def test_an_unknown_clock_says_so() -> None:
    with pytest.raises(ValueError, match="not known"):
        BoardClock().board_us(0)
    assert BoardClock().error_ns == float("inf")
