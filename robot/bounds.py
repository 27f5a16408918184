"""Types of settings that have a bound: what `--set` is given must keep it (the dataclasses themselves do not look)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

AtLeastZero = Annotated[float, Meta(ge=0.0)]
Positive = Annotated[float, Meta(gt=0.0)]
AtLeastOne = Annotated[float, Meta(ge=1.0)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
PositiveShare = Annotated[float, Meta(gt=0.0, le=1.0)]
Whole = Annotated[int, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]
