"""A home with both bodies: the rover's simulator, and in the same world the display that stands on its furniture.

One node, because there is one world: the display sees the very people who walk around the rover, and the rover's camera
sees the display. `PixelHome` renders for both cameras; `EmulatedHome` tells the sightings and the faces.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from typing import Any, ClassVar

from numpy.random import Generator

from robot import topics
from robot.node import Inbox, Message, Outbox, Topic
from robot.rng import spawn
from sim.base import BaseState
from sim.config import HomeConfig
from sim.node import POSING_TICKS, TICKS, EmulatedSim, PixelSim, SimNode
from sim.tabletop.emulated import FaceEmulator
from sim.tabletop.figure import figure_shapes
from sim.tabletop.housed import HousedDisplay
from sim.tabletop.lens import Lens
from worlds.place import Stand, stand_of
from worlds.schema import World
from worlds.shape import Shape

FEEDBACK_TICKS = TICKS.period(60.0, "servo feedback")
TRUTH_TICKS = TICKS.period(topics.TRUTH_DISPLAY.rate_hz, "truth of the display")
OUTPUTS: tuple[Topic[Any], ...] = (topics.JOINT_STATES, topics.TRUTH_DISPLAY)


class HomeSim(SimNode):
    """What both levels share: the display beside everything that SimNode has."""

    display: HousedDisplay

    def __init__(self, config: HomeConfig, rng: Generator) -> None:
        """As SimNode. Also raises ValueError: no display in this home, or frames at ticks at which nobody is posed."""
        super().__init__(config, rng)
        stand = stand_in(self._world)
        noise = spawn(config.seed, "servo feedback")
        self.display = HousedDisplay(self._scene, self._people, stand, config.display_hz, noise)
        self._frame_every = TICKS.period(config.display_hz, "display_hz")
        if self._frame_every % POSING_TICKS:
            raise ValueError(f"display_hz: {config.display_hz:g} Hz does not fall on the ticks that people move at")
        self._in_flight: deque[tuple[int, Topic[Any], Message]] = deque()
        self._frame_late = TICKS.count(self.display.body.camera.latency_s)

    def more_shapes(self, world: World) -> tuple[Shape, ...]:
        """As SimNode: the display, as others see it."""
        return figure_shapes(stand_in(world))

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """As SimNode, for both bodies."""
        tick = self._tick
        out = super().step(now_ns, inbox)
        while self._in_flight and self._in_flight[0][0] <= tick:
            out.put(*self._in_flight.popleft()[1:])
        asked = inbox.fresh(topics.JOINT_SETPOINTS)
        self.display.step(None if asked is None else asked.positions)
        return out

    @abstractmethod
    def look(self, now_ns: int) -> tuple[Topic[Any], Message]:
        """Return what the display's camera, or what is computed in its place, delivers of this moment."""

    def close(self) -> None:
        """As SimNode."""
        display = getattr(self, "display", None)
        if display is not None:
            display.close()
        super().close()

    def _sense(self, tick: int, now_ns: int, state: BaseState, out: Outbox) -> None:
        """As SimNode: people are posed by then."""
        display = self.display
        if tick % POSING_TICKS == 0:
            display.figure.pose(display.state.joints)
        super()._sense(tick, now_ns, state, out)
        if tick % FEEDBACK_TICKS == 0:
            out.put(topics.JOINT_STATES, display.feedback(now_ns))
        if tick % TRUTH_TICKS == 0:
            out.put(topics.TRUTH_DISPLAY, display.truth(now_ns))
        if tick % self._frame_every == 0:
            self._in_flight.append((tick + self._frame_late, *self.look(now_ns)))


class PixelHome(HomeSim, PixelSim):
    """Both bodies with rendered frames."""

    inputs = (topics.CMD_VEL, topics.JOINT_SETPOINTS)
    outputs = (*PixelSim.outputs, topics.DISPLAY_CAMERA, *OUTPUTS)

    def __init__(self, config: HomeConfig, rng: Generator) -> None:
        """As HomeSim."""
        super().__init__(config, rng)
        self._lens = Lens(self._scene.client, self.display.body.camera, 1.0, spawn(config.seed, "lens"))

    def look(self, now_ns: int) -> tuple[Topic[Any], Message]:
        """Render a frame, with the rover, which is hidden from its own camera, and without the display itself."""
        self.display.figure.hide()
        self._base.show()
        image = self._lens.take(now_ns, *self.display.eye_in_map())
        self._base.hide()
        self.display.figure.show()
        return topics.DISPLAY_CAMERA, image


class EmulatedHome(HomeSim, EmulatedSim):
    """Both bodies without rendering."""

    inputs: ClassVar[tuple[Topic[Any], ...]] = (topics.CMD_VEL, topics.JOINT_SETPOINTS, topics.FACE_REQUEST)
    outputs = (*EmulatedSim.outputs, topics.DISPLAY_FACES, *OUTPUTS)

    def __init__(self, config: HomeConfig, rng: Generator) -> None:
        """As HomeSim."""
        super().__init__(config, rng)
        self._faces = FaceEmulator(self.display.body, spawn(config.seed, "faces"), anew_s=config.anew_s)

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """As HomeSim, with the display's lock where it is asked to be."""
        for request in inbox.new(topics.FACE_REQUEST):
            self._faces.choose(request.message.mode, request.message.id)
        return super().step(now_ns, inbox)

    def look(self, now_ns: int) -> tuple[Topic[Any], Message]:
        """Tell the faces that would be found."""
        eye, axes = self.display.eye()
        return topics.DISPLAY_FACES, self._faces.sample(now_ns, eye, axes, self.display.heads(now_ns))


def stand_in(world: World) -> Stand:
    """Return where the display of a home stands. Raises ValueError where there is none."""
    if world.display is None:
        raise ValueError(f"world '{world.name}': no robot of kind 'tabletop' stands here")
    return stand_of(world, world.display)
