"""The worker processes of a run and the channel to them: who is asked, who answers, and how the end of one is seen.

Each member has at most one open question. Waiting for an answer always ends: with the answer, with the member's last
words, with how its process ended, or after its time limit, when it is killed.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import zmq

from robot.bus.control import (
    Compiling,
    Failed,
    Followed,
    Heard,
    Order,
    Probe,
    Report,
    Steps,
    Stop,
    decode_report,
    encode,
)
from robot.bus.interrupt import HeldInterrupt
from robot.bus.process import Assignment, LineSink, WorkerProcess
from robot.bus.worker import Link

POLL_MS = 50  # between two looks at whether processes still live
CLOSE_S = 5.0  # for a node to end by itself
PATIENT_S = 60.0  # for a tap to finish its work
PROBE_PAUSE_S = 0.002
COMPILING_S = 120.0  # for a kernel, on a machine that has much else to do

Job = Callable[[Link], None]


@dataclass
class Member:
    """One worker process, through its incarnations."""

    name: str
    process: WorkerProcess
    incarnation: int
    alive: bool = True
    present: bool = False
    """Has begun to take part: others must hear it."""
    heard: Mapping[str, int] = field(default_factory=dict)
    deadline: float = float("inf")
    """Wall time (monotonic) by which it must answer."""
    limit_s: float = 0.0

    @property
    def identity(self) -> bytes:
        return f"{self.name}#{self.incarnation}".encode()


class Crew:
    """Starts workers, talks to them and buries them."""

    def __init__(self, context: zmq.Context[Any], control: str, on_line: LineSink) -> None:
        self._control = control
        self._on_line = on_line
        self.interrupt = HeldInterrupt()
        """Ctrl-C while there is talk with members; hold it around every use."""
        self._socket = context.socket(zmq.ROUTER)
        self._socket.setsockopt(zmq.SNDHWM, 0)
        self._socket.setsockopt(zmq.RCVHWM, 0)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RCVTIMEO, POLL_MS)
        self._socket.bind(control)
        self._answers: dict[str, Report] = {}
        self.members: dict[str, Member] = {}
        self.followed: dict[str, int] = {}
        """Taps: the last batch each has seen."""
        self.steps: dict[str, list[int]] = {}
        """live: wall times of steps, not looked at yet."""

    def start(self, name: str, job: Job, limit_s: float) -> None:
        """Start a worker, or its next incarnation. Its first answer is Hello."""
        incarnation = self.members[name].incarnation + 1 if name in self.members else 0
        identity = f"{name}#{incarnation}".encode()
        self._answers.pop(name, None)
        process = WorkerProcess(Assignment(name, identity, self._control, pickle.dumps(job)), self._on_line)
        self.members[name] = Member(name, process, incarnation)
        self._expect(self.members[name], limit_s)

    def send(self, name: str, order: Order, limit_s: float | None = None) -> None:
        """Give an order; with `limit_s` an answer is expected within that wall time."""
        member = self.members[name]
        self._socket.send(member.identity, zmq.SNDMORE)
        self._socket.send(encode(order))
        if limit_s is not None:
            self._expect(member, limit_s)

    def wait(self, names: Collection[str]) -> dict[str, Any]:
        """Return the answer of each of `names`: a Report, and Failed for those that gave none."""
        while not all(name in self._answers for name in names):
            if not self.listen():
                self.interrupt.check()
                self.look_after(names)
        return {name: self._answers.pop(name) for name in names}

    def listen(self) -> bool:
        """Take in one report; return False when none came within POLL_MS."""
        try:
            identity = self._socket.recv()
        except zmq.Again:
            return False
        report = decode_report(self._socket.recv())
        name, _, incarnation = identity.decode().rpartition("#")
        member = self.members[name]
        if int(incarnation) == member.incarnation and member.alive:
            self._note(member, report)
        return True

    def look_after(self, names: Iterable[str]) -> None:
        """Answer for those of `names` that died, and kill those that are over their time."""
        now = time.monotonic()
        for name in names:
            member = self.members[name]
            if not member.alive or name in self._answers:
                self._answers.setdefault(name, Failed("is gone", ""))
                continue
            ended = member.process.end()
            if ended is None and now > member.deadline:
                member.process.kill()
                ended = f"gave no answer for {member.limit_s:g} s"
            if ended is not None:
                self._note(member, Failed(ended, member.process.tail()))

    def say(self, name: str, line: str) -> None:
        """Say a line about a member where its own lines are said."""
        self._on_line(name, line)

    def allow(self, name: str, limit_s: float) -> None:
        """Let `name` be silent for at most `limit_s` from now on (live)."""
        self._expect(self.members[name], limit_s)

    def answer(self, name: str) -> Report | None:
        """Return the answer of `name` if it is there, without waiting."""
        return self._answers.pop(name, None)

    def acquaint(
        self,
        inputs: Mapping[str, Mapping[str, str]],
        committed: Mapping[str, list[int]],
        limit_s: float,
        also: Callable[[], bool],
    ) -> None:
        """Let members probe until each hears every living writer of its inputs.

        A member that fails meanwhile gives that as its next answer.

        Args:
            inputs: per member that takes part from now on, the writer's name of each of its inputs.
            committed: per member, how many messages of each of its outputs are committed.
            also: asked after each round; False = somebody else (the coordinator) does not hear everybody yet.

        Raises:
            TimeoutError: it took longer than `limit_s`.
        """
        deadline = time.monotonic() + limit_s
        for name in inputs:
            self.members[name].present = True
        while True:
            present = [name for name in inputs if self.members[name].alive]
            for name in present:
                self.send(name, Probe(committed.get(name, [])), limit_s)
            for name, answer in self.wait(present).items():
                if isinstance(answer, Heard):
                    self.members[name].heard = answer.incarnations
                else:
                    self._answers[name] = answer
            if also() and all(self._hears_all(name, inputs[name]) for name in present):
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"nodes do not hear each other after {limit_s:g} s")
            time.sleep(PROBE_PAUSE_S)

    def pids(self) -> dict[str, int]:
        """Return the process id of every living member."""
        return {name: member.process.pid for name, member in self.members.items() if member.alive}

    def incarnation(self, name: str) -> int | None:
        """Return the incarnation of `name`, None if it takes no part."""
        member = self.members[name]
        return member.incarnation if member.alive and member.present else None

    def close(self, patient: Collection[str]) -> dict[str, Report]:
        """Tell everybody to stop; return what they answered. Those that do not end in time are killed.

        Args:
            patient: members with work to finish, which get PATIENT_S.
        """
        living = {member.name: member for member in self.members.values() if member.alive}
        for name in living:
            self.send(name, Stop())
        started = time.monotonic()
        waiting = set(living)
        while waiting:
            self.listen()
            elapsed = time.monotonic() - started
            for name in list(waiting):
                limit_s = PATIENT_S if name in patient else CLOSE_S
                if living[name].process.end() is not None or elapsed > limit_s:
                    waiting.discard(name)
        while self.listen():
            pass
        for member in self.members.values():
            if not member.process.reap(0.1):
                member.process.kill()
        self._socket.close()
        return self._answers

    def _hears_all(self, reader: str, writers: Mapping[str, str]) -> bool:
        heard = self.members[reader].heard
        if not self.members[reader].alive:
            return True
        for topic, writer in writers.items():
            incarnation = self.incarnation(writer)
            if incarnation is not None and heard.get(topic) != incarnation:
                return False
        return True

    def _expect(self, member: Member, limit_s: float) -> None:
        member.limit_s = limit_s
        member.deadline = time.monotonic() + limit_s

    def _note(self, member: Member, report: Report) -> None:
        if isinstance(report, Followed):
            self.followed[member.name] = report.batch
        elif isinstance(report, Steps):
            self.steps.setdefault(member.name, []).extend(report.step_ns)
            self._expect(member, member.limit_s)
        elif isinstance(report, Compiling):
            member.deadline = max(member.deadline, time.monotonic() + COMPILING_S)
        else:
            self._answers[member.name] = report
            member.deadline = float("inf")
            if isinstance(report, Failed):
                member.alive = False
                if not member.process.reap(1.0):
                    member.process.kill()
