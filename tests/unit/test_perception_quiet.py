"""A newcomer's terminal stays clean while the networks start, and tells everything when they do not."""

import os

import pytest

from robot.perception.bodies import BodyDetector, PostureReader
from robot.perception.quiet import STDERR, quiet_stderr


def test_held_back_when_all_is_well(capfd):
    with quiet_stderr():
        os.write(STDERR, b"greetings\n")
    os.write(STDERR, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_let_out_when_it_fails(capfd):
    @quiet_stderr()
    def start() -> None:
        os.write(STDERR, b"E0000 cannot open file\n")
        raise ValueError("no model")

    with pytest.raises(ValueError, match="no model"):
        start()
    assert capfd.readouterr().err == "E0000 cannot open file\n"


def test_networks_start_in_silence(capfd):
    networks = (BodyDetector(0.4), PostureReader())
    for network in networks:
        network.close()
    assert capfd.readouterr().err == ""
