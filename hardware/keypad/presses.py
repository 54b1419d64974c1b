"""From keys to finished presses: gestures by their timing, and the numbers that are typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from config.settings import CallAction, PressTiming
from hardware.keypad.port import Gesture, Press

HELD_S = 2.0
"""A hold that a device tells again within so long, without having ended, is still the same one."""
_REPEATS_WITHIN_S = 1.0
"""A key that is told down again sooner than this, and never up, is being held."""


class Edge(StrEnum):
    """What a device tells of a key."""

    PRESS = "press"
    """It was pressed; the device does not say for how long."""
    DOWN = "down"
    UP = "up"
    DOUBLE = "double"
    """Pressed twice, by the device's own judgement."""
    HOLD = "hold"


@dataclass(slots=True)
class _Held:
    began: float
    seen: float
    done: bool = False


class Gestures:
    """Single, double and hold of the keys of several units; lives on one thread.

    A gesture that means nothing is not waited for: a key without a double press acts at once.
    """

    def __init__(self, actions: Mapping[str, CallAction], timing: PressTiming) -> None:
        """Tell apart the gestures that `actions` names."""
        self._actions = actions
        self._double_s = timing.double_within_ms / 1000
        self._hold_s = timing.hold_after_ms / 1000
        self._debounce_s = timing.debounce_ms / 1000
        self._held: dict[tuple[str, str], _Held] = {}
        self._tapped: dict[tuple[str, str], tuple[float, float]] = {}
        """Key to when it was pressed and until when a second press makes a double."""
        self._told_held: dict[tuple[str, str], float] = {}
        """Key to when its device last told a hold that has not ended."""
        self._doubled: dict[tuple[str, str], float] = {}
        self._last: dict[tuple[str, str], float] = {}
        self.bounces = 0

    def take(self, unit: str, key: str, edge: Edge, at: float) -> list[Press]:
        """Return the presses that are finished now that `key` did `edge` at `at`."""
        finished = self.settle(unit, key, at)
        if edge is not Edge.HOLD:
            self._told_held.pop((unit, key), None)
        match edge:
            case Edge.PRESS if not self._bounces(unit, key, at):
                finished += self._tap(unit, key, at, at)
            case Edge.DOWN:
                finished += self._press_down(unit, key, at)
            case Edge.UP:
                finished += self._let_go(unit, key, at)
            case Edge.DOUBLE if not self._bounces(unit, key, at):
                finished.append(Press(unit, at, Gesture.DOUBLE, key))
            case Edge.HOLD:
                finished += self._hold(unit, key, at)
            case _:
                pass
        return finished

    def due(self, now: float) -> list[Press]:
        """Return the presses that are finished by the time alone."""
        finished = []
        for (unit, key), (began, until) in list(self._tapped.items()):
            if now >= until:
                del self._tapped[unit, key]
                finished.append(Press(unit, began, Gesture.SINGLE, key))
        for (unit, key), held in self._held.items():
            if not held.done and now >= held.began + self._hold_s:
                held.done = True
                finished.append(Press(unit, held.began, Gesture.HOLD, key))
        return sorted(finished, key=lambda press: press.at)

    def settle(self, unit: str, key: str, at: float) -> list[Press]:
        """Return what is due, and end the wait for a second press: `key` comes after it."""
        finished = self.due(at)
        for other in [tapped for tapped in self._tapped if tapped[0] == unit and tapped[1] != key]:
            finished.append(Press(unit, self._tapped.pop(other)[0], Gesture.SINGLE, other[1]))
        return finished

    def next_due(self) -> float | None:
        """Return when `due` should be asked, None while nothing is under way."""
        times = [until for _, until in self._tapped.values()]
        times += [held.began + self._hold_s for held in self._held.values() if not held.done]
        return min(times, default=None)

    def forget(self, unit: str) -> None:
        """Let go of the keys of a unit that went away: nobody is holding them."""
        for held in [key for key in self._held if key[0] == unit]:
            del self._held[held]
        for held in [key for key in self._told_held if key[0] == unit]:
            del self._told_held[held]

    def _hold(self, unit: str, key: str, at: float) -> list[Press]:
        last = self._told_held.get((unit, key))
        self._told_held[unit, key] = at
        goes_on = last is not None and at - last < HELD_S
        if goes_on or self._bounces(unit, key, at):
            return []
        return [Press(unit, at, Gesture.HOLD, key)]

    def _press_down(self, unit: str, key: str, at: float) -> list[Press]:
        held = self._held.get((unit, key))
        if held and at - held.seen < _REPEATS_WITHIN_S:
            held.seen = at
            return []
        if self._bounces(unit, key, at):
            return []
        self._held[unit, key] = held = _Held(at, at)
        if self._means(key, Gesture.HOLD) and (unit, key) not in self._tapped:
            return []
        held.done = True
        return self._tap(unit, key, at, at)

    def _let_go(self, unit: str, key: str, at: float) -> list[Press]:
        held = self._held.pop((unit, key), None)
        if held is None or held.done:
            return []
        return self._tap(unit, key, held.began, at)

    def _tap(self, unit: str, key: str, began: float, at: float) -> list[Press]:
        if not self._means(key, Gesture.DOUBLE):
            return [Press(unit, began, Gesture.SINGLE, key)]
        if at < self._doubled.get((unit, key), at):
            self._doubled[unit, key] = at + self._double_s  # the third of three is no new press
            return []
        first = self._tapped.pop((unit, key), None)
        if first is None:
            self._tapped[unit, key] = began, at + self._double_s
            return []
        self._doubled[unit, key] = at + self._double_s
        return [Press(unit, first[0], Gesture.DOUBLE, key)]

    def _bounces(self, unit: str, key: str, at: float) -> bool:
        last = self._last.get((unit, key))
        self._last[unit, key] = at
        bounces = last is not None and at - last < self._debounce_s
        self.bounces += bounces
        return bounces

    def _means(self, key: str, gesture: Gesture) -> bool:
        return Press("", 0.0, gesture, key).name in self._actions


