"""Small nodes that use every feature of the runners: rates, triggers, latency, keep="all", images, restarts, failures.

Their outputs mix everything they see with their own random stream, so a message too many, too late or out of order
changes every hash that follows.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.node import Inbox, Message, Node, Outbox, Topic
from robot.runtime.commit import Commit

TICK_HZ = 120


class Frame(Message, frozen=True, kw_only=True):
    """An image and a number."""

    number: int
    data: NDArray[np.uint8]


class Value(Message, frozen=True, kw_only=True):
    """One number and how it came about."""

    value: float
    seen: tuple[int, ...] = ()


FRAMES = Topic("frames", Frame, 20)
SAMPLES = Topic("samples", Value, 60, keep="all")
SAMPLES_TWIN = Topic("samples/twin", Value, 60)  # its name begins with another topic's
FOUND = Topic("found", Value, 20, keep="all")
FOUND_ELSEWHERE = Topic("elsewhere/found", Value, 20, keep="all")
SAMPLES_ELSEWHERE = Topic("elsewhere/samples", Value, 60, keep="all")
PLAN = Topic("plan", Value, 10)
COMMAND = Topic("command", Value, 60)
RARE = Topic("rare", Value, 0, keep="all")


@dataclass(frozen=True)
class Fate:
    """What becomes of a node, and when."""

    at_step: int = -1
    ends_by: Literal["raise", "kill", "hang", "undeclared", "exit"] = "raise"


def meet(fate: Fate, step: int) -> None:
    """Let `fate` happen if `step` is its time."""
    if step != fate.at_step:
        return
    if fate.ends_by == "raise":
        raise ValueError("the lens fell off\nand rolled away")
    if fate.ends_by == "kill":
        print("last words before the signal", file=sys.stderr)
        os.kill(os.getpid(), signal.SIGKILL)
    if fate.ends_by == "hang":
        time.sleep(600)
    if fate.ends_by == "exit":
        os._exit(3)


class _Seeded(Node):
    def __init__(self, config: Fate, rng: Generator) -> None:
        self._fate = config
        self._rng = rng
        self._steps = 0

    def _count(self) -> None:
        meet(self._fate, self._steps)
        self._steps += 1

    def _mix(self, inbox: Inbox, *topics: Topic[Value]) -> Value:
        seen = tuple(s.envelope.seq for topic in topics for s in inbox.new(topic))
        total = sum(s.message.value for topic in topics for s in inbox.new(topic))
        newest = sum(m.value for topic in topics if (m := inbox.latest(topic)) is not None)
        return Value(value=float(self._rng.normal() + 0.3 * total + 0.2 * newest), seen=seen)


class World(_Seeded):
    """Speaks at every tick or two, and a large image at times; hears the command."""

    inputs = (COMMAND,)
    outputs = (FRAMES, SAMPLES, SAMPLES_TWIN, RARE)
    rate_hz = TICK_HZ

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        self._count()
        out = Outbox()
        value = self._mix(inbox, COMMAND)
        if self._steps % 2 == 0:
            out.put(SAMPLES, value).put(SAMPLES, Value(value=-value.value)).put(SAMPLES_TWIN, value)
        if self._steps % 6 == 1:
            out.put(FRAMES, Frame(number=self._steps, data=self._rng.integers(0, 255, (480, 640, 3), np.uint8)))
        if self._steps % 50 == 7:
            out.put(RARE, value, valid=self._steps % 100 == 7)
        return out


class Finder(_Seeded):
    """Runs when a frame comes, and is slow."""

    inputs = (FRAMES, SAMPLES)
    outputs = (FOUND,)
    trigger = FRAMES

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        self._count()
        frame = inbox.fresh(FRAMES)
        assert frame is not None
        mixed = self._mix(inbox, SAMPLES)
        return Outbox().put(FOUND, Value(value=mixed.value + float(frame.data.mean()), seen=mixed.seen))


class Planner(_Seeded):
    """Runs at a rate, and overlaps with others."""

    inputs = (FOUND, SAMPLES, RARE)
    outputs = (PLAN,)
    rate_hz = 10

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        self._count()
        out = Outbox().put(PLAN, self._mix(inbox, FOUND, SAMPLES, RARE))
        if self._fate.ends_by == "undeclared" and self._steps == self._fate.at_step:
            out.put(COMMAND, Value(value=1.0))
        return out


class Driver(_Seeded):
    """The last before the wheels; says how old the plan is."""

    inputs = (PLAN, SAMPLES_TWIN)
    outputs = (COMMAND,)
    rate_hz = 60

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        self._count()
        mixed = self._mix(inbox, PLAN, SAMPLES_TWIN)
        stopped = inbox.stale(PLAN)
        return Outbox().put(COMMAND, Value(value=0.0 if stopped else mixed.value, seen=mixed.seen))


class Rarely(_Seeded):
    """Reads much, runs almost never."""

    inputs = (FRAMES, RARE, SAMPLES_TWIN)
    outputs = ()
    trigger = RARE

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        self._count()
        return Outbox()


class HashTap:
    """Hashes everything it is shown, in order."""

    def __init__(self, fails_at: int = -1) -> None:
        from hashlib import sha256

        self._hash = sha256()
        self._fails_at = fails_at
        self.count = 0

    def on_commit(self, commit: Commit) -> None:
        if self.count == self._fails_at:
            raise OSError("no space left on device")
        self.count += 1
        self._hash.update(commit.envelope_bytes)
        for frame in commit.frames:
            self._hash.update(frame)

    def close(self) -> tuple[int, str]:
        return self.count, self._hash.hexdigest()


class FullDisk(HashTap):
    """A tap whose disk is full after a while."""

    def __init__(self) -> None:
        super().__init__(fails_at=100)


class Unbuildable(_Seeded):
    """Its model is missing."""

    rate_hz = 10

    def __init__(self, config: Fate, rng: Generator) -> None:
        raise FileNotFoundError("no model at model.onnx")

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        return Outbox()


class Compiler(_Seeded):
    """Compiles for six seconds in the middle of a run."""

    outputs = (RARE,)
    rate_hz = 60

    def __init__(self, config: Fate, rng: Generator) -> None:
        super().__init__(config, rng)
        from numba.core import event

        self._compiling = event.trigger_event

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        if self._steps == 20:
            with self._compiling("numba:compile"):
                time.sleep(6.0)
        self._count()
        return Outbox().put(RARE, Value(value=float(self._steps)))


class Alone(_Seeded):
    """Reads nothing."""

    outputs = (RARE,)
    rate_hz = 60

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        self._count()
        return Outbox().put(RARE, Value(value=float(self._steps)))
