"""Changes each limit and timeout of the firmware in turn and expects the tests of the core to notice every change.

`python -m tools.mutate_firmware [NAME ...]`: builds the core with one constant of limits.h, or of the rover's wheels.h,
made larger and once made smaller, runs the tests of that body's core against it, and prints which tests went red.
Exit 1 where a change survived. About two seconds per change.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRMWARE = ROOT / "firmware_bridge" / "firmware"
TESTS = {"limits.h": "tests/hil/test_firmware_core.py", "wheels.h": "tests/hil/test_firmware_rover.py"}
"""What holds each file's constants."""
CONSTANT = re.compile(r"^#define (\w+) \(?(-?\d+)\)?", re.MULTILINE)


def constants(header: str = "limits.h") -> dict[str, int]:
    """Return every limit and timeout of a header."""
    return {name: int(value) for name, value in CONSTANT.findall((FIRMWARE / "core" / header).read_text("utf-8"))}


def mutants(name: str, value: int) -> tuple[int, int]:
    """Return a smaller and a larger value: a tenth of it away, so that coarse tests do not pass for good ones."""
    step = max(1, abs(value) // 10)
    if name.endswith("_MS"):
        step = max(5, step // 5 * 5)  # timeouts count control steps of 5 ms
    return value - step, value + step


def build(folder: Path, name: str, value: int, header: str = "limits.h") -> Path:
    """Build the core with `name` of a header changed to `value`; return the folder of the build."""
    source, out = folder / "firmware", folder / "build"
    shutil.copytree(FIRMWARE, source)
    place = source / "core" / header
    text = place.read_text("utf-8")
    changed = re.sub(rf"^(#define {name}) \(?-?\d+\)?", rf"\1 ({value})", text, flags=re.MULTILINE)
    place.write_text(changed, "utf-8")
    out.mkdir()
    protocol = subprocess.run(
        [sys.executable, "-m", "firmware_bridge.protocol.header", str(out / "protocol.h")], cwd=ROOT
    )
    protocol.check_returncode()
    core = sorted(str(path) for path in (source / "core").glob("*.c"))
    command = ["gcc", "-std=c11", "-O1", "-fsanitize=undefined", f"-I{source / 'core'}", f"-I{out}", *core]
    body = ["-DROVER", "-o", str(out / "core_host_rover")] if header == "wheels.h" else ["-o", str(out / "core_host")]
    subprocess.run([*command, str(source / "host" / "core_host.c"), *body], check=True)
    return out


def red_tests(build_folder: Path, header: str = "limits.h") -> list[str]:
    """Return the names of the tests of a header's constants that fail against a build."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header"]
    target = [TESTS[header], f"--firmware-build={build_folder}"]
    done = subprocess.run([*command, *target], cwd=ROOT, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the tests did not run:\n{done.stdout}{done.stderr}")
    return re.findall(r"^FAILED \S+::(\S+)", done.stdout, re.MULTILINE)


def survivors(names: list[str]) -> list[str]:
    """Try every change of `names`, print one line each, and return those that no test noticed."""
    found: list[str] = []
    for header, name, value in everything():
        if names and name not in names:
            continue
        for mutant in mutants(name, value):
            with tempfile.TemporaryDirectory() as folder:
                red = red_tests(build(Path(folder), name, mutant, header), header)
            print(f"{header} {name} {value} -> {mutant}: {', '.join(red) or 'SURVIVED'}", flush=True)
            if not red:
                found.append(f"{header} {name} -> {mutant}")
    return found


def everything() -> list[tuple[str, str, int]]:
    """Return header, name and value of every constant."""
    return [(header, name, value) for header in TESTS for name, value in constants(header).items()]


def main() -> int:
    """Run; exit 1 where a change survived."""
    found = survivors(sys.argv[1:])
    print(f"{len(everything())} constants, {len(found)} changes survived")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
