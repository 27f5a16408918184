"""`launch.run` does what the command line does, with the same summary, and says in one line what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import launch
from launch.api import make_spec
from launch.errors import CallError
from launch.execute import prepare


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


def test_a_node_of_ones_own_takes_a_rows_place_or_is_added(tmp_path: Path) -> None:
    plain = launch.run("tabletop", seed=3, duration=0.3, out=tmp_path / "plain")
    same = launch.run(
        "tabletop", seed=3, duration=0.3, nodes={"arm": "robot.motion.node:ArmNode"}, out=tmp_path / "same"
    )
    assert same.log_sha256 == plain.log_sha256
    more = launch.run(
        "tabletop",
        seed=3,
        duration=0.3,
        nodes={"words": "robot.voice.commands:CommandSource"},
        overrides={"words.script": [{"at_s": 0.1, "text": "hello"}]},
        out=tmp_path / "more",
    )
    assert more.log_sha256 != plain.log_sha256
    assert "--node words=robot.voice.commands:CommandSource" in more.summary["command"]


@pytest.mark.parametrize("node", ["arm", "arm=", "=a:B", "arm=nowhere:Arm", "arm=robot.node:Topic", "arm=robot.node"])
def test_a_wrong_node_is_told_in_one_line(node: str) -> None:
    with pytest.raises(CallError, match="--node") as caught:
        prepare(make_spec("tabletop", None, 0, None, "emulated", nodes=[node]))
    assert "\n" not in str(caught.value)
