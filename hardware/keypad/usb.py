"""The driver of a USB numeric keypad: one counter's, read as an input device. Linux only."""

import queue
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence

from bus.vocabulary import Error, UnitState
from config.settings import UsbKeypad
from hardware.keypad.codec import Drop, totals
from hardware.keypad.input_device import (
    DOWN,
    KEY,
    KEY_NAMES,
    NUM_LOCK_LED,
    SYN,
    SYN_DROPPED,
    UP,
    InputDevice,
    Record,
    led,
    read_records,
)
from hardware.keypad.line import known_keys
from hardware.keypad.port import Press, PressHandler, Readout, StateHandler, States, state_after
from hardware.keypad.presses import Edge, Presses
from hardware.owner import AGAIN_AFTER_S, Owner

_READ_WITHIN_S = 0.05
_CHECK_EVERY_S = 1.0
_BLINK_S = 0.12
_BLINKS = {Error.EMPTY: 2, Error.UNAVAILABLE: 5, Error.EXPIRED: 5}
_OTHER_BLINKS = 3
_ARRIVAL_BLINKS = 8
_EDGES = {DOWN: Edge.DOWN, UP: Edge.UP}


class NumericKeypad:
    """One keypad, one unit. Its NumLock light is lit while the service is heard.

    A refusal blinks: 2 times when nobody waits, 5 times without connection, else 3 times; somebody
    who comes to an empty line 8 times.
    """

    def __init__(
        self,
        settings: UsbKeypad,
        monotonic: Callable[[], float],
        reopen_after_s: Sequence[float] = AGAIN_AFTER_S,
        open_device: Callable[[str], InputDevice] = InputDevice,
    ) -> None:
        self.name = settings.name
        self.units = settings.unit_names
        self._monotonic = monotonic
        self._presses = Presses(settings.actions, settings.timing)
        self._known = known_keys(settings.actions)
        names = KEY_NAMES | {int(code): name for code, name in settings.keys.items()}
        self._names = {code: name for code, name in names.items() if name}
        self._dropped: Counter[Drop] = Counter()
        self._begun = b""
        self._checked_at = 0.0
        self._lit = False
        self._blinks: deque[tuple[float, bool]] = deque()
        self._wanted_light = False
        self._to_blink: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._arrived = False
        self._on_press: PressHandler = lambda _press: None
        self._states = States(self.units, lambda _unit, _state, _why: None)
        self._path = settings.path
        self._open_device = open_device
        self._device: InputDevice | None = None
        self._owner = Owner(
            f"keypad-{self.name}", self._step, self._lose, self._close, reopen_after_s
        )

    def start(self, on_press: PressHandler, on_state: StateHandler) -> None:
        """Open the keypad, and keep opening it."""
        self._on_press = on_press
        self._states = States(self.units, on_state)
        self._owner.start()

    def show(self, unit: str, readout: Readout) -> None:
        """Light NumLock while the service is heard; there is no display."""
        del unit
        self._wanted_light = readout.waiting is not None
        if readout.arrived and not self._arrived:
            self._to_blink.put(_ARRIVAL_BLINKS)
        self._arrived = readout.arrived

    def refuse(self, unit: str, why: Error) -> None:
        """Blink."""
        del unit
        self._to_blink.put(_BLINKS.get(why, _OTHER_BLINKS))

    def dropped(self) -> Mapping[str, int]:
        """Return what came in and was no press."""
        return totals(self._dropped, {Drop.BOUNCE: self._presses.bounces})

    def unknown_buttons(self) -> Mapping[str, Press]:
        """Return nothing: every unit was given its counter."""
        return {}

    def stop(self) -> None:
        """Let the keypad go."""
        self._owner.stop()

    def _open(self) -> InputDevice:
        device = self._open_device(self._path)
        self._begun = b""
        self._blinks.clear()
        self._light(lit=self._wanted_light)
        while not self._to_blink.empty():
            self._to_blink.get()
        self._states.become(self.name, UnitState.READY)
        return device

    def _close(self) -> None:
        device, self._device = self._device, None
        if device:
            device.close()

    def _lose(self, error: Exception) -> None:
        self._close()
        self._presses.forget(self.name)
        self._states.become(self.name, state_after(error), str(error))

    def _step(self) -> float:
        device = self._device = self._device or self._open()
        received = device.read(_READ_WITHIN_S)
        now = self._monotonic()
        if now - self._checked_at >= _CHECK_EVERY_S:
            self._checked_at = now
            device.check()
        records, self._begun, bad = read_records(self._begun + received)
        self._dropped[Drop.NOISE] += bad
        for record in records:
            self._take(record, record.at_s if device.tells_monotonic else now)
        for press in self._presses.due(now):
            self._on_press(press)
        if self._wanted_light is not self._lit:
            self._light(lit=self._wanted_light)
        while not self._to_blink.empty():
            self._blink(self._to_blink.get())
        while self._blinks and self._blinks[0][0] <= now:
            device.write(led(NUM_LOCK_LED, lit=self._blinks.popleft()[1]))
        return 0.0

    def _take(self, record: Record, at: float) -> None:
        if record.type == SYN and record.code == SYN_DROPPED:
            self._presses.forget(self.name)
        edge = _EDGES.get(record.value) if record.type == KEY else None
        if edge is None:
            return
        key = self._names.get(record.code)
        if key not in self._known:
            self._dropped[Drop.KEY] += edge is Edge.DOWN
            return
        for press in self._presses.take(self.name, key, edge, at):
            self._on_press(press)

    def _light(self, *, lit: bool) -> None:
        self._lit = lit
        when = self._blinks.pop()[0] if self._blinks else self._monotonic()
        self._blinks.append((when, lit))

    def _blink(self, times: int) -> None:
        now = self._monotonic()
        self._blinks = deque(
            (now + step * _BLINK_S, step % 2 == int(self._lit)) for step in range(2 * times)
        )
        self._blinks.append((now + 2 * times * _BLINK_S, self._lit))
