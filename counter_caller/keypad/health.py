"""How the units of this box are, for the device pages and the doctor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bus.vocabulary import Error, UnitState
from config import Text

_TROUBLES = {
    UnitState.OFFLINE: Text(
        vi="mất kết nối, xin kiểm tra dây và nguồn", en="not connected, check cable and power"
    ),
    UnitState.SILENT: Text(
        vi="không trả lời, xin kiểm tra nguồn và địa chỉ", en="no answer, check power and address"
    ),
    UnitState.SHARED: Text(
        vi="đang bị chương trình khác dùng, phím bấm không có tác dụng",
        en="used by another program, its keys do nothing",
    ),
    UnitState.FAULT: Text(
        vi="lỗi phần mềm, xin báo kỹ thuật (nhật ký có ghi)",
        en="an error of the software, tell support (the log has it)",
    ),
}
NO_STRANGERS: Mapping[str, tuple[str, datetime]] = MappingProxyType({})
_WHO = Text(vi="Bàn phím quầy {0}: {1}", en="Keypad of counter {0}: {1}")


@dataclass(slots=True)
class UnitHealth:
    """What is known of one unit."""

    counter: int
    state: UnitState = UnitState.UNKNOWN
    pressed_at: datetime | None = None
    refused: Error | None = None
    """Why its last press did nothing."""

    def facts(self) -> dict[str, Any]:
        """Return what `device/{id}/status` says of it."""
        facts: dict[str, Any] = {"counter": self.counter, "state": self.state.value}
        if self.pressed_at:
            facts["last_press_at"] = self.pressed_at.isoformat(timespec="seconds")
        if self.refused:
            facts["refused"] = self.refused.value
        return facts


def health_of(
    units: Mapping[str, UnitHealth],
    dropped: Mapping[str, Mapping[str, int]],
    lang: str,
    pairing: Mapping[str, tuple[str, datetime]] = NO_STRANGERS,
) -> tuple[dict[str, Any], str | None]:
    """Return the health of all units and lines, and in words what somebody should see to.

    `pairing` has the gesture and the time of the newest press of units without a counter.
    """
    health: dict[str, Any] = {
        "units": {name: unit.facts() for name, unit in units.items()},
        "dropped": {name: dict(counts) for name, counts in dropped.items() if counts},
    }
    if pairing:
        health["pairing"] = [
            {"unit": name, "gesture": gesture, "at": at.isoformat(timespec="seconds")}
            for name, (gesture, at) in pairing.items()
        ]
    troubles = []
    for state, text in _TROUBLES.items():
        counters = sorted({unit.counter for unit in units.values() if unit.state is state})
        if counters:
            numbers = ", ".join(str(counter) for counter in counters)
            troubles.append(_WHO(lang).format(numbers, text(lang)))
    return health, "; ".join(troubles) or None
