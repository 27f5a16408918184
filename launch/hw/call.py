"""What a call says of devices, checked before anything is started: one line names what is missing and what to do."""

from __future__ import annotations

from pathlib import Path

from firmware_bridge.calibration import CalibrationError, load
from firmware_bridge.devices.makers import BusMounting, MakerMissing, bus_device, maker_of
from firmware_bridge.emulator.board import KINDS, ROVER
from firmware_bridge.emulator.library import FirmwareMissing, built
from firmware_bridge.greet import PATIENCE_S, NoAnswer, greet
from firmware_bridge.joints import TABLETOP
from firmware_bridge.link.link import ProtocolMismatch
from firmware_bridge.node import board_kind
from firmware_bridge.transports.transport import TransportLost
from launch.errors import CallError, unknown
from launch.spec import Devices
from robot.perception.video import VideoError, open_video, video_seconds


def loop_devices(profile: str, hil: bool, board: str, calibration: Path | None) -> Devices:
    """Return the devices of a simulation. Raises CallError."""
    if calibration is not None and profile != "tabletop":
        raise CallError(f"--calibration: says where the display's servos stand; {profile} has none")
    file = checked_calibration(calibration)
    if not hil:
        return Devices(calibration=file)
    if profile != "tabletop":
        raise CallError(f"--hil: {profile} has no servos for a board to drive; there is: tabletop")
    boards = [kind for kind in KINDS if not kind.endswith(ROVER)]
    if board not in boards:
        raise unknown("value of --board:", board, boards)
    _check_built(board, "--hil")
    return Devices(hil=board, calibration=file)


def checked_calibration(path: Path | None) -> str:
    """Return the path of a calibration that suits the body, empty for None. Raises CallError."""
    if path is None:
        return ""
    try:
        load(path)
    except CalibrationError as error:
        raise CallError(f"--calibration {error}") from error
    return str(path.resolve())


def check_board(port: str, body: str, clear_faults: bool) -> None:
    """Say Hello to the board. Raises CallError where none answers, or one that cannot be driven."""
    bus = maker_of(port)
    if bus is not None:
        _check_bus(port, *bus, body)
        return
    try:
        kind = board_kind(port)
    except ValueError as error:
        raise CallError(f"--port: {error}") from error
    if kind is not None:
        _check_body(port, kind, body)
        _check_built(kind, f"--port {port}")
        return
    check_port(port, f"launch hw {body}")
    try:
        found = greet(port, PATIENCE_S)
    except TransportLost as error:
        busy = "another program has it" if "lock" in str(error) else str(error)
        raise CallError(f"--port {port}: cannot be opened ({busy})") from error
    except NoAnswer as error:
        raise CallError(f"--port {port}: {error}; to put it on a board: launch flash --port {port}") from error
    except ProtocolMismatch as error:
        raise CallError(f"--port {port}: {error}") from error
    _check_body(port, found.board, body)
    if found.faults and not clear_faults:
        latched = ", ".join(found.faults)
        raise CallError(f"--port {port}: the board has latched {latched}; see to the cause, then add --clear-faults")


def missing_devices(profile: str) -> list[str]:
    """Return what a profile of hardware would not find on this machine; nothing for a simulation."""
    from firmware_bridge.ports import found_ports

    if not profile.startswith("hw_"):
        return []
    found = [] if found_ports() else ["no serial port has anything on it (emulated:uno needs none)"]
    try:
        if profile == "hw_tabletop":
            open_video("0").release()
    except VideoError as error:
        found.append(f"{error}; a video does")
    return found


def _check_bus(port: str, maker: str, path: str, body: str) -> None:
    if body == "rover":
        raise CallError(f"--port {port}: a rover's wheels need a board with our firmware")
    check_port(path, f"launch hw {body}")
    try:
        bus_device(maker, path, BusMounting(), TABLETOP)
    except MakerMissing as error:
        raise CallError(f"--port {port}: {error}") from error


def _check_body(port: str, board: str, body: str) -> None:
    """A board's firmware has the limits of one body: another's joints or wheels must not hang on it."""
    if board.endswith(ROVER) != (body == "rover"):
        image = board.removesuffix(ROVER) + (ROVER if body == "rover" else "")
        flash = f"emulated:{image}" if port.startswith("emulated:") else f"launch flash --board {image} --port {port}"
        raise CallError(f"--port {port}: has the firmware of another body ({board}); {body} needs: {flash}")


def check_port(port: str, command: str) -> None:
    """Raise CallError where there is no such port, with those there are."""
    from firmware_bridge.ports import found_ports

    if port and Path(port).is_char_device():
        return
    found = ", ".join(f"{p.path} ({p.what})" for p in found_ports()) or "none"
    raise CallError(f"no serial device at '{port}'; found: {found}. Try: {command} --port PATH")


def check_camera(camera: str) -> float | None:
    """Return how long a video lasts, None for a camera. Raises CallError where there is neither."""
    try:
        if not camera.isdecimal():
            return video_seconds(camera)
        open_video(camera).release()
    except VideoError as error:
        hint = "" if camera.isdecimal() else "; name a camera's number or a video"
        raise CallError(f"--camera: {error}{hint}") from error
    return None


def _check_built(board: str, option: str) -> None:
    try:
        built(f"{board}.hex")
        built("libboard.so")
    except FirmwareMissing as error:
        raise CallError(f"{option}: {error}") from error
