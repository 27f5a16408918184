"""What the page shows is what the messages said: places in map, boxes on their frame, nodes that went silent."""

from __future__ import annotations

import json
import math

import cv2
import numpy as np
import pytest
from recording_nodes import play

from launch.dashboard.board import Board
from launch.dashboard.pictures import COSTS, MAP, Pictures
from launch.dashboard.scene import NodeRow, boxes, moment, node_table
from robot import messages as m
from robot import topics
from robot.codec import MessageCodec
from robot.geometry import Pose2
from robot.node import Envelope, Message, Topic
from robot.runtime.commit import Commit

START = Pose2(2.0, -1.0, math.pi / 2)


def commit(topic: Topic[Message], message: Message, t_ns: int) -> Commit:
    """Return a message as it reaches observers."""
    codec = MessageCodec(topic.type)
    return Commit(topic, Envelope(topic.name, 0, t_ns, "desk"), codec.encode(message), codec)


@pytest.fixture(scope="module")
def board() -> Board:
    """Return the board after three seconds of the made-up run."""
    made = Board()
    play([made], 3.0)
    return made


def test_places_are_in_map_wherever_the_robot_started(board: Board) -> None:
    plain, turned = moment(board, Pose2()), moment(board, START)
    x, y = START.apply(*plain["robot"][:2])
    assert turned["robot"] == pytest.approx([x, y, plain["robot"][2] + math.pi / 2], abs=0.01)
    person = turned["people"][0]
    assert [person["x"], person["y"]] == pytest.approx(
        START.apply(plain["people"][0]["x"], plain["people"][0]["y"]), abs=0.01
    )
    assert (person["id"], person["lock"]) == (3, "locked")
    assert turned["goal"] == pytest.approx([person["x"], person["y"]], abs=0.01)
    assert len(turned["scan"]) == 113  # every third of 360 rays, less 20 that met nothing
    assert turned["curves"]["speed, m/s"] == {"wanted": 0.6, "applied": 0.5, "measured": 0.5}
    json.dumps(turned, allow_nan=False)


def test_somebody_lost_is_shown_where_they_were_last_known() -> None:
    made = Board()
    made.on_commit(commit(topics.PEOPLE, m.People(stamp_ns=0, tracks=()), 0))  # type: ignore[arg-type]
    made.on_commit(commit(topics.LOCK, m.Lock(stamp_ns=0, state="lost", id=7, x=1.0, y=0.5), 0))  # type: ignore[arg-type]
    assert moment(made, Pose2())["people"] == [{"id": 7, "x": 1.0, "y": 0.5, "lock": "lost"}]


def test_boxes_lie_on_the_frame_they_were_found_in(board: Board) -> None:
    stamp, found = boxes(board)
    packet = Pictures().camera(board)
    assert packet is not None
    length = int.from_bytes(packet.data[1:5], "big")
    header = json.loads(packet.data[5 : 5 + length])
    assert header["size"] == [320, 240]
    assert header["boxes"] == found
    assert found[0]["id"] == 1
    assert found[0]["lock"] == "locked"
    picture = cv2.imdecode(np.frombuffer(packet.data[5 + length :], np.uint8), cv2.IMREAD_COLOR)
    frame = board.picture(stamp)
    assert frame is not None
    assert isinstance(frame.message, m.Image)
    assert np.abs(picture[:, :, ::-1].astype(int) - frame.message.data).mean() < 4.0


def test_pictures_are_made_once_until_something_new_comes(board: Board) -> None:
    pictures = Pictures()
    assert pictures.camera(board) is pictures.camera(board)
    assert pictures.grid(MAP, board, START) is pictures.grid(MAP, board, START)


def test_the_map_lies_with_its_far_rows_first(board: Board) -> None:
    packet = Pictures().grid(MAP, board, START)
    assert packet is not None
    length = int.from_bytes(packet.data[1:5], "big")
    header = json.loads(packet.data[5 : 5 + length])
    assert (header["origin"], header["resolution"], header["size"]) == ([-4.0, -4.0], 0.05, [160, 160])
    cells = cv2.imdecode(np.frombuffer(packet.data[5 + length :], np.uint8), cv2.IMREAD_UNCHANGED)
    occupied = np.argwhere(cells[:, :, 3] > 100)
    assert occupied[:, 0].min() == 160 - 64
    assert occupied[:, 1].min() == 60


def test_what_the_navigator_considers_lies_in_map_the_choice_last() -> None:
    made = Board()
    chosen = np.stack([np.arange(7.0), np.zeros(7)], axis=1).astype(np.float32)
    shown = m.Rollouts(stamp_ns=0, chosen=chosen, tried=np.stack([2 * chosen, 3 * chosen]))
    made.on_commit(commit(topics.NAV_ROLLOUTS, shown, 0))  # type: ignore[arg-type]
    best_last = [[[0.0, 0.0], [9.0, 0.0], [18.0, 0.0]], [[0.0, 0.0], [6.0, 0.0], [12.0, 0.0]]]
    assert moment(made, Pose2())["rollouts"] == [*best_last, [[0.0, 0.0], [3.0, 0.0], [6.0, 0.0]]]
    assert moment(made, START)["rollouts"][-1][-1] == pytest.approx([2.0, 5.0], abs=0.01)
    still = m.Rollouts(stamp_ns=1, chosen=chosen[:0], tried=np.zeros((0, 0, 2), np.float32))
    made.on_commit(commit(topics.NAV_ROLLOUTS, still, 1))  # type: ignore[arg-type]
    assert "rollouts" not in moment(made, Pose2())


def test_costs_are_drawn_darker_the_dearer(board: Board) -> None:
    made = Board()
    cells = np.array([[0, 20], [80, 255]], np.uint8)
    costs = m.Costs(stamp_ns=0, origin_x=0.0, origin_y=0.0, resolution_m=0.05, cells=cells)
    made.on_commit(commit(topics.NAV_COSTS, costs, 0))  # type: ignore[arg-type]
    assert Pictures().grid(COSTS, board, START) is None  # nobody spoke of costs there
    (packet,) = Pictures().all(made, START)
    picture = packet.data[5 + int.from_bytes(packet.data[1:5], "big") :]
    alpha = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED)[:, :, 3]
    assert alpha[1, 0] == 0
    assert alpha[1, 0] < alpha[1, 1] < alpha[0, 0] < alpha[0, 1]


def test_a_node_that_goes_silent_is_stale(board: Board) -> None:
    rows = (NodeRow("world", (("scan", 10.0), ("log", 0.0))), NodeRow("dead", (("nobody/says", 5.0),)))
    world, dead = node_table(board, rows)
    assert world["topic"] == "scan"
    assert world["hz"] == pytest.approx(10.0, abs=1.1)
    assert (world["stale"], dead["stale"]) == (False, True)
    board.health = {"world": {"failures": 2, "p50_ms": 0.5}}
    assert node_table(board, rows)[0]["failures"] == 2


def test_lines_are_numbered_through_and_old_ones_go(board: Board) -> None:
    end, lines = board.lines(0)
    assert end == len(lines)
    assert {"said", "reply"} <= {line["level"] for line in lines}
    assert "second 1" in [line["text"] for line in lines]
    assert board.lines(end) == (end, [])
    for number in range(1000):
        board.note("info", str(number))
    last, kept = board.lines(end)
    assert last == end + 1000
    assert kept[-1]["text"] == "999"
    assert len(kept) == 400
    assert board.lines(last - 2)[1] == kept[-2:]
