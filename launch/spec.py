"""What a run is asked to be, and one row of a profile: the words that profiles are written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from robot.node import Topic
from robot.runtime.renames import Renames

Perception = Literal["pixels", "emulated"]
PERCEPTIONS: tuple[Perception, ...] = ("pixels", "emulated")
MIMIC_WORDS = ("camera", "off")
Runner = Literal["stepped", "lockstep", "live"]
SIMULATED: tuple[Runner, ...] = ("stepped", "lockstep")


@dataclass(frozen=True)
class Devices:
    """What a run has of real or emulated hardware."""

    hil: str = ""
    """Board whose firmware drives the simulated servos: uno or mega; empty: none."""
    port: str = ""
    """Serial port of a real board, or emulated:uno."""
    camera: str = ""
    """Number of a camera, or a video."""
    calibration: str = ""
    """File of `launch calibrate`; empty: what the firmware assumes."""
    mimic: str = "camera"
    """Whom the display copies: camera (the locked face), off, or a video of the other end of a call."""
    clear_faults: bool = False
    """The person who starts the run says that what the board latched is over."""
    listens: bool = False
    """Whether a display hears commands and carries them out; benches of its motion leave that out."""


@dataclass(frozen=True)
class RunSpec:
    """Everything that decides a run's log: same spec and code, same bytes."""

    profile: str
    world: str
    seed: int = 0
    duration_s: float = 60.0
    perception: Perception = "pixels"
    overrides: tuple[str, ...] = ()
    """`row.key=value`, applied to the configs of the rows."""
    gui: bool = False
    nodes: tuple[str, ...] = ()
    """`name=module:Class`: nodes of one's own, in place of a row's or added."""
    operator: str = ""
    """Name of the controls that a person sits at (launch/dashboard); empty: nobody does."""
    devices: Devices = Devices()


@dataclass(frozen=True)
class ProfileRow:
    """A row of a profile: the node, when it runs, and how its config follows from the run."""

    name: str
    node: str
    when: Callable[[RunSpec], bool]
    config: Callable[[RunSpec], Any] | None
    latency_s: float
    rate_hz: float | None
    on_failure: Literal["stop", "restart"]
    renames: Renames = ()


def row(
    name: str,
    node: str,
    *,
    when: Callable[[RunSpec], bool] = lambda run: True,
    config: Callable[[RunSpec], Any] | None = None,
    latency_s: float = 0.0,
    rate_hz: float | None = None,
    on_failure: Literal["stop", "restart"] = "stop",
    renames: Mapping[Topic[Any], Topic[Any]] | None = None,
) -> ProfileRow:
    """Return one row of a profile.

    Args:
        renames: topics of the node's class, and those that stand for them in this row.
    """
    return ProfileRow(name, node, when, config, latency_s, rate_hz, on_failure, tuple((renames or {}).items()))


def pixels(run: RunSpec) -> bool:
    """Rendered frames go through the real perception nodes."""
    return run.perception == "pixels"


def emulated(run: RunSpec) -> bool:
    """The simulator gives the sightings that those nodes would give."""
    return run.perception == "emulated"


def windowed(run: RunSpec) -> bool:
    """PyBullet's window is open."""
    return run.gui


def in_loop(run: RunSpec) -> bool:
    """A board's firmware drives the simulated servos."""
    return bool(run.devices.hil)


def in_call(run: RunSpec) -> bool:
    """A video of the other end of a call drives the nods."""
    return run.devices.mimic not in MIMIC_WORDS


def both(*conditions: Callable[[RunSpec], bool]) -> Callable[[RunSpec], bool]:
    """Return the condition that all of these hold."""
    return lambda run: all(condition(run) for condition in conditions)


def without(condition: Callable[[RunSpec], bool]) -> Callable[[RunSpec], bool]:
    """Return the condition that this one does not hold."""
    return lambda run: not condition(run)
