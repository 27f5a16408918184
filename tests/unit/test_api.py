"""`launch.run` does what the command line does, with the same summary, and says in one line what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import launch
from launch.errors import CallError


def test_a_run_has_the_summary_that_its_folder_holds(tmp_path: Path) -> None:
    done = launch.run("tabletop", seed=3, duration=0.5, out=tmp_path / "run")
    assert json.loads((done.folder / "summary.json").read_text()) == json.loads(json.dumps(done.summary))
    assert done.failed is None
    assert done.summary["profile"] == "tabletop"
    assert done.metrics["lock_share"] == done.summary["metrics"]["lock_share"]
    assert (done.folder / "log.mcap").is_file()


def test_equal_calls_give_equal_logs_and_a_setting_another(tmp_path: Path) -> None:
    def sha(name: str, **more: object) -> str:
        return launch.run("tabletop", seed=3, duration=0.3, out=tmp_path / name, **more).log_sha256  # type: ignore[arg-type]

    assert sha("one") == sha("two")
    heavier = sha("three", overrides={"sim.payload_kg": 2.0})
    assert heavier == sha("four", overrides=["sim.payload_kg=2.0"])
    assert heavier != sha("five", overrides={"sim.payload_kg": 0.5})


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"profile": "folow_me"}, "did you mean 'follow_me'"),
        ({"profile": "tabletop", "world": "aparment"}, "scene"),
        ({"profile": "tabletop", "duration": 0.0}, "--duration 0"),
        ({"profile": "tabletop", "seed": -1}, "--seed -1"),
        ({"profile": "tabletop", "perception": "real"}, "--perception"),
        ({"profile": "tabletop", "runner": "live"}, "--runner"),
        ({"profile": "tabletop", "overrides": "sim.payload_kg=2.0"}, "give a list"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(call: dict[str, object], said: str) -> None:
    with pytest.raises(CallError, match=said) as caught:
        launch.run(**call)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
