"""Which messages are a press now: never an old, doubled, retained or foreign one."""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bus.vocabulary import UnitState
from config.settings.keypads import Meaning
from hardware.keypad.buttons.forms import (
    ButtonMessage,
    ButtonPresence,
    ButtonPress,
    Contact,
    Unread,
)
from hardware.keypad.port import Gesture, Press
from hardware.keypad.presses import HELD_S

DEBOUNCE_S = 0.3
LATE_AFTER_S = 5.0
"""Older presses are dropped; within so many seconds of a new link, what cannot prove its age."""
_CLOCK_SET_S = 1.0
"""By how much the real clock moves at once when it is set, and never when it is only kept."""
_MOST_STRANGERS = 20
_REMEMBERED = 16
_ZIGBEE = "zigbee2mqtt"
_GESTURES = {
    Meaning.SINGLE: Gesture.SINGLE,
    Meaning.DOUBLE: Gesture.DOUBLE,
}


class Drop(StrEnum):
    """Why a press was none."""

    RETAINED = "retained"
    BOUNCE = "bounce"
    REPEAT = "repeat"
    """The same press once more, by its number, its time or its second topic, or still held."""
    LATE = "late"
    """Too old, or perhaps too old just after the link came back."""
    UNIT = "unknown_unit"
    ACTION = "unknown_action"
    """A button of a counter said something that means nothing here."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came in: `at` in monotonic seconds, `wall` in seconds since 1970."""

    at: float
    wall: float
    retained: bool


@dataclass(slots=True)
class _Unit:
    last_at: float = -DEBOUNCE_S
    stamps: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """When it said what: clocks of devices may tell whole seconds only."""
    count: int | None = None
    speaks_itself: bool = False
    closed: bool | None = None
    down: bool = False
    """A finger came down, and it was not said yet what that became."""
    held_at: float | None = None
    """When a hold was last said that is not known to be over."""


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
        self.unknown_buttons: OrderedDict[str, Press] = OrderedDict()
        """The newest press of each button that belongs to no counter, oldest first."""

    def take_link(self, at: float) -> None:
        """Note that the link to the broker came, perhaps after the first messages."""
        self._linked_at = self._bridge_back_at = at

    def lose_link(self) -> None:
        """Note that the link is lost: contacts are not known before they speak again."""
        self._linked_at = self._bridge_back_at = None
        for unit in self._units.values():
            unit.closed = None

    def press(self, said: ButtonMessage, arrival: Arrival) -> Press | None:
        """Return the press that `said` is, or None, counting why not."""
        self._watch_clock(arrival)
        match said:
            case ButtonPresence():
                self._take_bridge(said, arrival)
                return None
            case Contact():
                return self._contact(said, arrival)
            case ButtonPress():
                return self._pushed(said, arrival)
            case Unread():
                self._unread(said, arrival)
                return None

    def states(self, said: ButtonMessage) -> Mapping[str, UnitState]:
        """Return what is known now of the units that `said` is about."""
        if isinstance(said, ButtonPresence):
            state = UnitState.READY if said.there else UnitState.SILENT
            return {unit: state for unit in self._units if _is_of(unit, said.device)}
        if isinstance(said, Unread):
            return {}
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

    def _pushed(self, said: ButtonPress, arrival: Arrival) -> Press | None:
        unit = self._units.get(said.unit)
        # Also of what was kept: some say it live once more.
        repeats = self._repeats(unit, said, arrival)
        why = Drop.RETAINED if arrival.retained else repeats or self._late(said, arrival)
        if why:
            self.dropped[why] += 1
            return None
        gesture = self._gesture(unit or _Unit(), said.meaning, arrival.at)
        if gesture is None and unit is None and said.meaning is Meaning.DOWN:
            gesture = Gesture.SINGLE  # enough to be paired by
        return self._fresh(said.unit, gesture, arrival) if gesture else None

    def _gesture(self, unit: _Unit, meaning: Meaning, at: float) -> Gesture | None:
        """Return the gesture that is complete now, following what the finger does."""
        was_down, unit.down = unit.down, meaning is Meaning.DOWN
        if meaning is Meaning.HOLD:
            goes_on = unit.held_at is not None and at - unit.held_at < HELD_S
            unit.held_at = at
            if not goes_on:
                return Gesture.HOLD
            self.dropped[Drop.REPEAT] += 1
            return None
        unit.held_at = None
        if meaning is Meaning.UP:
            return Gesture.SINGLE if was_down else None
        return _GESTURES.get(meaning)

    def _unread(self, said: Unread, arrival: Arrival) -> None:
        """Count what a button of a counter says in vain; list what another says, to be paired."""
        if arrival.retained:
            self.dropped[Drop.RETAINED] += 1
        elif any(_is_of(unit, said.device) for unit in self._units):
            self.dropped[Drop.ACTION] += 1
        else:
            self._list(Press(said.device, arrival.at, key=said.action))

    def _repeats(self, unit: _Unit | None, said: ButtonPress, arrival: Arrival) -> Drop | None:
        if unit is None:
            return None
        if said.second_hand:
            return Drop.REPEAT if unit.speaks_itself else None
        unit.speaks_itself = unit.speaks_itself or not arrival.retained
        repeats = False
        if said.stamp is not None:
            told = said.stamp, said.action
            repeats = told in unit.stamps
            unit.stamps.append(told)
        if said.count is not None:  # the last one alone: a device that restarts counts from 1
            repeats = repeats or said.count == unit.count
            unit.count = said.count
        return Drop.REPEAT if repeats else None

    def _late(self, said: ButtonPress, arrival: Arrival) -> Drop | None:
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
            self._list(press)
            return None
        bounces = arrival.at - unit.last_at < DEBOUNCE_S
        unit.last_at = arrival.at
        if bounces:
            self.dropped[Drop.BOUNCE] += 1
            return None
        return press

    def _list(self, press: Press) -> None:
        self.dropped[Drop.UNIT] += 1
        self.unknown_buttons[press.unit] = press
        self.unknown_buttons.move_to_end(press.unit)
        while len(self.unknown_buttons) > _MOST_STRANGERS:
            self.unknown_buttons.popitem(last=False)

    def _take_bridge(self, said: ButtonPresence, arrival: Arrival) -> None:
        """Note a bridge that comes back: it may hand over what it could not deliver."""
        if said.device == _ZIGBEE and not arrival.retained:
            self._bridge_back_at = arrival.at if said.there else None


def _is_of(unit: str, device: str) -> bool:
    return unit == device or unit.startswith(f"{device}:")
