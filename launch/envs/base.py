"""What the environments share: a profile in lockstep with the action in place of its deciding nodes."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from launch.envs.hands import Action, HandsConfig
from launch.errors import CallError
from launch.profiles import PROFILES, RunSpec
from robot.node import M, Message, Topic
from robot.runtime.commit import Commit
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import Graph, Row, resolve

Arrays = dict[str, NDArray[np.float32]]
SETTLE_S = 0.5  # standing still before the first observation: sensors speak, the lock is found


class Newest:
    """Observer that keeps the newest valid message of each topic, and all of one."""

    def __init__(self, collected: Topic[Any]) -> None:
        self._collected = collected.name
        self._newest: dict[str, Commit] = {}
        self._all: list[Message] = []

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        if commit.envelope.valid:
            self._newest[commit.envelope.topic] = commit
            if commit.envelope.topic == self._collected:
                self._all.append(commit.message)

    def get(self, topic: Topic[M]) -> M | None:
        """Return the newest message on `topic`; None before the first."""
        commit = self._newest.get(topic.name)
        return None if commit is None else commit.message  # type: ignore[return-value]  # of the topic's type

    def commits(self) -> list[Commit]:
        """Return the newest commit of each topic."""
        return list(self._newest.values())

    def take(self) -> list[Any]:
        """Return what came on the collected topic since the last call, oldest first."""
        taken, self._all = self._all, []
        return taken


class HousemateEnv(gymnasium.Env[Arrays, NDArray[np.float32]]):
    """A robot that does what the action says, within what safety lets through.

    Subclasses name the profile, the nodes that the action replaces and the node in their place, and say what is
    observed and rewarded. Actions are shares of the body's limits, -1 to 1. Observations come from what the robot's
    own nodes publish; rewards come from the simulator's truth.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012  # as Gymnasium types it
    profile: ClassVar[str]
    replaced: ClassVar[tuple[str, ...]]
    hands: ClassVar[str]
    """"module:Class" of the node that says the action"""
    period_s: ClassVar[float]
    truth: ClassVar[Topic[Any]]
    episode_s: ClassVar[float] = 120.0
    limits: ClassVar[tuple[float, ...]]
    """What an action of 1 stands for, SI"""

    def __init__(self, boxes: dict[str, spaces.Box], world: str | None, render_mode: str | None) -> None:
        """Choose where to act; None = the profile's own world.

        Args:
            boxes: what is observed, by name.

        Raises:
            CallError: no such render mode.
        """
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise CallError(
                f"render_mode '{render_mode}': there is {', '.join(self.metadata['render_modes']) or 'none'}"
            )
        self.render_mode = render_mode
        self._world = world or PROFILES[self.profile].world
        self._action = Action()
        self._runner: Lockstep | None = None
        self._newest = Newest(self.truth)
        self.spec_of_run: RunSpec | None = None
        """The run that the present episode is of."""
        self._boxes = boxes
        self.observation_space = spaces.Dict({**boxes})  # type: ignore[assignment]  # its type does not say of what
        self.action_space = spaces.Box(-1.0, 1.0, (len(self.limits),), np.float32)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Arrays, dict[str, Any]]:
        """Begin an episode: with `seed`, that of a run with this seed; else one drawn from the seed given before.

        Args:
            options: {"world": NAME} to change the world from this episode on.
        """
        super().reset(seed=seed)
        self.close()
        self._world = (options or {}).get("world", self._world)
        number = int(self.np_random.integers(2**31)) if seed is None else seed % 2**31
        spec = RunSpec(self.profile, self._world, number, self.episode_s, "emulated")
        self.spec_of_run = spec
        self._action.values = tuple(0.0 for _ in self.limits)
        self._newest = Newest(self.truth)
        self._runner = Lockstep(self._graph(spec), number, [self._newest])
        self._advance(SETTLE_S)
        self._newest.take()
        self.begin(spec)
        return self.observe(), {"seed": number, "world": self._world}

    def step(self, action: NDArray[np.float32]) -> tuple[Arrays, float, bool, bool, dict[str, Any]]:
        """Act for one period.

        Raises:
            ValueError: an action of another shape, or one that is not finite.
        """
        if self._runner is None:
            raise RuntimeError("reset() comes before the first step()")
        asked = np.asarray(action, np.float64)
        if asked.shape != (len(self.limits),) or not np.isfinite(asked).all():
            raise ValueError(f"action {action!r}: must be {len(self.limits)} finite numbers")
        shares = np.clip(asked, -1.0, 1.0)
        self._action.values = tuple(float(s) * limit for s, limit in zip(shares, self.limits, strict=True))
        self._advance(self.period_s)
        reward, over, info = self.judge(self._newest.take())
        return self.observe(), reward, over, False, info

    def close(self) -> None:
        """Free the simulator."""
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    @abstractmethod
    def begin(self, spec: RunSpec) -> None:
        """Prepare for an episode of `spec`; its first observation can be made."""

    @abstractmethod
    def observe(self) -> Arrays:
        """Return the observation."""

    @abstractmethod
    def judge(self, truths: list[Any]) -> tuple[float, bool, dict[str, Any]]:
        """Return the reward of a step with these truths, whether the episode ended, and info."""

    def shown(self, raw: Arrays) -> Arrays:
        """Return an observation with everything inside its bounds, and what is no number as 0."""
        return {
            name: np.clip(np.nan_to_num(raw[name], posinf=np.inf, neginf=-np.inf), box.low, box.high).astype(np.float32)
            for name, box in self._boxes.items()
        }

    def _graph(self, spec: RunSpec) -> Graph:
        profile = PROFILES[self.profile]
        rows: list[Row] = []
        for row in profile.table(spec):
            if row.name not in self.replaced:
                rows.append(row)
            elif row.name == self.replaced[0]:
                rows.append(Row(row.name, self.hands, HandsConfig(self._action)))
        return resolve(rows, profile.tick_hz)

    def _advance(self, seconds: float) -> None:
        assert self._runner is not None
        self._runner.advance(self._runner.tick + round(seconds * PROFILES[self.profile].tick_hz))