_MOST = 9
"""One digit more than any number has: what is longer stays wrong."""
_BACK, _CLEAR = "backspace", "clear"
TYPING = frozenset("0123456789") | {_BACK, _CLEAR}
"""The keys that type, and so are no press."""


class NumberEntry:
    """What was typed at each unit, until a key takes it or it grows old."""

    def __init__(self, actions: Mapping[str, CallAction], within_s: float) -> None:
        """Let the keys of `call_number` take the number; without one, those of `next`."""
        self._within_s = within_s
        self._typed: dict[str, tuple[str, float]] = {}
        for action in (CallAction.CALL_NUMBER, CallAction.NEXT):
            self._takers = {name for name, meant in actions.items() if meant is action}
            if self._takers:
                break

    def type(self, unit: str, key: str, at: float) -> None:
        """Take a key that types."""
        text = self._fresh(unit, at)
        if key == _CLEAR:
            text = ""
        elif key == _BACK:
            text = text[:-1]
        elif len(text) < _MOST:
            text += key
        self._typed[unit] = text, at

    def finish(self, press: Press) -> Press:
        """Return `press` with the number typed before it; any other key forgets the number."""
        text = self._fresh(press.unit, press.at)
        self._typed.pop(press.unit, None)
        if text and press.gesture is Gesture.SINGLE and press.name in self._takers:
            return replace(press, number=text)
        return press

    def forget(self, unit: str) -> None:
        """Forget what was typed at a unit."""
        self._typed.pop(unit, None)

    def _fresh(self, unit: str, at: float) -> str:
        text, typed_at = self._typed.get(unit, ("", at))
        return text if at - typed_at <= self._within_s else ""


class Presses:
    """What the keys of one call device mean; lives on one thread, knows no clock."""

    def __init__(self, actions: Mapping[str, CallAction], timing: PressTiming) -> None:
        self._gestures = Gestures(actions, timing)
        self._entry = NumberEntry(actions, timing.number_within_s)

    @property
    def bounces(self) -> int:
        """Return how many presses were a bouncing contact."""
        return self._gestures.bounces

    def take(self, unit: str, key: str, edge: Edge, at: float) -> list[Press]:
        """Return the presses that are finished now; `at` is in monotonic seconds."""
        if key not in TYPING:
            return self._numbered(self._gestures.take(unit, key, edge, at))
        finished = self._numbered(self._gestures.settle(unit, key, at))
        if edge in (Edge.PRESS, Edge.DOWN):
            self._entry.type(unit, key, at)
        return finished

    def due(self, now: float) -> list[Press]:
        """Return the presses that are finished by the time alone."""
        return self._numbered(self._gestures.due(now))

    def next_due(self) -> float | None:
        """Return when `due` should be asked, None while nothing is under way."""
        return self._gestures.next_due()

    def forget(self, unit: str) -> None:
        """Let go of the keys of a unit that went away, and of what was typed there."""
        self._gestures.forget(unit)
        self._entry.forget(unit)

    def _numbered(self, presses: list[Press]) -> list[Press]:
        return [self._entry.finish(press) for press in presses]
