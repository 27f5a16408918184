"""Where a running robot takes in text: a unix datagram socket in a folder that only its user can enter.

Each run opens one, named after its process; `send` finds them by looking into the folder, so nothing must be agreed on
beforehand. A datagram is one text, whole or not at all. Who sends one from a mailbox of their own is told what is
answered.
"""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from pathlib import Path

LONGEST = 16_384  # bytes of one text; more is refused by whoever sends
SUFFIX = ".words"
LISTENERS = 8  # who are answered at a time


class MailboxError(RuntimeError):
    """No robot to talk to, more than one, or a folder that is not ours alone; the message is one line."""


def runtime_folder() -> Path:
    """Return the user's own folder of running robots, made where there is none.

    Raises:
        MailboxError: it belongs to somebody else, or others can enter it.
    """
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = base and os.access(base, os.W_OK | os.X_OK)
    folder = Path(base) / "housemate" if usable else Path(tempfile.gettempdir()) / f"housemate-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise MailboxError(f"{folder}: must be a folder of yours that nobody else can enter (chmod 700)")
    return folder


class Mailbox:
    """The running robot's side."""

    def __init__(self, folder: Path, name: str, suffix: str = SUFFIX) -> None:
        """Open it; another suffix is found by no `running`. Raises MailboxError where the system does not let us."""
        self.path = folder / f"{name}-{os.getpid()}{suffix}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self.path.unlink(missing_ok=True)
            self._socket.bind(str(self.path))
        except OSError as error:
            self._socket.close()
            raise MailboxError(f"{self.path}: {error.strerror or error}") from error
        self._socket.setblocking(False)
        self._listeners: list[str] = []  # mailboxes of those who wait for answers, newest last

    def texts(self) -> list[str]:
        """Return what came since the last call, oldest first; never waits."""
        found: list[str] = []
        while True:
            try:
                data, sender = self._socket.recvfrom(LONGEST + 1)
            except BlockingIOError:
                return found
            found.append(data.decode("utf-8", errors="replace"))
            if sender and sender not in self._listeners:
                self._listeners = [*self._listeners, sender][-LISTENERS:]

    def tell(self, text: str) -> None:
        """Send `text` to everybody who wrote from a mailbox of their own and is still there."""
        data, there = text.encode("utf-8", errors="replace")[:LONGEST], []
        for listener in self._listeners:
            try:
                self._socket.sendto(data, listener)
            except BlockingIOError:
                there.append(listener)  # does not keep up: it misses this one
            except OSError:
                continue  # has gone
            else:
                there.append(listener)
        self._listeners = there

    def ask(self, text: str, mailbox: Path) -> None:
        """Hand `text` to the robot whose mailbox it is, and wait for answers here. Raises MailboxError, as `send`."""
        _send(self._socket, text, mailbox)

    def close(self) -> None:
        """Close it and take its name away."""
        self._socket.close()
        self.path.unlink(missing_ok=True)


def running(folder: Path) -> list[Path]:
    """Return the mailboxes of robots that run, oldest first; names that dead ones left behind are removed."""
    alive = []
    for path in sorted(folder.glob(f"*{SUFFIX}"), key=_age):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(str(path))
            except OSError:
                path.unlink(missing_ok=True)
            else:
                alive.append(path)
    return alive


def send(text: str, mailbox: Path) -> None:
    """Hand `text` to the robot whose mailbox it is.

    Raises:
        MailboxError: the text is too long, the robot has gone, or does not keep up.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        _send(out, text, mailbox)


def _send(out: socket.socket, text: str, mailbox: Path) -> None:
    data = text.encode("utf-8", errors="replace")
    if len(data) > LONGEST:
        raise MailboxError(f"a text may have {LONGEST} bytes, this one has {len(data)}")
    try:
        out.sendto(data, str(mailbox))
    except OSError as error:
        raise MailboxError(f"{mailbox.name.removesuffix(SUFFIX)}: {error.strerror or error}") from error


def _age(path: Path) -> tuple[int, str]:
    try:
        return path.lstat().st_mtime_ns, path.name
    except FileNotFoundError:
        return 0, path.name
