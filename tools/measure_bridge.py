"""Throughput and round trip of the servo bridge: `python -m tools.measure_bridge [--seconds 60] [--wall]`.

100 Hz of setpoints and telemetry through the firmware on an emulated Uno, beside the same bytes through an image that
only sends back what it gets. Without --wall time is the board's own (what the line and the firmware cost, the same on
every machine); with it the board runs in another process behind a pseudo-terminal, by the wall clock.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.emulator.board import EmulatedBoard
from firmware_bridge.emulator.rig import ServoRig
from firmware_bridge.protocol.codec import Codec
from firmware_bridge.protocol.description import load
from firmware_bridge.transports.emulated import EmulatedTransport
from firmware_bridge.transports.serial_port import SerialTransport
from firmware_bridge.transports.transport import Transport

PERIOD_NS = 10_000_000
TICK_NS = 1_000_000
CONNECT_NS = 3_000_000_000
AMPLITUDE = 0.2  # rad
TURNS_PER_S = 0.8


@dataclass
class World:
    """A line, and what makes time pass."""

    opener: Callable[[], Transport]
    now_ns: Callable[[], int]
    wait_ns: Callable[[int], None]
    close: Callable[[], None]


@dataclass
class Result:
    """What one run through the firmware gave."""

    sent: int = 0
    missed: int = 0  # frames that the board numbered and that never came
    telemetry: int = 0
    late: list[float] = field(default_factory=list)  # ms between readings, where more than a period and a half
    round_trips: list[float] = field(default_factory=list)  # ms


def emulated(image: str | None) -> World:
    """Return a board whose time passes as it is waited for."""
    board = EmulatedBoard("uno", image)
    rig = ServoRig(board)

    def wait(duration_ns: int) -> None:
        rig.advance(duration_ns)
        rig.forget()

    return World(lambda: EmulatedTransport(board), lambda: rig.now_ns, wait, board.close)


def behind_a_port(image: str | None) -> World:
    """Return a board in a process of its own, behind a pseudo-terminal."""
    command = [sys.executable, "-m", "firmware_bridge.emulator.pty", "uno", *([image] if image else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    path = process.stdout.readline().strip()

    def close() -> None:
        process.terminate()
        process.wait()

    baud = load().framing.baud
    return World(lambda: SerialTransport(path, baud), time.monotonic_ns, lambda ns: time.sleep(ns / 1e9), close)


def through_firmware(world: World, seconds: float) -> Result:
    """Drive a nod at 100 Hz; every millisecond look for what came."""
    device, result = BoardDevice(world.opener), Result()
    start = due = world.now_ns()
    begin, end = start + CONNECT_NS, start + CONNECT_NS + round(seconds * 1e9)
    heard_ns, answered, enabled, dither = begin, 0, False, 0
    while (now := world.now_ns()) < end:
        readings, counts = device.poll(now), device.link.counts
        if now >= begin:
            if readings:
                result.telemetry += len(readings)
                if now - heard_ns > 1.5 * PERIOD_NS:
                    result.late.append((now - heard_ns) / 1e6)
                heard_ns = now
            if counts.answered > answered and device.link.round_trip_ns is not None:
                result.round_trips.append(device.link.round_trip_ns / 1e6)
        answered = counts.answered
        if not enabled and device.link.state == "ready":
            device.enable(True)
            enabled = True
        if now >= due + dither * TICK_NS:  # at any phase of the board's own 10 ms
            due += PERIOD_NS
            dither = (dither + 7) % 10
            angle = AMPLITUDE * math.sin(2 * math.pi * TURNS_PER_S * (now - start) / 1e9)
            result.sent += device.aim(now, (angle,) * 4) and now >= begin
        world.wait_ns(TICK_NS)
    health, counts = device.health(), device.link.counts
    result.missed = counts.missed
    print(f"  state at the end: {health.state}; {counts}")
    device.close()
    return result


def through_echo(world: World, count: int) -> list[float]:
    """Send frames as long as a setpoint's, one at a time; return the round trips in ms."""
    line, trips = world.opener(), []
    data = Codec().encode("Setpoint", 1, apply_us=1, position=(1, 2, 3, 4))
    for _ in range(50):
        world.wait_ns(TICK_NS)
    line.read()
    for _ in range(count):
        sent, got = world.now_ns(), b""
        line.write(data)
        while len(got) < len(data) and world.now_ns() - sent < 1e9:
            world.wait_ns(TICK_NS)
            got += line.read()
        trips.append((world.now_ns() - sent) / 1e6)
        world.wait_ns(TICK_NS)
    return trips


def told(name: str, trips: list[float]) -> str:
    """Return a line with the percentiles."""
    p50, p99 = np.percentile(trips, [50, 99])
    return f"{name:<10} round trip p50 {p50:6.2f} ms, p99 {p99:6.2f} ms ({len(trips)} answers, looked for every ms)"


def main() -> int:
    """Measure; exit 1 where a telemetry was lost. A gap without a loss is a process that waited for a processor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--wall", action="store_true")
    options = parser.parse_args()
    make = behind_a_port if options.wall else emulated
    world = make(None)
    result = through_firmware(world, options.seconds)
    world.close()
    world = make("echo.hex")
    echo = through_echo(world, 1000)
    world.close()
    print(
        f"setpoints sent {result.sent}, telemetry received {result.telemetry}, lost {result.missed}, "
        f"in {options.seconds:g} s"
    )
    late = ", ".join(f"{ms:.0f}" for ms in result.late[:20])
    print(f"gaps between telemetry above 15 ms: {len(result.late)}{f' ({late} ms)' if late else ''}")
    print(told("firmware", result.round_trips))
    print(told("bare echo", echo))
    return 1 if result.missed else 0


if __name__ == "__main__":
    sys.exit(main())
