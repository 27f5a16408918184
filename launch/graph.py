"""A resolved graph as text and as a mermaid diagram."""

from __future__ import annotations

from robot.runtime.table import Graph, Slot


def describe(graph: Graph) -> list[str]:
    """Return the nodes with what goes in and out, one block each."""
    lines = [
        f"{len(graph.slots)} nodes, each a process of its own in the stepped runner; {graph.ticks.hz} ticks a second"
    ]
    for slot in graph.slots:
        lines += ["", f"{slot.row.name}  ({slot.row.node}, {_pace(graph, slot)})"]
        lines += [f"  in   {_port(t.name, t.type.__name__, _writer(graph, slot, t.name))}" for t in slot.inputs]
        lines += [f"  out  {_port(t.name, t.type.__name__, '')}" for t in slot.outputs]
    truth = [s.row.name for s in graph.slots if any(t.is_truth for t in s.inputs)]
    lines += ["", f"reads truth: {', '.join(truth) if truth else 'no node (scorers only)'}"]
    return lines


def mermaid(graph: Graph) -> list[str]:
    """Return the same graph as a mermaid flowchart."""
    lines = ["```mermaid", "flowchart LR"]
    lines += [f'  {slot.row.name}["{slot.row.name}<br/>{_pace(graph, slot)}"]' for slot in graph.slots]
    for slot in graph.slots:
        for topic in slot.inputs:
            writer = graph.writer_of(topic)
            if writer is not None:
                lines.append(f"  {writer.row.name} -- {topic.name} --> {slot.row.name}")
    return [*lines, "```"]


def _pace(graph: Graph, slot: Slot) -> str:
    pace = f"on {slot.trigger.name}" if slot.trigger else f"{graph.ticks.hz / (slot.period or 1):g} Hz"
    return pace + (f", {slot.row.latency_s * 1000:g} ms latency" if slot.latency else "")


def _port(name: str, type_name: str, source: str) -> str:
    return f"{name:<22} {type_name:<14} {source}".rstrip()


def _writer(graph: Graph, slot: Slot, topic: str) -> str:
    for other in graph.slots:
        if any(t.name == topic for t in other.outputs):
            return f"from {other.row.name}"
    return "from outside, on request"
