"""Writes what the pages say of the code: docs/messages.md, and the graph in docs/concepts.md (`python -m tools.pages`).

A test holds both against the code, so that they are never older than what runs.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

import robot.messages
from launch.execute import prepare
from launch.graph import mermaid
from launch.profiles import PROFILES, RunSpec
from robot import topics
from robot.node import Topic

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- graph: python -m tools.pages -->\n", "<!-- end -->"
HEAD = """# Topics and messages

Made by `python -m tools.pages` from `robot/topics.py` and `robot/messages/`; a test keeps it current. Units are
SI and radians unless a name says otherwise; frames follow REP 103 and 105 (x forward, y left, z up). On the wire a
message is msgpack with one envelope `(topic, seq, t_ns, src, valid)`; small arrays travel inside it, large ones as raw
frames behind it.

`truth/` is what only the simulator knows: scorers and reports may read it, nodes may not.

| topic | message | nominal rate | kept | logged | what it is |
|---|---|---|---|---|---|
"""


def pages() -> dict[Path, str]:
    """Return the text of every page that is made here."""
    concepts = DOCS / "concepts.md"
    return {DOCS / "messages.md": messages(), concepts: with_graph(concepts.read_text())}


def with_graph(text: str) -> str:
    """Return a page with the graph of follow_me between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    graph = prepare(RunSpec("follow_me", PROFILES["follow_me"].world, perception="pixels"))
    return "\n".join([before + BEGIN, *mermaid(graph), "", END + after])


def messages() -> str:
    """Return the page of topics and messages as Markdown."""
    rows = "\n".join(_topic(topic) for topic in topics.TABLE.values())
    blocks = [block for module in _modules() for block in _classes(module)]
    return HEAD + rows + "\n\n" + "\n\n".join(blocks) + "\n"


def _topic(topic: Topic[object]) -> str:  # type: ignore[type-var]  # any message
    name = topic.type.__name__
    rate = f"{topic.rate_hz:g} Hz" if topic.rate_hz else "on event"
    kept = "all" if topic.keep == "all" else "newest"
    logged = "yes" if topic.log else "no"
    return f"| `{topic.name}` | [{name}](#{name.lower()}) | {rate} | {kept} | {logged} | {topic.doc} |"


def _modules() -> list[ModuleType]:
    found = [module for _, module in inspect.getmembers(robot.messages, inspect.ismodule)]
    return sorted((m for m in found if m.__name__.startswith("robot.messages.")), key=lambda module: module.__name__)


def _classes(module: ModuleType) -> list[str]:
    tree = ast.parse(inspect.getsource(module))
    return [_class(node) for node in tree.body if isinstance(node, ast.ClassDef)]


def _class(node: ast.ClassDef) -> str:
    lines = [f"### {node.name}", "", *(ast.get_docstring(node) or "").splitlines(), ""]
    lines += ["| field | type | default | meaning |", "|---|---|---|---|"]
    for field, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign):
            default = "" if field.value is None else f"`{ast.unparse(field.value)}`"
            kind = ast.unparse(field.annotation).replace("|", "\\|")
            lines.append(f"| `{ast.unparse(field.target)}` | `{kind}` | {default} | {_meaning(field, following)} |")
    return "\n".join(lines)


def _meaning(field: ast.AnnAssign, following: ast.stmt | None) -> str:
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        return " ".join(str(following.value.value).split()).replace("|", "\\|")
    return "ns since the start of the run" if ast.unparse(field.target) == "stamp_ns" else ""


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text)
        print(path.name)
