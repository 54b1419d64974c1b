"""Where a window goes."""

from typing import Literal

from config.settings.base import Settings


class Screen(Settings, frozen=True, kw_only=True):
    """Which screen a window goes to and how."""

    screen: int | str = 0
    """Index, or name such as HDMI-1."""
    mode: Literal["fullscreen", "window"] = "fullscreen"
    geometry: tuple[int, int, int, int] | None = None
    """x, y, width, height of a window in pixels."""
