"""Runs for scripts and notebooks: the checks of the command line, and a summary that can be asked by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from launch.errors import CallError, one_of, unknown
from launch.execute import RunOptions, execute
from launch.profiles import PROFILES, RunSpec
from launch.spec import PERCEPTIONS, SIMULATED

LONGEST_S = 24 * 3600.0


@dataclass(frozen=True)
class Run:
    """A run that is over."""

    summary: dict[str, Any]
    """As in summary.json."""
    folder: Path
    """Holds summary.json and log.mcap."""

    @property
    def metrics(self) -> dict[str, Any]:
        """What the profile's scorer measured."""
        metrics: dict[str, Any] = self.summary["metrics"]
        return metrics

    @property
    def log_sha256(self) -> str:
        """Hash of everything logged: equal for equal calls."""
        return str(self.summary["log_sha256"])

    @property
    def failed(self) -> str | None:
        """Why a node ended the run early; None when none did."""
        failed: str | None = self.summary["failed"]
        return failed


def make_spec(
    profile: str,
    world: str | None,
    seed: int,
    duration: float | None,
    perception: str,
    overrides: Iterable[str] = (),
    gui: bool = False,
    nodes: Iterable[str] = (),
) -> RunSpec:
    """Return the spec of a call. Raises CallError naming what is wrong with it."""
    if profile not in PROFILES:
        raise unknown("profile", profile, [p.name for p in PROFILES.values() if p.listed])
    chosen = PROFILES[profile]
    seconds = chosen.duration_s if duration is None else duration
    if not 0 < seconds <= LONGEST_S:
        raise CallError(f"--duration {seconds:g}: must be above 0 and at most {LONGEST_S:.0f} seconds")
    if not 0 <= seed < 2**31:
        raise CallError(f"--seed {seed}: must be from 0 to 2147483647")
    return RunSpec(
        profile=profile,
        world=chosen.world if world is None else world,
        seed=seed,
        duration_s=seconds,
        perception=one_of("--perception", perception, PERCEPTIONS),
        overrides=tuple(overrides),
        gui=gui,
        nodes=tuple(nodes),
    )


def execute_call(
    profile: str,
    world: str | None,
    seed: int,
    duration: float | None,
    runner: str,
    perception: str,
    fast: bool,
    overrides: Mapping[str, Any] | Iterable[str],
    nodes: Mapping[str, str],
    out: str | Path | None,
    report: bool,
) -> Run:
    """Carry out `launch.run`."""
    chosen = one_of("--runner", runner, SIMULATED)
    spec = make_spec(profile, world, seed, duration, perception, _lines(overrides), False, _lines(nodes))
    folder = None if out is None else Path(out)
    options = RunOptions(runner=chosen, fast=fast, out=folder, report=report, video=report)
    return Run(*execute(spec, options))


def _lines(overrides: Mapping[str, Any] | Iterable[str]) -> tuple[str, ...]:
    if isinstance(overrides, Mapping):
        return tuple(f"{key}={value if isinstance(value, str) else _yaml(value)}" for key, value in overrides.items())
    if isinstance(overrides, str):
        raise CallError(f"overrides: '{overrides}' is one text; give a list of row.key=value, or a dict")
    return tuple(overrides)


def _yaml(value: Any) -> str:
    return msgspec.json.encode(value).decode()  # JSON is YAML
