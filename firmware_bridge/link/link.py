"""One board on one line: greets it, keeps the session, sends setpoints once and commands until they are answered.

The link sees time only as it is told, so a test or a simulator decides how fast it runs. It opens the line again when
that is lost, and greets the board again when that was reset or fell silent; what to do then is for whoever uses it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from firmware_bridge.link.clock import BoardClock
from firmware_bridge.link.counts import BoardCounters, LinkCounts
from firmware_bridge.protocol.codec import Codec, Packet, Value
from firmware_bridge.protocol.framing import FrameReader
from firmware_bridge.transports.transport import Transport, TransportLost

MS = 1_000_000  # ns
SEQ_WRAP = 1 << 16
REORDERED = 1 << 15
FEW = 50  # frames a board may send at once; it never sends more than one a millisecond for long


@dataclass(frozen=True)
class LinkTimes:
    """When the link acts, ns."""

    reopen: int = 200 * MS  # between attempts to open a lost line
    greet: int = 100 * MS  # between Hellos
    silent: int = 300 * MS  # without a frame of the board, the session is over
    answer: int = 250 * MS  # a frame not answered by then is counted as lost
    resend: int = 50 * MS  # a command not answered by then is sent again
    ping: int = 100 * MS  # without any other frame, so that the clock stays known


TRIES = 5  # of a command, within which the line may recover


class ProtocolMismatch(RuntimeError):
    """The board speaks another version of the protocol."""


@dataclass(frozen=True)
class Answer:
    """How the board answered a command or setpoint; `given up` where it never did."""

    name: str
    status: str


@dataclass
class _Command:
    name: str
    fields: dict[str, Value]
    seq: int = -1
    sent_ns: int = 0
    tries: int = 0


class Link:
    """See the module's docstring. Call `poll` at least every 20 ms; send between polls."""

    def __init__(self, opener: Callable[[], Transport], first_seq: int = 0, times: LinkTimes | None = None) -> None:
        self.state: Literal["closed", "greeting", "ready"] = "closed"
        self.board = "unknown"
        """Which board answered: "uno", "mega", ..."""
        self.why = "not opened yet"
        """Why the link is not ready, in words for people."""
        self.counts = LinkCounts()
        self.clock = BoardClock()
        self.round_trip_ns: int | None = None
        self._opener = opener
        self._times = times or LinkTimes()
        self._codec = Codec()
        self._reader = FrameReader()
        self._counters = BoardCounters(self.counts)
        self._transport: Transport | None = None
        self._seq = first_seq % SEQ_WRAP
        self._session = 0
        self._heard_seq: int | None = None
        self._heard_ns = self._tried_ns = self._spoke_ns = -(1 << 62)
        self._waiting: dict[int, tuple[str, int]] = {}  # seq -> message and when it was sent
        self._commands: deque[_Command] = deque()
        self._answers: deque[Answer] = deque()
        self._session_count = self._strange_count = 0

    @property
    def sessions(self) -> int:
        """How often a board has been greeted with success."""
        return self._session_count

    def poll(self, now_ns: int) -> list[Packet]:
        """Do what is due and return the frames of the board that are news: Telemetry and JointInfo.

        Raises:
            ProtocolMismatch: the board's firmware was built from another description.
        """
        if not self._open(now_ns):
            return []
        packets = self._receive(now_ns)
        self._keep_session(now_ns)
        if self.state == "ready":
            self._work_commands(now_ns)
            if now_ns - self._spoke_ns >= self._times.ping:
                self._send(now_ns, "Ping", {})
        return packets

    def setpoint(self, now_ns: int, apply_ns: int, positions: tuple[int, ...]) -> bool:
        """Send a setpoint for the host's time `apply_ns`, in the wire's units; False where there is no session."""
        if self.state != "ready" or not self.clock.known:
            return False
        return (
            self._send(now_ns, "Setpoint", {"apply_us": self.clock.board_us(apply_ns), "position": positions})
            is not None
        )

    def command(self, name: str, **fields: Value) -> None:
        """Queue a command; it is sent in its turn, again and again until answered. Lost with its session."""
        self._commands.append(_Command(name, fields))

    def answers(self) -> list[Answer]:
        """Return the answers since the last call."""
        out = list(self._answers)
        self._answers.clear()
        return out

    def close(self) -> None:
        """Release the line."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        self.state = "closed"

    # The line.

    def _open(self, now_ns: int) -> bool:
        if self._transport is not None:
            return True
        if now_ns - self._tried_ns < self._times.reopen:
            return False
        self._tried_ns = now_ns
        try:
            self._transport = self._opener()
        except TransportLost as error:
            self.why = str(error)
            return False
        self._reader.reset()
        self.state, self.why, self._tried_ns = "greeting", "the board does not answer", -(1 << 62)
        return True

    def _lose(self, why: str) -> None:
        self.close()
        self._end_session(why)
        self.state = "closed"

    def _end_session(self, why: str) -> None:
        self.why = why
        self.state = "greeting"
        self.counts.unanswered += len(self._waiting)
        self._waiting.clear()
        for command in self._commands:
            self._give_up(command)
        self._commands.clear()

    def _keep_session(self, now_ns: int) -> None:
        self._forget_unanswered(now_ns)
        if self.state == "ready" and now_ns - self._heard_ns > self._times.silent:
            self._end_session("the board fell silent")
        if self.state == "greeting" and now_ns - self._tried_ns >= self._times.greet:
            self._tried_ns = now_ns
            self._session = (self._session + 1) % SEQ_WRAP
            self._send(now_ns, "Hello", {"protocol": self._codec.protocol.version, "session": self._session})

    # Sending.

    def _send(self, now_ns: int, name: str, fields: dict[str, Value], seq: int | None = None) -> int | None:
        """Return the number of the frame, or None where the line is gone."""
        if self._transport is None:
            return None
        if seq is None:
            self._seq = seq = (self._seq + 1) % SEQ_WRAP
        try:
            self._transport.write(self._codec.encode(name, seq, **fields))
        except TransportLost as error:
            self._lose(str(error))
            return None
        self.counts.sent += 1
        self._spoke_ns = now_ns
        self._waiting[seq] = (name, now_ns)
        return seq

    def _work_commands(self, now_ns: int) -> None:
        if not self._commands:
            return
        command = self._commands[0]
        if command.tries and now_ns - command.sent_ns < self._times.resend:
            return
        if command.tries == TRIES:
            self._give_up(self._commands.popleft())
            return
        if command.tries:
            self.counts.resent += 1
            self.counts.unanswered += command.seq in self._waiting  # the try before
        sent = self._send(now_ns, command.name, command.fields, command.seq if command.tries else None)
        if sent is not None:
            command.seq, command.sent_ns, command.tries = sent, now_ns, command.tries + 1

    def _give_up(self, command: _Command) -> None:
        self.counts.failed_commands += 1
        self._answers.append(Answer(command.name, "given up"))

    def _forget_unanswered(self, now_ns: int) -> None:
        late = [seq for seq, (_, sent_ns) in self._waiting.items() if now_ns - sent_ns > self._times.answer]
        for seq in late:
            del self._waiting[seq]
        self.counts.unanswered += len(late)

    # Receiving.

    def _receive(self, now_ns: int) -> list[Packet]:
        assert self._transport is not None
        try:
            bodies = self._reader.feed(self._transport.read())
        except TransportLost as error:
            self._lose(str(error))
            return []
        packets = [packet for body in bodies if (packet := self._take(now_ns, body)) is not None]
        return packets if self.state == "ready" else []

    def _take(self, now_ns: int, body: bytes) -> Packet | None:
        packet = self._codec.decode(body)
        self.counts.bad_received = self._reader.counts.bad + self._strange(packet)
        if packet is None:
            return None
        if packet.name == "Welcome":
            self._welcome(now_ns, packet)
            return None
        if self.state != "ready" or self._is_reset(packet) or not self._in_order(packet):
            return None
        self._heard_ns = now_ns
        self.counts.received += 1
        if packet.name == "Ack":
            self._ack(now_ns, packet)
            return None
        if packet.name == "Telemetry":
            self._counters.take(packet)
        return packet

    def _strange(self, packet: Packet | None) -> int:
        self._strange_count += packet is None
        return self._strange_count

    def _is_reset(self, packet: Packet) -> bool:
        """A board that knows no session was reset; its numbers began anew, so they say nothing of the order."""
        if packet.name != "Ack" or packet.number("status") != self._codec.protocol.code("status", "no_session"):
            return False
        if packet.number("answers") in self._waiting:
            self._end_session("the board was reset")
        return True

    def _in_order(self, packet: Packet) -> bool:
        last, self._heard_seq = self._heard_seq, packet.seq
        if last is None:
            return True
        ahead = (packet.seq - last) % SEQ_WRAP
        if ahead == 0 or ahead >= REORDERED:
            self._heard_seq = last
            self.counts.stale_received += 1
            return False
        self.counts.missed += ahead - 1
        return True

    def _welcome(self, now_ns: int, packet: Packet) -> None:
        protocol = self._codec.protocol
        if packet.number("session") != self._session or self.state == "ready":
            return
        theirs = packet.number("protocol")
        self.board = protocol.name("board", packet.number("board"))
        if theirs != protocol.version:
            raise ProtocolMismatch(
                f"the {self.board}'s firmware speaks protocol {theirs:08x}, this program {protocol.version:08x}: "
                f"make firmware, then launch flash --board {self.board} --port PORT"
            )
        last = self._heard_seq
        numbered = 0 if last is None else (packet.seq - last) % SEQ_WRAP
        if (
            last is None or numbered > FEW + (now_ns - self._heard_ns) // MS
        ):  # it cannot have sent so many: it was reset
            self._counters.board_was_reset()
            self.clock = BoardClock()
        else:
            self.counts.missed += numbered - 1
        self._heard_seq, self._heard_ns = packet.seq, now_ns
        self.counts.received += 1
        self.counts.answered += 1
        self.counts.unanswered += len(self._waiting) - 1  # only Hellos wait while greeting; one of them was answered
        self._waiting.clear()
        self.counts.reopened += self._session_count > 0
        self._session_count += 1
        self.state, self.why = "ready", ""
        self._send(now_ns, "Ping", {})

    def _ack(self, now_ns: int, packet: Packet) -> None:
        seq, status = packet.number("answers"), self._codec.protocol.name("status", packet.number("status"))
        waiting = self._waiting.pop(seq, None)
        if waiting is None:
            return
        name, sent_ns = waiting
        self.counts.answered += 1
        first_try = True
        if self._commands and self._commands[0].seq == seq and self._commands[0].tries:
            first_try = self._commands.popleft().tries == 1
        if first_try:  # which try of several was answered is not known
            self.round_trip_ns = now_ns - sent_ns
            self.clock.add(sent_ns, now_ns, packet.number("device_us"))
        if name not in ("Ping", "Hello"):
            self._answers.append(Answer(name, status))
