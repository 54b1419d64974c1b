"""The driver of keypads on a serial line: reads, polls, writes displays."""

import contextlib
import logging
import termios
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import serial

from bus.vocabulary import Error, UnitState
from config.settings import SerialKeypads
from hardware.keypad.codec import Codec, DecodedFrame, Drop, totals
from hardware.keypad.port import (
    KeypadUnavailable,
    Press,
    PressHandler,
    Readout,
    StateHandler,
    States,
    state_after,
)
from hardware.keypad.presses import TYPING, Presses
from hardware.keypad.traffic import Displays, EchoFilter, Poller
from hardware.owner import AGAIN_AFTER_S, Owner

_log = logging.getLogger(__name__)

_QUIET_S = 0.02
"""We write after this much silence, so as not to talk into a keypad's frame."""
_JAMMED_S = 1.0
"""On a line that is never quiet we write all the same, and so notice who does not answer."""
_READ_WITHIN_S = 0.02
_WRITE_WITHIN_S = 1.0
_PARITY = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}


class SerialPort:
    """An open port; used from one thread.

    The operating system's calls fail with OSError where pyserial's own checks fail with
    SerialException, which is one; both mean that the adapter was pulled.
    """

    def __init__(self, settings: SerialKeypads) -> None:
        self._url = settings.url
        parity = settings.parity != "none"
        self._bits = 1 + settings.data_bits + parity + settings.stop_bits
        self._baud = settings.baud
        try:
            self._port = serial.serial_for_url(
                settings.url,
                baudrate=settings.baud,
                bytesize=settings.data_bits,
                parity=_PARITY[settings.parity],
                stopbits=settings.stop_bits,
                timeout=_READ_WITHIN_S,
                write_timeout=_WRITE_WITHIN_S,
                exclusive=True,
            )
        except (OSError, ValueError, termios.error) as error:
            raise KeypadUnavailable(f"no line at {self._url}: {error}") from error

    def read(self) -> bytes:
        """Return what came, waiting 20 ms for it."""
        try:
            received: bytes = self._port.read(max(1, self._port.in_waiting))
        except OSError as error:
            raise KeypadUnavailable(f"line at {self._url} is gone: {error}") from error
        return received

    def write(self, data: bytes) -> float:
        """Send `data`; return the seconds it takes on the line."""
        try:
            self._port.write(data)
        except OSError as error:
            raise KeypadUnavailable(f"line at {self._url} is gone: {error}") from error
        return len(data) * self._bits / self._baud

    def close(self) -> None:
        """Close the port, dropping what was not sent: closing would wait for it."""
        with contextlib.suppress(OSError, termios.error):
            self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._port.close()


