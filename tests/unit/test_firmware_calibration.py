"""The calibration file: written whole, read strictly, refused where it contradicts the body; and wrong calls."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.calibration import CalibrationError, contradiction, defaults, in_order, load, save
from firmware_bridge.joints import DEFAULT_CALIBRATION, PULSE_MAX_US, PULSE_MIN_US, TABLETOP, ServoCalibration
from launch.cli import call


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    save(path, defaults())
    assert load(path) == defaults()
    assert in_order(load(path)) == DEFAULT_CALIBRATION
    assert list(tmp_path.iterdir()) == [path]  # no draft is left


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "format 2, this program reads 1"),
        ({"payload_kg": 9.0}, "payload of 9 kg"),
        ({"payload_kg": -1.0}, "payload of -1 kg"),
        ({"body_name": "x"}, "unknown field `body_name`"),
        ({"joints": {}}, "the body has base_yaw, boom_pitch, display_pitch, display_roll"),
        ({"payload_kg": "heavy"}, "Expected `float`"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(change: dict[str, object], said: str, tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    save(path, defaults())
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CalibrationError) as error:
        load(path)
    assert said in str(error.value)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00\xff"])
def test_bytes_that_are_no_json_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    path.write_text(text)
    with pytest.raises(CalibrationError, match=r"desk\.json"):
        load(path)


@pytest.mark.parametrize(
    ("servo", "said"),
    [
        (ServoCalibration(range_min_rad=-0.61), "passes the body's limits -34.4° to 51.6°"),
        (ServoCalibration(range_max_rad=0.91), "passes the body's limits"),
        (ServoCalibration(range_min_rad=0.1), "does not hold 0"),
        (ServoCalibration(range_max_rad=float("nan")), "not finite"),
        (ServoCalibration(us_per_rad=0), "us/rad"),
        (ServoCalibration(us_per_rad=-2001), "us/rad"),
        (ServoCalibration(centre_us=700), "pulses of 382"),
        (ServoCalibration(centre_us=2300, us_per_rad=-637), "to 2618 us"),
        (ServoCalibration(feedback_centre_mv=5001), "feedback"),
    ],
)
def test_what_contradicts_the_body_is_named(servo: ServoCalibration, said: str, tmp_path: Path) -> None:
    wrong = contradiction(servo, TABLETOP[1])
    assert wrong is not None
    assert said in wrong
    file = defaults()
    bad = type(file)(file.format, file.body, file.payload_kg, file.joints | {"boom_pitch": servo})
    with pytest.raises(CalibrationError, match="boom_pitch"):
        save(tmp_path / "desk.json", bad)
    assert list(tmp_path.iterdir()) == []


@given(
    st.integers(0, 3000),
    st.integers(-2500, 2500),
    st.floats(-4, 4),
    st.floats(-4, 4),
    st.sampled_from(TABLETOP),
)
def test_no_calibration_that_passes_can_pass_a_limit(centre: int, scale: int, low: float, high: float, joint) -> None:  # type: ignore[no-untyped-def]
    servo = replace(ServoCalibration(), centre_us=centre, us_per_rad=scale, range_min_rad=low, range_max_rad=high)
    if contradiction(servo, joint) is None:
        assert joint.min_rad <= low < 0 < high <= joint.max_rad
        assert all(PULSE_MIN_US <= servo.pulse_us(end) <= PULSE_MAX_US for end in (low, high))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["flash"], "no serial device at ''"),
        (["flash", "--port", "/dev/no"], "no serial device at '/dev/no'"),
        (["flash", "--port", "/dev/null"], "say --board uno or --board mega"),
        (["flash", "--port", "/dev/null", "--board", "unoo"], "unknown value of --board: 'unoo' (did you mean 'uno'?)"),
        (["calibrate"], "no serial device at ''"),
        (["calibrate", "--body", "rover"], "unknown value of --body: 'rover'"),
        (["calibrate", "--out", "no/such/desk.json", "--defaults"], "must be a .json file in a folder that exists"),
        (["calibrate", "--out", "desk.txt", "--defaults"], "must be a .json file"),
        (["calibrate", "--check", "desk.json"], "desk.json: No such file"),
        (["calibrate", "--port", "emulated:due"], "no emulated board 'due'"),
        (["port"], "No such command 'port'"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(arguments) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.startswith("launch: ")
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_defaults_can_be_written_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(["calibrate", "--defaults"]) == 0
    assert call(["calibrate", "--check", "calibration.json"]) == 0
    assert "calibration.json: a calibration of the tabletop" in capsys.readouterr().out
