"""The pages say what is: made parts are current, links lead somewhere, commands exist, examples run as written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from pages_text import ROOT, anchors, blocks, commands, links, pages
from typer.exceptions import TyperException

from launch.cli import app
from tools.pages import pages as made_pages

HOWTOS = sorted((ROOT / "docs" / "howto").glob("*.md"))
WITH_COMMANDS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_what_is_made_from_the_code_is_current() -> None:
    for path, text in made_pages().items():
        assert path.read_text() == text, f"{path.name} is not current; run: python -m tools.pages"


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text()
    for target in links(text):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), f"{page.relative_to(ROOT)} links to {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there.read_text()), f"{page.relative_to(ROOT)} links to {target}"


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_on_a_page_is_one(page: Path) -> None:
    root = typer.main.get_command(app)
    for words in commands(page.read_text()):
        command, arguments, name = root, words[1:], "launch"
        try:
            while arguments and hasattr(command, "commands") and not arguments[0].startswith("-"):
                name, command = f"{name} {arguments[0]}", command.commands[arguments[0]]
                arguments = arguments[1:]
            if not hasattr(command, "commands"):
                command.make_context(name, list(arguments), resilient_parsing=False)
        except (KeyError, TyperException) as error:
            pytest.fail(f"{page.name}: `{' '.join(words)}`: {error}")


@pytest.mark.parametrize("page", HOWTOS, ids=lambda path: path.stem)
def test_a_how_to_does_what_it_says_as_written(page: Path, tmp_path: Path) -> None:
    shell = dict(os.environ, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    shell.pop("PYTEST_ADDOPTS", None)
    tried = 0
    for block in blocks(page.read_text()):
        kind, _, name = block.info.partition(" ")
        if kind in ("python", "yaml") and name:
            (tmp_path / name).write_text(block.body)
        elif kind == "sh":
            done = subprocess.run(
                ["bash", "-e", "-c", block.body], cwd=tmp_path, env=shell, capture_output=True, text=True, check=False
            )
            code, _, said = name.removeprefix("exit ").partition(": ")
            output = f"$ {block.body}{done.stdout}{done.stderr}"
            assert done.returncode == int(code or 0), output
            assert said in done.stderr, output
            tried += 1
    assert tried > 0
