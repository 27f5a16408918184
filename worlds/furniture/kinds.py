"""The table of furniture: one line per kind with its real size. Reading it is knowing what a home may hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worlds.furniture import decor, fixtures, seats, storage, tables
from worlds.furniture.parts import Parts, Size
from worlds.shape import Color


@dataclass(frozen=True)
class FurnitureKind:
    """Default outer size (metres), default colour and builder of one kind of furniture."""

    width: float
    depth: float
    height: float
    color: str
    build: Callable[[Size, Color], Parts]


FURNITURE: dict[str, FurnitureKind] = {
    "table": FurnitureKind(1.6, 0.9, 0.74, "oak", tables.table),
    "round_table": FurnitureKind(1.0, 1.0, 0.74, "pine", tables.round_table),
    "desk": FurnitureKind(1.4, 0.7, 0.74, "pine", tables.desk),
    "coffee_table": FurnitureKind(1.0, 0.6, 0.42, "walnut", tables.coffee_table),
    "glass_table": FurnitureKind(1.0, 0.6, 0.42, "glass", tables.glass_table),
    "bedside_table": FurnitureKind(0.45, 0.4, 0.5, "oak", tables.bedside_table),
    "chair": FurnitureKind(0.42, 0.44, 0.88, "walnut", seats.chair),
    "office_chair": FurnitureKind(0.6, 0.6, 0.95, "slate", seats.office_chair),
    "stool": FurnitureKind(0.36, 0.36, 0.62, "pine", seats.stool),
    "bench": FurnitureKind(1.2, 0.36, 0.45, "oak", seats.bench),
    "sofa": FurnitureKind(2.0, 0.9, 0.85, "teal", seats.sofa),
    "armchair": FurnitureKind(0.85, 0.85, 0.85, "mustard", seats.sofa),
    "bed": FurnitureKind(1.6, 2.05, 0.95, "navy", seats.bed),
    "crib": FurnitureKind(0.7, 1.3, 0.9, "white", seats.crib),
    "wardrobe": FurnitureKind(1.5, 0.6, 2.1, "cream", storage.wardrobe),
    "bookshelf": FurnitureKind(0.9, 0.32, 1.9, "oak", storage.bookshelf),
    "sideboard": FurnitureKind(1.4, 0.42, 0.8, "walnut", storage.sideboard),
    "tv_stand": FurnitureKind(1.5, 0.4, 0.45, "slate", storage.tv_stand),
    "shelf_wall": FurnitureKind(0.9, 0.25, 1.3, "pine", storage.shelf_wall),
    "coat_rack": FurnitureKind(0.9, 0.25, 1.8, "oak", storage.coat_rack),
    "toy_shelf": FurnitureKind(1.2, 0.35, 0.6, "white", storage.toy_shelf),
    "kitchen_counter": FurnitureKind(1.8, 0.62, 0.92, "sage", fixtures.kitchen_counter),
    "kitchen_island": FurnitureKind(1.6, 0.9, 0.92, "slate", fixtures.kitchen_island),
    "stove": FurnitureKind(0.6, 0.62, 0.92, "steel", fixtures.stove),
    "fridge": FurnitureKind(0.6, 0.66, 1.85, "steel", fixtures.fridge),
    "washing_machine": FurnitureKind(0.6, 0.6, 0.85, "white", fixtures.washing_machine),
    "toilet": FurnitureKind(0.38, 0.68, 0.8, "white", fixtures.toilet),
    "bathtub": FurnitureKind(1.7, 0.75, 0.56, "white", fixtures.bathtub),
    "shower": FurnitureKind(0.9, 0.9, 2.0, "glass", fixtures.shower),
    "washbasin": FurnitureKind(0.6, 0.46, 0.85, "white", fixtures.washbasin),
    "plant": FurnitureKind(0.5, 0.5, 1.2, "green", decor.plant),
    "lamp": FurnitureKind(0.4, 0.4, 1.6, "cream", decor.lamp),
    "rug": FurnitureKind(2.0, 1.4, 0.002, "terracotta", decor.rug),
    "mirror": FurnitureKind(0.6, 0.05, 1.6, "walnut", decor.mirror),
    "picture": FurnitureKind(0.8, 0.03, 1.8, "sky", decor.picture),
    "partition": FurnitureKind(1.6, 0.08, 1.9, "walnut", decor.partition),
    "pillar": FurnitureKind(0.35, 0.35, 2.5, "white", decor.pillar),
    "dock": FurnitureKind(0.34, 0.3, 0.14, "black", decor.dock),
}
