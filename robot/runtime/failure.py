"""How a node's end is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NodeFailure:
    """A node that died, hung or raised."""

    node: str
    tick: int
    reason: str
    """One line: "raised ValueError: ...", "was killed by signal 9", "gave no answer for 10 s"."""
    details: str = ""
    """The traceback, where there is one."""
    restarts: bool = False


class RunFailed(RuntimeError):
    """A run that ended because a node failed; str() is one line with the node's name."""

    def __init__(self, failure: NodeFailure) -> None:
        super().__init__(f"node '{failure.node}' {failure.reason}")
        self.failure = failure


def raised(error: BaseException) -> str:
    """Return the one-line reason of a failure by exception, the same in every runner."""
    first_line = (str(error).splitlines() or [""])[0]
    return f"raised {type(error).__name__}: {first_line}"
