"""What every bench of episodes does: run them, keep rows as they come, write the files, compare with a baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from launch.errors import CallError

Row = dict[str, Any]
Engine = Annotated[
    str, typer.Option(help="local: processes of this machine; ray: a Ray cluster (RAY_ADDRESS, or local).")
]
Jobs = Annotated[int, typer.Option(help="Processes at a time.")]
Baseline = Annotated[Path | None, typer.Option(help="JSON of earlier rows to compare with; exit 1 where it got worse.")]
Update = Annotated[bool, typer.Option("--update-baseline", help="Show the difference, then write --baseline anew.")]
Overrides = Annotated[list[str] | None, typer.Option("--set", help="row.key=value")]
Out = Annotated[Path | None, typer.Option(help="Folder for summary.json and the report.")]


@dataclass(frozen=True)
class How:
    """How to run the episodes, what to compare with, and where to leave the files."""

    jobs: int
    engine: str
    baseline: Path | None
    update: bool
    out: Path | None


def run_rows(
    run_episode: Callable[[Any], Row],
    chosen: Sequence[Any],
    summary: dict[str, Any],
    judge: Callable[[list[Row]], list[dict[str, Any]]],
    how: How,
    *,
    bootstrap: bool = False,
) -> int:
    """Run episodes (each with a label and a spec), write the files, compare.

    Args:
        judge: gives the bars' lines of the rows under the first episode's label; other labels are there to compare.

    Returns:
        The exit code: 1 where a node failed or the comparison is red.
    """
    from launch.bench.collect import collect
    from launch.bench.engine import run_all
    from launch.bench.output import finish
    from launch.bench.regression import Limits, compare, read_baseline, write_baseline
    from launch.folder import run_folder

    baseline, update = how.baseline, how.update
    if update and baseline is None:
        raise CallError("--update-baseline: needs --baseline FILE to write to")
    if update and baseline is not None and not baseline.parent.is_dir():
        raise CallError(f"--baseline {baseline}: must be in a folder that exists")
    old = read_baseline(baseline) if baseline is not None and (baseline.exists() or not update) else ([], Limits())
    found = run_all(run_episode, chosen, how.jobs, how.engine)
    folder = run_folder(how.out, f"bench-{summary['bench']}-{Path(str(summary['suite'])).stem.replace(':', '-')}")
    place = {(e.label, e.spec.world, e.spec.seed): i for i, e in enumerate(chosen)}
    rows = sorted(
        collect(found, len(chosen), "episodes", folder / "rows.jsonl"),
        key=lambda row: place[row["label"], row["world"], row["seed"]],
    )
    summary["bars"] = judge([row for row in rows if row["label"] == chosen[0].label])
    comparison = None if baseline is None else compare(old[0], rows, old[1])
    if comparison is not None:
        summary["comparison"] = comparison.as_dict()
    finish(folder, summary, rows, bootstrap=bootstrap)
    for line in [] if comparison is None else comparison.lines():
        typer.echo(line)
    if baseline is not None and update:
        write_baseline(baseline, rows, old[1])
        typer.echo(f"wrote {baseline} ({len(rows)} rows)")
    red = comparison is not None and bool(comparison.red) and not update
    return 1 if red or any(row["failed"] for row in rows) else 0
