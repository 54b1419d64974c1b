"""How the units of this box are, for the device pages and the doctor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bus.health import KeypadHealth, KeypadUnit, UnknownButton
from bus.vocabulary import Error, UnitState
from hall.words import Words
from hardware.keypad import Press

_TROUBLED = (UnitState.OFFLINE, UnitState.SILENT, UnitState.SHARED, UnitState.FAULT)
FORGET_AFTER_S = 600.0
"""A button of a neighbour is not a trouble for the rest of the day."""


@dataclass(slots=True)
class UnitHealth:
    """What is known of one unit."""

    counter: int
    state: UnitState = UnitState.UNKNOWN
    pressed_at: datetime | None = None
    refused: Error | None = None
    """Why its last press did nothing."""

    def facts(self) -> KeypadUnit:
        """Return what `device/{id}/status` says of it."""
        return KeypadUnit(
            counter=self.counter,
            state=self.state,
            last_press_at=self.pressed_at,
            refused=self.refused,
        )


class Pairing:
    """Knows when each unknown button was pressed in service time; lives on one thread."""

    def __init__(self) -> None:
        self._pressed_at: dict[Press, datetime] = {}

    def recent(
        self, presses: Iterable[Press], now: float, service_now: datetime
    ) -> dict[str, tuple[str, datetime]]:
        """Return unit to what was pressed and when; a press keeps the time it was first given."""
        recent = [press for press in presses if now - press.at < FORGET_AFTER_S]
        known = self._pressed_at
        self._pressed_at = {
            press: known.get(press, service_now - timedelta(seconds=now - press.at))
            for press in recent
        }
        return {press.unit: (press.name, at) for press, at in self._pressed_at.items()}


def health_of(
    units: Mapping[str, UnitHealth],
    dropped: Mapping[str, Mapping[str, int]],
    t: Words,
    pairing: Mapping[str, tuple[str, datetime]] = MappingProxyType({}),
) -> tuple[KeypadHealth, str | None]:
    """Return the health of all units and lines, and in words what somebody should see to.

    `pairing` has the newest press of units without a counter, and its time.
    """
    health = KeypadHealth(
        units={name: unit.facts() for name, unit in units.items()},
        dropped={name: dict(counts) for name, counts in dropped.items() if counts},
        pairing=tuple(
            UnknownButton(unit=name, gesture=gesture, at=at)
            for name, (gesture, at) in pairing.items()
        ),
    )
    troubles = []
    for state in _TROUBLED:
        counters = sorted({unit.counter for unit in units.values() if unit.state is state})
        if counters:
            numbers = ", ".join(str(counter) for counter in counters)
            troubles.append(t("Bàn phím quầy {0}: {1}", numbers, _trouble(state, t)))
    return health, "; ".join(troubles) or None


def _trouble(state: UnitState, t: Words) -> str:
    texts = {
        UnitState.OFFLINE: t("mất kết nối, xin kiểm tra dây và nguồn"),
        UnitState.SILENT: t("không trả lời, xin kiểm tra nguồn và địa chỉ"),
        UnitState.SHARED: t("đang bị chương trình khác dùng, phím bấm không có tác dụng"),
    }
    return texts.get(state, t("lỗi phần mềm, xin báo kỹ thuật (nhật ký có ghi)"))
