"""The port of a call device: whatever staff press to call the next person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bus.vocabulary import Error, UnitState
from hardware.errors import HardwareError


class Gesture(StrEnum):
    """How a key was pressed."""

    SINGLE = "single"
    DOUBLE = "double"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Press:
    """One finished press. What it means is configuration, not the driver's business."""

    unit: str
    """Which keypad or button: one unit belongs to one counter."""
    at: float
    """Monotonic seconds at which the finger came down, as early as the driver knows."""
    gesture: Gesture = Gesture.SINGLE
    key: str = ""
    """The key's name; empty on a device with one button."""
    number: str | None = None
    """The number that was typed before the key."""

    @property
    def name(self) -> str:
        """Return the name by which settings give it an action: `double`, `enter`, `enter.hold`."""
        if not self.key:
            return self.gesture.value
        return self.key if self.gesture is Gesture.SINGLE else f"{self.key}.{self.gesture}"


@dataclass(frozen=True, slots=True)
class Readout:
    """What a unit's display shows of its counter."""

    number: str = ""
    """The current number; empty while there is none."""
    waiting: int | None = None
    """People waiting for this counter; None while the service cannot be heard."""
    arrived: bool = False
    """Somebody came to the empty line of this counter, which has nobody: a light draws the eye."""


PressHandler = Callable[[Press], None]
StateHandler = Callable[[str, UnitState, str], None]
"""Takes a unit, its new state, and why."""


class CallDevice(Protocol):
    """One or several units behind one wire. No method waits."""

    @property
    def name(self) -> str:
        """Return the name by which the box's settings call it."""

    @property
    def units(self) -> Mapping[str, int]:
        """Return the counter of each unit by the unit's name, which is unique on the box."""

    def start(self, on_press: PressHandler, on_state: StateHandler) -> None:
        """Listen, and keep opening what goes away.

        Called once, before the link to the broker starts. Handlers are called on a thread of
        the driver, or of the bus: they post and return. `on_state` is called on changes only.
        """

    def show(self, unit: str, readout: Readout) -> None:
        """Write a unit's display; the newest readout wins, and one without display ignores it."""

    def refuse(self, unit: str, why: Error) -> None:
        """Tell at the unit that a press did nothing: on its display, by beep or by light."""

    def dropped(self) -> Mapping[str, int]:
        """Return how often something came in that was no press, by reason, since `start`."""

    def unknown_buttons(self) -> Mapping[str, Press]:
        """Return the newest press of each unit that belongs to no counter; such never act."""

    def stop(self) -> None:
        """Let the device go; no handler is called after this returns."""


class KeypadError(HardwareError):
    """The base of the call devices' errors."""


class KeypadUnavailable(KeypadError):  # noqa: N818 - a state of the device, named as such
    """The line or the keypad cannot be opened, or went away."""


class KeypadShared(KeypadError):  # noqa: N818 - the same
    """The keypad is there, but its keys would also reach other programs."""


class States:
    """Remembers the last state of each unit."""

    def __init__(self, units: Iterable[str], on_state: StateHandler) -> None:
        self._on_state = on_state
        self._states: dict[str, UnitState | None] = dict.fromkeys(units)

    def become(self, unit: str, state: UnitState, why: str = "") -> bool:
        """Tell a unit's state if it is another one; return whether it was."""
        if self._states[unit] is state:
            return False
        self._states[unit] = state
        self._on_state(unit, state, why)
        return True

    def all_become(self, state: UnitState, why: str = "") -> None:
        """Tell the state of every unit."""
        for unit in self._states:
            self.become(unit, state, why)


def state_after(error: Exception) -> UnitState:
    """Return what units are whose device was lost with `error`."""
    if isinstance(error, KeypadShared):
        return UnitState.SHARED
    return UnitState.OFFLINE if isinstance(error, KeypadError) else UnitState.FAULT
