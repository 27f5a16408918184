"""`junit.xml` of a bench: one case per bar and one per judged episode, so that any CI shows what fell short."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from launch.report.verdict import failed_bars
from launch.report.words import told, words_for


def junit_of(summary: Mapping[str, Any]) -> str:
    """Return the XML. Rows of other labels than the first are baselines: compared with, not judged."""
    root = Xml.Element("testsuites", name=f"bench {summary['bench']}")
    bars = Xml.SubElement(root, "testsuite", name="bars")
    for bar in summary["bars"]:
        case = Xml.SubElement(bars, "testcase", classname="bars", name=f"{bar['metric']} {bar['rule']} {bar['bar']:g}")
        if not bar["held"]:
            Xml.SubElement(case, "failure", message=f"reached {bar['reached']:g}")
    episodes = Xml.SubElement(root, "testsuite", name="episodes")
    judged = next(iter(summary["aggregate"]), None)
    for row in summary["rows"]:
        if row["label"] == judged:
            _episode(episodes, row, summary)
    for suite in (bars, episodes):
        for counted, tag in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error")):
            suite.set(counted, str(len(suite.findall(tag))))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _episode(suite: Xml.Element, row: Mapping[str, Any], summary: Mapping[str, Any]) -> None:
    name = str(row.get("title") or f"{Path(str(row['world'])).stem} seed {row['seed']}")
    case = Xml.SubElement(suite, "testcase", classname=f"{summary['bench']}.{row['label']}", name=name)
    case.set("time", f"{row.get('wall_seconds') or 0.0:.3f}")
    if row.get("failed"):
        Xml.SubElement(case, "error", message=str(row["failed"])).text = str(row.get("command", ""))
        return
    misses = failed_bars(row, summary["bars"])
    if misses:
        words = ", ".join(f"{metric} {told(row.get(metric), words_for(metric).form)}" for metric in misses)
        Xml.SubElement(case, "failure", message=words).text = str(row.get("command", ""))
