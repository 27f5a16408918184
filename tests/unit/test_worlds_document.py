"""docs/worlds.md is what the schema says, and its example is a home that works."""

from __future__ import annotations

from pathlib import Path

from worlds.document import document
from worlds.load import load_text
from worlds.routes import person_route
from worlds.scripts import resolve_script

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "worlds.md"


def test_manual_is_up_to_date() -> None:
    assert MANUAL.read_text(encoding="utf-8") == document(), "run: python -m worlds.document > docs/worlds.md"


def test_example_in_the_manual_works() -> None:
    example = document().split("```yaml\n")[1].split("```")[0]
    world = load_text(example, "example.yaml")
    assert world.followed is not None
    plan = resolve_script(world, world.followed, 0)
    assert world.room_at(*plan.segments[-1].path[-1]) == world.room("bedroom")
    assert len(person_route(world, (3.5, 1.0), (7.0, 2.0))) > 20
