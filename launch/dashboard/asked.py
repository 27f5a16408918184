"""What a page may ask, as types: everything else is refused before anybody looks at it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=400)]
Id = Annotated[int, Meta(ge=0, le=2**31)]
Speed = Annotated[float, Meta(ge=0.0, le=100.0)]
Seconds = Annotated[float, Meta(ge=0.0, le=1e6)]


class Asked(msgspec.Struct, frozen=True, tag_field="do", forbid_unknown_fields=True):
    """Base: what is asked stands in "do"."""


class Stop(Asked, frozen=True, tag="stop"):
    """Stand still, now."""


class Release(Asked, frozen=True, tag="release"):
    """Go on."""


class Lock(Asked, frozen=True, tag="lock"):
    """Lock on to a track or face."""

    id: Id


class Unlock(Asked, frozen=True, tag="unlock"):
    """Let go of whoever is locked."""


class Command(Asked, frozen=True, tag="command"):
    """Say something to the robot."""

    text: Text


class Pause(Asked, frozen=True, tag="pause"):
    """Hold the simulation, or the playing of a log."""


class Resume(Asked, frozen=True, tag="resume"):
    """Go on after a pause."""


class Step(Asked, frozen=True, tag="step"):
    """A little further, then hold."""


class SetSpeed(Asked, frozen=True, tag="speed"):
    """So many times real time; 0 = as fast as the machine can."""

    x: Speed


class Seek(Asked, frozen=True, tag="seek"):
    """To another moment of a log."""

    t: Seconds


Request = Stop | Release | Lock | Unlock | Command | Pause | Resume | Step | SetSpeed | Seek
DECODER = msgspec.json.Decoder(Request)
