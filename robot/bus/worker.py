"""The main of every worker process: take the assignment, link to the coordinator, do the job, tell how it ended."""

from __future__ import annotations

import faulthandler
import os
import pickle
import sys
import threading
import traceback
from typing import Any

import zmq

from robot.bus.control import Failed, Report, decode_order, encode
from robot.bus.process import Assignment, ignore_interrupts
from robot.runtime.failure import raised

FLUSH_MS = 2000


class Link:
    """A worker's side of the control channel."""

    def __init__(self, assignment: Assignment) -> None:
        self.name = assignment.name
        self.context: zmq.Context[Any] = zmq.Context(1)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.IDENTITY, assignment.identity)
        self.socket.setsockopt(zmq.LINGER, FLUSH_MS)
        self.socket.connect(assignment.control)

    def order(self) -> Any:
        """Wait for the coordinator's next order and return it."""
        return decode_order(self.socket.recv())

    def report(self, report: Report) -> None:
        """Tell the coordinator."""
        self.socket.send(encode(report))

    def close(self) -> None:
        """Flush and close."""
        self.socket.close()
        self.context.destroy(linger=FLUSH_MS)


def main() -> None:
    """Run one assignment from stdin."""
    ignore_interrupts()
    faulthandler.enable()
    assignment: Assignment = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_the_coordinator, daemon=True).start()
    link = Link(assignment)
    status = 0
    try:
        pickle.loads(assignment.job)(link)
    except BaseException as error:
        link.report(Failed(raised(error), traceback.format_exc()))
        status = 1
    link.close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # nothing is left to do; threads that libraries started cannot hold the process


def _end_with_the_coordinator() -> None:
    """The coordinator holds the other end of stdin: when it is gone, so are we."""
    while os.read(0, 1):
        pass
    os._exit(0)
