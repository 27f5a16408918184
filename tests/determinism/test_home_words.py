"""Words make no run differ: the same script, in one process and in one per node, gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from launch.execute import RunOptions, execute
from launch.profiles import RunSpec
from launch.spec import Devices

QUIET = ("commands.listen=false", "language.phrasebook=''")
HOME = (
    "commands.script=[{at_s: 0.5, text: 'go to the kitchen, then the bath'}, "
    "{at_s: 2, text: 'no, not the bath, the office'}]"
)
BOTH = "commands.script=[{at_s: 0.5, text: 'nod'}, {at_s: 1, text: 'go to the kitchen, then the office, and then nod'}]"
DESK = "commands.script=[{at_s: 0.5, text: 'focus on him'}, {at_s: 1.5, text: 'the one on the right'}]"
RUNS = {
    "home": (
        RunSpec("home", "apartment", 3, 4.0, "emulated", (*QUIET, HOME)),
        ("I'll go to the kitchen, then go to the bath", "then go to the office."),
    ),
    "both": (
        RunSpec("home", "apartment", 3, 6.0, "emulated", (*QUIET, BOTH)),
        ("I'll nod.", "then go to the office."),
    ),
    "desk": (
        RunSpec("tabletop", "meeting", 3, 3.0, "emulated", (*QUIET, DESK), devices=Devices(listens=True)),
        ("Which one", "I'll look at the person on the right."),
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_script_gives_one_hash_in_both_runners(name: str, tmp_path: Path) -> None:
    hashes = set()
    spec, says = RUNS[name]
    for runner in ("lockstep", "stepped"):
        options = RunOptions(runner=runner, fast=True, out=tmp_path / runner, report=False)  # type: ignore[arg-type]  # literals above
        summary, _ = execute(spec, options)
        assert summary["failed"] is None
        told = [event["text"] for event in summary["events"] if event["kind"].endswith("says")]
        assert told[0].startswith(says[0])
        assert told[1].endswith(says[1])
        hashes.add(summary["log_sha256"])
    assert len(hashes) == 1
