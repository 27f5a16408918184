"""Words make no run differ: the same script, in one process and in one per node, gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from launch.execute import RunOptions, execute
from launch.profiles import RunSpec

SCRIPT = (
    "commands.listen=false",
    "language.phrasebook=''",
    "commands.script=[{at_s: 0.5, text: 'go to the kitchen, then the bath'}, "
    "{at_s: 2, text: 'no, not the bath, the office'}]",
)


def test_a_script_gives_one_hash_in_both_runners(tmp_path: Path) -> None:
    hashes = set()
    for runner in ("lockstep", "stepped"):
        spec = RunSpec("home", "apartment", seed=3, duration_s=4.0, perception="emulated", overrides=SCRIPT)
        options = RunOptions(runner=runner, fast=True, out=tmp_path / runner, report=False)  # type: ignore[arg-type]  # literals above
        summary, _ = execute(spec, options)
        assert summary["failed"] is None
        told = [event["text"] for event in summary["events"] if event["kind"] == "says"]
        assert told[0].startswith("I'll go to the kitchen, then go to the bath")
        assert told[1].endswith("then go to the office.")
        hashes.add(summary["log_sha256"])
    assert len(hashes) == 1
