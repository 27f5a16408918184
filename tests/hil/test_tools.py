"""Short versions of the committed measurements: fuzzing both parsers, and mutants of the firmware."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import fuzz_protocol, mutate_firmware


def test_both_parsers_survive_generated_bytes(firmware_build: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert fuzz_protocol.firmware(500_000, 7) == 0
    assert fuzz_protocol.host(60_000, 7) == 0
    said = capfd.readouterr().out
    assert len(re.findall(r"expected to pass by chance \d", said)) == 2


@pytest.mark.usefixtures("firmware_build")
@pytest.mark.parametrize("name", ["HOLD_AFTER_MS", "JOINT1_RATE"])
def test_a_changed_limit_turns_a_test_red(name: str, tmp_path: Path) -> None:
    value = mutate_firmware.constants()[name]
    build = mutate_firmware.build(tmp_path, name, mutate_firmware.mutants(name, value)[1])
    assert mutate_firmware.red_tests(build)


def test_every_constant_of_the_limits_is_tried() -> None:
    for header, count in {"limits.h": 30, "wheels.h": 5}.items():
        text = (mutate_firmware.FIRMWARE / "core" / header).read_text()
        assert len(mutate_firmware.constants(header)) == text.count("#define") == count


def test_the_images_fill_less_than_60_percent(firmware_build: Path) -> None:
    command = [sys.executable, "-m", "firmware_bridge.emulator.sizes", str(firmware_build)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    shares = [float(share) for share in re.findall(r"\(([\d.]+)%\)", said)]
    assert len(shares) == 8
    assert max(shares) < 60
