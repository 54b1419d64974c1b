"""Where the demonstration's windows stand on one desktop."""

from dataclasses import dataclass

from config.settings import Screen

DESIGN_WIDTH, DESIGN_HEIGHT = 1920, 1080
_KIOSK = (0, 0, 562, 1000)
_BOARD = (572, 0, 882, 496)
_PANELS = ((572, 534, 436, 500), (1018, 534, 436, 500))
_TRAY = (1464, 0, 446, 1000)


@dataclass(frozen=True, slots=True)
class Desktop:
    """The windows of the demonstration, scaled to a desktop of `width` × `height` pixels."""

    width: int = DESIGN_WIDTH
    height: int = DESIGN_HEIGHT

    def kiosk(self) -> Screen:
        """Return the kiosk's place: portrait, at the left."""
        return self._window(_KIOSK)

    def board(self) -> Screen:
        """Return the board's place: above the counters."""
        return self._window(_BOARD)

    def panel(self, index: int) -> Screen:
        """Return the place of the counter window `index`; more than two step downwards."""
        x, y, width, height = _PANELS[index % len(_PANELS)]
        step = 28 * (index // len(_PANELS))
        return self._window((x + step, y + step, width, height))

    def tray(self) -> Screen:
        """Return the place of the simulated printer's tray: at the right."""
        return self._window(_TRAY)

    def _window(self, place: tuple[int, int, int, int]) -> Screen:
        scale = min(self.width / DESIGN_WIDTH, self.height / DESIGN_HEIGHT)
        x, y, width, height = (round(measure * scale) for measure in place)
        return Screen(mode="window", geometry=(x, y, width, height))
