"""A log on the page: any moment, forward and back, shows what the messages up to then said."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import launch
from launch.cli import call
from launch.dashboard import asked
from launch.dashboard.plan import home_plan
from launch.dashboard.player import LogShow
from launch.dashboard.scene import node_rows
from launch.dashboard.show import About
from launch.execute import prepare
from launch.replay.run import open_run
from robot import topics


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a short run."""
    return launch.run("tabletop", seed=2, duration=2.0, out=tmp_path_factory.mktemp("runs") / "run").folder


@pytest.fixture
def show(folder: Path) -> LogShow:
    """Return the run's log, at its beginning."""
    reader, spec = open_run(folder)
    graph = prepare(spec)
    return LogShow(reader, About(spec, node_rows(graph), home_plan(graph)))


def at(show: LogShow, t_s: float) -> dict[str, object]:
    """Return the moment `t_s`."""
    show.seek(t_s)
    asyncio.run(show.catch_up())
    return show.moment()


def test_a_moment_is_the_same_from_before_and_from_behind(show: LogShow, folder: Path) -> None:
    first = at(show, 1.0)
    late = at(show, 1.9)
    assert first["t"] == pytest.approx(1.0, abs=0.01)
    assert late["curves"] != first["curves"]
    again = at(show, 1.0)
    assert (again["t"], again["curves"], again["states"]) == (first["t"], first["curves"], first["states"])
    reader, _ = open_run(folder)
    before = [c for c in reader.commits() if c.topic is topics.ARM_STATE and c.envelope.t_ns <= 1_000_000_000]
    assert first["states"]["display"].startswith(before[-1].message.mode)  # type: ignore[index, attr-defined]


def test_requests_hold_step_and_move_a_log_and_nobody_else(show: LogShow) -> None:
    assert show.ask(asked.Pause()) == ""
    assert not show.playing
    at(show, 0.5)
    show.ask(asked.Step())
    assert show.now_s == pytest.approx(0.6)
    show.ask(asked.Seek(t=1e5))
    assert show.now_s == pytest.approx(2.0)
    show.ask(asked.SetSpeed(x=0.0))
    assert show.speed > 1.0
    show.ask(asked.Resume())
    assert show.playing
    for request in (asked.Stop(), asked.Lock(id=1), asked.Command(text="stop")):
        assert "log" in show.ask(request)


def test_playing_comes_to_the_end_and_stays_there(show: LogShow) -> None:
    async def play() -> None:
        show.ask(asked.SetSpeed(x=0.0))
        playing = asyncio.create_task(show.play())
        while not show.ended:
            await asyncio.sleep(0)
        playing.cancel()

    asyncio.run(asyncio.wait_for(play(), 60.0))
    assert show.moment()["t"] == pytest.approx(2.0, abs=0.02)


def test_lines_are_said_again_after_going_back_but_never_numbered_twice(show: LogShow) -> None:
    at(show, 2.0)
    end, lines = show.lines(0)
    at(show, 0.0)
    at(show, 2.0)
    after, again = show.lines(end)
    assert [line["text"] for line in again] == [line["text"] for line in lines]
    assert after == end + len(lines)


def test_what_is_no_log_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["view", str(tmp_path / "nothing"), "--port", "0"]) == 2
    assert "no such log" in capsys.readouterr().err
    (tmp_path / "log.mcap").write_bytes(b"something else entirely")
    assert call(["view", str(tmp_path), "--port", "0"]) == 2
    assert "not an MCAP log" in capsys.readouterr().err
