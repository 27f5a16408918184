"""Every setting's default keeps the bound that is asked of whoever sets it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_type_hints

import msgspec
import pytest

import policies
import robot
import sim


def configs() -> Iterator[type[Any]]:
    """Yield every dataclass of settings, by its name."""
    for package in (robot, policies, sim):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for name, found in vars(importlib.import_module(module.name)).items():
                if name.endswith("Config") and is_dataclass(found) and getattr(found, "__module__", "") == module.name:
                    yield found


def bounded() -> Iterator[tuple[str, Any, Any]]:
    """Yield name, type and default of every setting that has a bound."""
    for config in configs():
        hints = get_type_hints(config, include_extras=True)
        for field in fields(config):
            if field.default is not MISSING and hasattr(hints[field.name], "__metadata__"):
                yield f"{config.__module__}.{config.__name__}.{field.name}", hints[field.name], field.default


FOUND = list(bounded())


def test_there_are_many() -> None:
    assert len(FOUND) > 250


@pytest.mark.parametrize(("name", "kind", "default"), FOUND, ids=[name for name, _, _ in FOUND])
def test_default_keeps_its_bound(name: str, kind: Any, default: Any) -> None:
    assert msgspec.convert(default, kind) == default, name
