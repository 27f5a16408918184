"""Templates to a page that stands alone: style and pictures inside it, nothing fetched from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).parent


def render(template: str, values: dict[str, Any]) -> str:
    """Return `template` filled with `values`; plain text is escaped, SVG must come as Markup."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["style"] = Markup((HERE / "style.css").read_text(encoding="utf-8"))
    return environment.get_template(template).render(values)
