"""What the units of one device are, told on changes only."""

from collections.abc import Iterable

from bus.vocabulary import UnitState
from hardware.keypad.errors import KeypadError, KeypadShared
from hardware.keypad.port import StateHandler


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