class KeypadLine:
    """All keypads of one line, by address. One thread reads and writes it."""

    def __init__(
        self,
        settings: SerialKeypads,
        codec: Codec,
        monotonic: Callable[[], float],
        reopen_after_s: Sequence[float] = AGAIN_AFTER_S,
    ) -> None:
        self.name = settings.name
        self.units = settings.unit_names
        addresses = [unit.address for unit in settings.units]
        self._names = dict(zip(addresses, self.units, strict=True))
        self._addresses = dict(zip(self.units, addresses, strict=True))
        self._codec = codec
        self._monotonic = monotonic
        self._presses = Presses(settings.actions, settings.timing)
        self._keys = known_keys(settings.actions)
        polling = settings.polling
        self._poller = Poller(list(self._names), polling) if polling else None
        self._displays = Displays(codec.show, codec.refuse)
        self._echo = EchoFilter()
        self._dropped: Counter[Drop] = Counter()
        self._received_at = 0.0
        self._free_at = 0.0
        self._display_turn = False
        self._on_press: PressHandler = lambda _press: None
        self._states = States(self.units, lambda _unit, _state, _why: None)
        self._settings = settings
        self._port: SerialPort | None = None
        self._owner = Owner(
            f"keypad-{self.name}", self._step, self._lose, self._close, reopen_after_s
        )

    def start(self, on_press: PressHandler, on_state: StateHandler) -> None:
        """Open the line, and keep opening it."""
        self._on_press = on_press
        self._states = States(self.units, on_state)
        self._owner.start()

    def show(self, unit: str, readout: Readout) -> None:
        """Write a unit's display as soon as the line is free."""
        self._displays.want(self._addresses[unit], readout)

    def refuse(self, unit: str, why: Error) -> None:
        """Tell a unit that its press did nothing."""
        self._displays.refuse(self._addresses[unit], why)

    def dropped(self) -> Mapping[str, int]:
        """Return what came in and was no press."""
        ours = {Drop.ECHO: self._echo.echoes, Drop.BOUNCE: self._presses.bounces}
        return totals(self._dropped, self._codec.dropped, ours)

    def unknown_buttons(self) -> Mapping[str, Press]:
        """Return nothing: every unit was given its counter."""
        return {}

    def stop(self) -> None:
        """Close the line."""
        self._owner.stop()

    def _open(self) -> SerialPort:
        port = SerialPort(self._settings)
        self._states.all_become(UnitState.UNKNOWN)
        self._displays.forget_all()
        return port

    def _close(self) -> None:
        port, self._port = self._port, None
        if port:
            port.close()

    def _lose(self, error: Exception) -> None:
        self._close()
        for unit in self.units:
            self._presses.forget(unit)
        self._states.all_become(state_after(error), str(error))

    def _step(self) -> float:
        port = self._port = self._port or self._open()
        received = port.read()
        now = self._monotonic()
        if received:
            self._received_at = now
            _log.debug("received line=%s bytes=%s", self.name, received.hex(" "))
        for heard in self._codec.feed(self._echo.strip(received, now), now):
            self._take(heard, now, port)
        self._tell(self._presses.due(now))
        self._write(port, now)
        return 0.0

    def _take(self, heard: DecodedFrame, now: float, port: SerialPort) -> None:
        unit = self._names.get(heard.address)
        if unit is None:
            self._dropped[Drop.UNIT] += 1
            return
        if self._poller:
            self._poller.heard(heard.address, now)
        if self._states.become(unit, UnitState.READY):
            self._displays.forget(heard.address)
        if heard.key is None:
            return
        self._send(port, self._codec.acknowledge(heard.address), now)
        if heard.key not in self._keys:
            self._dropped[Drop.KEY] += 1
        elif heard.number is not None:
            self._tell([Press(unit, now, key=heard.key, number=heard.number)])
        else:
            self._tell(self._presses.take(unit, heard.key, heard.edge, now))

    def _tell(self, presses: list[Press]) -> None:
        for press in presses:
            self._on_press(press)

    def _write(self, port: SerialPort, now: float) -> None:
        """Send what is due, if the line is ours: at most one frame, then listen again."""
        if now - self._received_at < _QUIET_S and now - self._free_at < _JAMMED_S:
            return
        self._free_at = now
        if self._poller is None:
            self._send(port, self._displays.next(now), now)
            return
        silent = self._poller.overdue(now)
        if silent is not None:
            self._states.become(self._names[silent], UnitState.SILENT, "does not answer")
        if self._poller.waits(now):
            return
        self._display_turn = not self._display_turn
        if self._display_turn:
            line_s = self._send(port, self._displays.next(now), now)
            if line_s:
                self._poller.rest(now, line_s)
                return
        address = self._poller.next(now)
        if address is not None:
            self._poller.asked(address, now, self._send(port, self._codec.poll(address), now))

    def _send(self, port: SerialPort, frame: bytes, now: float) -> float:
        if not frame:
            return 0.0
        line_s = port.write(frame)
        self._echo.sent(frame, now, line_s)
        return line_s


def known_keys(actions: Mapping[str, object]) -> frozenset[str]:
    """Return the keys that mean something, the one of a one-button unit being empty."""
    gestures = {"single", "double", "hold"}
    named = {"" if name in gestures else name.partition(".")[0] for name in actions}
    return frozenset(named | TYPING)
