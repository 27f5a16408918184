"""The commands of README and docs, each shortened by rules that stand here: what a name in capitals stands for, and how
much less than a page asks for is run. Whatever two commands shorten to the same is run once."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

import typer
from pages_text import FENCE, ROOT, commands
from typer.exceptions import TyperException

from launch.cli import app

SPAN = re.compile(r"`(launch\s[^`]+)`")
INDENTED = re.compile(r"^ {4}(launch\s.+)$", re.MULTILINE)
ELSEWHERE = {
    "launch bench bus": "tests/unit/test_bus_bench.py",  # a minute of five transports' measurements
    "launch bench engine --ray": "tests/scenarios/test_engine_ray.py",  # a cluster, and the loss of a worker
    "launch listen --tell": "tests/unit/test_voice_ear.py",  # needs a microphone, and a home that runs
    "launch listen --tell --speak": "tests/unit/test_voice_ear.py",
    "launch sim home --set voice.wav=FILE": "tests/unit/test_voice_ear.py",  # needs a recording of somebody speaking
    "launch sim home --set voice.device=0": "tests/unit/test_voice_ear.py",  # needs a microphone
    "launch bench voice hearing --seeds 8 --first-seed 1": "tests/unit/test_voice_ear.py",  # minutes of speech
    "launch hw tabletop --port dynamixel:/dev/ttyUSB0": "tests/unit/test_servos.py",  # needs the maker's adapter
}
"""Commands that a test of their own tries."""

BRIEF = ("--duration", "1", "--perception", "emulated", "--runner", "lockstep", "--fast", "--no-video", "--port", "0")
STANDS_FOR = {  # what a page writes, and which of the test's own files it is here
    "FOLDER": "run",
    "VIDEO": "film.mp4",
    "video.mp4": "film.mp4",
    "office.world": "office.world",
    "PROFILE": "follow_me",
    "../shared/data/barn/barn_dev_250.json": "barn.json",
}
FILES = {  # what FILE is, by the command
    ("bench", "barn"): "barn.json",
    ("worlds", "import"): "office.world",
    ("worlds", "render"): "flat.yaml",
    ("sim", "follow_me"): "flat.yaml",
    ("understand", "--wav"): "said.wav",
    ("listen", "--wav"): "said.wav",
}
SUITES = {  # a part of a suite for the whole
    "": "stability:limiter",
    "homes": "studio",
    "clutter": "clutter:1:0",
    "hazards": "hazards:shoe:0",
    "pose": "pose:anna",
    "nods": "nods:talk",
    "nods:mixed": "nods:talk",
    "lock": "lock:crowd",
    "lock:party": "lock:crowd",
    "mimic:nodder": "mimic:nodder",
    "speed": "speed:1_face",
    "stability": "stability:limiter",
}
FEWER = {  # options of each bench
    "follow": ("--seeds", "1", "--duration", "1", "--perception", "emulated", "--jobs", "1"),
    "nav": ("--seeds", "1", "--jobs", "1"),
    "barn": ("--seeds", "1", "--worlds", "1", "--jobs", "1"),
    "kernels": ("--grids", "1", "--repeats", "1"),
    "sim": ("--seconds", "0.1", "--repeats", "1"),
    "memory": ("--minutes", "0.01", "--perception", "emulated"),
    "envs": ("--seconds", "0.5"),
    "page": ("--seconds", "1", "--repeats", "1", "--perception", "emulated"),
    "voice": (),
    "tabletop": ("--seeds", "1", "--jobs", "1"),
    "hil": ("--seeds", "1", "--duration", "5", "--perception", "emulated"),
}
LESS = frozenset(
    {"--seeds", "--first-seed", "--jobs", "--duration", "--minutes", "--seconds", "--repeats", "--perception"}
)
"""Options of a bench whose value on the page is not taken"""


@dataclass(frozen=True)
class PageCommand:
    """A command as a page has it, and as it is tried."""

    page: str
    words: tuple[str, ...]
    short: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)


def page_commands() -> list[PageCommand]:
    """Return every whole command of README and docs, of those that shorten to the same the first."""
    found: dict[tuple[str, ...], PageCommand] = {}
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for words in written(page.read_text()):
            short = shortened(words)
            if short is not None:
                found.setdefault(short, PageCommand(page.name, tuple(words), short))
    return list(found.values())


def written(text: str) -> list[list[str]]:
    """Return a page's whole commands: in blocks, indented, or within a sentence; `launch replay` alone is a name."""
    prose = FENCE.sub("", text)
    spans = [*SPAN.findall(prose), *INDENTED.findall(prose)]
    plain = [re.sub(r"\[--[^\]]*\]", "", " ".join(span.split())) for span in spans]
    return [words for words in (*commands(text), *(shlex.split(span) for span in plain)) if is_whole(words)]


