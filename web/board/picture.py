"""A scene as a page reads it."""

from dataclasses import dataclass
from typing import Any

import msgspec

from hall.board.scene import Scene

SHOWN = (
    "title",
    "place",
    "cards",
    "last",
    "hours",
    "giving",
    "rows",
    "page",
    "next",
    "lines",
    "stale",
)
"""The parts of a scene that leave this machine: what people in the hall see anyway."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A scene and its JSON, made once for all who show it."""

    scene: Scene
    json: str


def draw(scene: Scene) -> Picture:
    """Return `scene` with its JSON."""
    parts: dict[str, Any] = {name: getattr(scene, name) for name in SHOWN}
    return Picture(scene, msgspec.json.encode(parts).decode())
