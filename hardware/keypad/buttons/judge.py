"""Which messages are a press now: never an old, doubled, retained or foreign one."""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bus.vocabulary import UnitState
from hardware.keypad.buttons.forms import Contact, Pushed, Said, There
from hardware.keypad.port import Gesture, Press

DEBOUNCE_S = 0.3
LATE_AFTER_S = 5.0
"""Older presses are dropped; within so many seconds of a new link, what cannot prove its age."""
_CLOCK_SET_S = 1.0
"""By how much the wall's clock moves at once when it is set, and never when it is only kept."""
_MOST_STRANGERS = 20
_REMEMBERED = 16
_ZIGBEE = "zigbee2mqtt"


class Drop(StrEnum):
    """Why a press was none."""

    RETAINED = "retained"
    BOUNCE = "bounce"
    REPEAT = "repeat"
    """The same press once more, by its number, its time or its second topic."""
    LATE = "late"
    """Too old, or perhaps too old just after the link came back."""
    UNIT = "unknown_unit"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came in: `at` in monotonic seconds, `wall` in seconds since 1970."""

    at: float
    wall: float
    retained: bool


@dataclass(slots=True)
class _Unit:
    last_at: float = -DEBOUNCE_S
    stamps: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    count: int | None = None
    speaks_itself: bool = False
    closed: bool | None = None


class Judge:
    """Judges what the buttons `units` say; pure but for its memory, lives on one thread."""

    def __init__(self, units: Iterable[str]) -> None:
        self._units = {unit: _Unit() for unit in units}
        self._clock_is_right: set[str] = set()
        self._epoch: float | None = None
        """The wall's time at zero of the monotonic clock, when something last came in."""
        self._linked_at: float | None = None
        self._bridge_back_at: float | None = None
        """When Zigbee2MQTT came back, None while it is away."""
        self.dropped: Counter[Drop] = Counter()
        self.strangers: OrderedDict[str, Press] = OrderedDict()
        """The newest press of each button that belongs to no counter, oldest first."""

    def take_link(self, at: float) -> None:
        """Note that the link to the broker came, perhaps after the first messages."""
        self._linked_at = self._bridge_back_at = at

    def lose_link(self) -> None:
        """Note that the link is lost: contacts are not known before they speak again."""
        self._linked_at = self._bridge_back_at = None
        for unit in self._units.values():
            unit.closed = None

    def press(self, said: Said, arrival: Arrival) -> Press | None:
        """Return the press that `said` is, or None, counting why not."""
        self._watch_clock(arrival)
        match said:
            case There():
                self._take_bridge(said, arrival)
                return None
            case Contact():
                return self._contact(said, arrival)
            case Pushed():
                return self._pushed(said, arrival)

    def states(self, said: Said) -> Mapping[str, UnitState]:
        """Return what is known now of the units that `said` is about."""
        if isinstance(said, There):
            state = UnitState.READY if said.there else UnitState.SILENT
            return {unit: state for unit in self._units if _is_of(unit, said.device)}
        return {said.unit: UnitState.READY} if said.unit in self._units else {}

    def _watch_clock(self, arrival: Arrival) -> None:
        """Trust no device's clock any more when ours has been set: it may have been ours."""
        epoch = arrival.wall - arrival.at
        if self._epoch is not None and abs(epoch - self._epoch) > _CLOCK_SET_S:
            self._clock_is_right.clear()
        self._epoch = epoch

    def _contact(self, said: Contact, arrival: Arrival) -> Press | None:
        unit = self._units.get(said.unit)
        was, closes = (unit.closed if unit else False), said.closed and not arrival.retained
        if unit:
            unit.closed = said.closed
        if not closes or was is not False:
            return None
        return self._fresh(said.unit, Gesture.SINGLE, arrival)

    def _pushed(self, said: Pushed, arrival: Arrival) -> Press | None:
        unit = self._units.get(said.unit)
        # Also of what was kept: some say it live once more.
        repeats = self._repeats(unit, said, arrival)
        why = Drop.RETAINED if arrival.retained else repeats or self._late(said, arrival)
        if why:
            self.dropped[why] += 1
            return None
        return self._fresh(said.unit, said.gesture, arrival)

    def _repeats(self, unit: _Unit | None, said: Pushed, arrival: Arrival) -> Drop | None:
        if unit is None:
            return None
        if said.second_hand:
            return Drop.REPEAT if unit.speaks_itself else None
        unit.speaks_itself = unit.speaks_itself or not arrival.retained
        repeats = said.stamp in unit.stamps
        if said.stamp is not None:
            unit.stamps.append(said.stamp)
        if said.count is not None:  # the last one alone: a device that restarts counts from 1
            repeats = repeats or said.count == unit.count
            unit.count = said.count
        return Drop.REPEAT if repeats else None

    def _late(self, said: Pushed, arrival: Arrival) -> Drop | None:
        """Judge age by the device's own clock once it was found right, else by the link's."""
        if said.stamp is not None and abs(arrival.wall - said.stamp) <= LATE_AFTER_S:
            self._clock_is_right.add(said.device)
            return None
        if said.stamp is not None and said.device in self._clock_is_right:
            return Drop.LATE
        back_at = self._linked_at
        if _is_of(said.device, _ZIGBEE):
            back_at = self._bridge_back_at
        settled = back_at is not None and arrival.at - back_at >= LATE_AFTER_S
        return None if settled else Drop.LATE

    def _fresh(self, name: str, gesture: Gesture, arrival: Arrival) -> Press | None:
        press = Press(name, arrival.at, gesture)
        unit = self._units.get(name)
        if unit is None:
            self.dropped[Drop.UNIT] += 1
            self.strangers[name] = press
            self.strangers.move_to_end(name)
            while len(self.strangers) > _MOST_STRANGERS:
                self.strangers.popitem(last=False)
            return None
        bounces = arrival.at - unit.last_at < DEBOUNCE_S
        unit.last_at = arrival.at
        if bounces:
            self.dropped[Drop.BOUNCE] += 1
            return None
        return press

    def _take_bridge(self, said: There, arrival: Arrival) -> None:
        """Note a bridge that comes back: it may hand over what it could not deliver."""
        if said.device == _ZIGBEE and not arrival.retained:
            self._bridge_back_at = arrival.at if said.there else None


def _is_of(unit: str, device: str) -> bool:
    return unit == device or unit.startswith(f"{device}:")
