"""docs/hardware.md says what the bodies say: every number of its tables, and the drawing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from robot.bodies.tabletop.body import TabletopBody
from sim.tabletop.stand import LIMP_SHARE
from tools import hardware_page


def test_the_page_and_the_drawing_are_up_to_date() -> None:
    """`python -m tools.hardware_page` makes them so."""
    page = hardware_page.PAGE.read_text("utf-8")
    assert hardware_page.filled(page) == page
    assert hardware_page.DRAWING.read_text("utf-8") == hardware_page.drawing()
    assert page.count("<!-- end -->") == 5


def test_gears_hold_on_the_page_what_they_hold_in_simulation() -> None:
    assert hardware_page.GEARS_HOLD == LIMP_SHARE


def test_servos_too_weak_for_the_body_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    body = TabletopBody()
    stronger = replace(body, servos=(replace(body.servos[0], torque=5.0), *body.servos[1:]))
    monkeypatch.setattr(hardware_page, "TabletopBody", lambda: stronger)
    with pytest.raises(ValueError, match="base_yaw"):
        list(hardware_page.joints())