def is_whole(words: list[str]) -> bool:
    """Return whether nothing is missing of a command."""
    command, rest, name = typer.main.get_command(app), words[1:], "launch"
    while rest and hasattr(command, "commands") and rest[0] in command.commands:
        name, command, rest = f"{name} {rest[0]}", command.commands[rest[0]], rest[1:]
    try:
        command.make_context(name, list(rest), resilient_parsing=False)
    except TyperException:
        return False
    return True


def shortened(words: list[str]) -> tuple[str, ...] | None:
    """Return the arguments to try of a command; None where a test of its own does."""
    if " ".join(words) in ELSEWHERE:
        return None
    key = (*words[1:3], "")[:2]
    short = [FILES[key] if word == "FILE" else STANDS_FOR.get(word, word) for word in words[1:]]
    match key[0]:
        case "sim":
            return (*short, *BRIEF)
        case "bench":
            return shortened_bench(short)
        case "hw":
            return ("hw", short[1], "--port", BOARDS[short[1]], "--duration", "1", *BEFORE_A_CAMERA[short[1]])
        case "flash":
            return (
                *replaced(short, "--port", "/dev/null"),
                *(() if "--board" in short else ("--board", "uno")),
                "--dry-run",
            )
        case "listen" if "--wav" not in short:
            return (*short, "--wav", "said.wav")
        case "calibrate":
            return tuple(short) if "--check" in short else ("calibrate", "--defaults", "--out", "desk.json")
    return tuple(short)


BOARDS = {"tabletop": "emulated:uno", "rover": "emulated:uno_rover"}
BEFORE_A_CAMERA = {"tabletop": ("--camera", "film.mp4", "--calibration", "desk.json"), "rover": ()}


def shortened_bench(short: list[str]) -> tuple[str, ...]:
    """Return a bench with a part of its suite, and little of that."""
    kept = ["bench", short[1]]
    rest = short[2:]
    if short[1] in ("follow", "nav", "tabletop", "barn", "voice"):
        suite = rest.pop(0) if rest and not rest[0].startswith("-") else ""
        kept.append("tasks.txt" if (short[1], suite) == ("voice", "") else SUITES.get(suite, suite))
    while rest:
        option = rest.pop(0)
        value = [rest.pop(0)] if rest and not rest[0].startswith("--") else []
        if option not in LESS and option != "--planner":  # the pages name the usual one
            kept += [option, *value]
    tasks = ("--seeds", "1", "--jobs", "1") if kept[-1] in ("tasks", "display") else ()
    can_be_emulated = kept[1] == "tabletop" and kept[2].split(":")[0] in ("nods", "mimic")
    emulated = ("--perception", "emulated") if can_be_emulated else ()
    return (*kept, *FEWER[short[1]], *tasks, *emulated)


def replaced(words: list[str], option: str, value: str) -> list[str]:
    """Return the words with another value of an option, or with the option."""
    if option not in words:
        return [*words, option, value]
    at = words.index(option) + 1
    return [*words[:at], value, *words[at + 1 :]]
