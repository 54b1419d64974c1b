"""From presses to commands, and from states and replies back to the keypads."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bus.commands import Reply
from bus.session import Job, Session
from bus.vocabulary import Error, UnitState
from config.settings import CallAction
from counter_caller.keypad.commands import Stamp, command_for
from counter_caller.keypad.counters import Counters
from counter_caller.keypad.health import UnitHealth, health_of
from counter_caller.keypad.pairing import Pairing
from hall.model import Hall
from hardware.keypad import CallDevice, Press, Readout

_log = logging.getLogger(__name__)

PRESS_LIVES_S = 4.0
"""Presses older than this are dropped: the officer has already noticed."""
_TELL_HEALTH_EVERY_S = 2.0
_LONGEST_REST_S = 0.5
_STOP_WITHIN_S = 5.0
_TROUBLED = frozenset({UnitState.OFFLINE, UnitState.SILENT, UnitState.SHARED, UnitState.FAULT})


@dataclass(frozen=True, slots=True)
class Wired:
    """A call device and what its presses mean."""

    device: CallDevice
    actions: Mapping[str, CallAction]


class Bridge:
    """Acts for the counters whose keypads this box has.

    Drivers and the session put jobs to one thread, which owns everything here.
    """

    def __init__(
        self,
        link: Session,
        wired: Sequence[Wired],
        jobs: "queue.SimpleQueue[Job | None]",
        *,
        monotonic: Callable[[], float],
        press_lives: timedelta,
        lang: str = "vi",
    ) -> None:
        """Count real seconds by `monotonic`; `press_lives` is `PRESS_LIVES_S` in service time.

        `link` delivers to `jobs`.
        """
        self._link = link
        self._wired = {unit: one for one in wired for unit in one.device.units}
        self._devices = [one.device for one in wired]
        self._monotonic = monotonic
        self._press_lives = press_lives
        self._lang = lang
        self._counters = Counters()
        self._units = {
            unit: UnitHealth(counter)
            for device in self._devices
            for unit, counter in device.units.items()
        }
        self._shown: dict[str, Readout] = {}
        self._pairing = Pairing()
        self._health_at = 0.0
        self._jobs = jobs
        self._hall = Hall(link)
        self._hall.follow_counters({unit.counter for unit in self._units.values()})
        self._hall.watch(self._take)
        self._thread = threading.Thread(target=self._run, name="keypads", daemon=True)

    def start(self) -> None:
        """Open the keypads and connect."""
        for device in self._devices:
            device.start(
                lambda press: self._jobs.put(lambda: self._press(press)),
                lambda unit, state, why: self._jobs.put(lambda: self._note(unit, state, why)),
            )
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """Let the keypads go and say goodbye."""
        for device in self._devices:
            device.stop()
        self._jobs.put(None)
        self._thread.join(_STOP_WITHIN_S)
        self._link.stop()

    # On the thread of its own -------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=_LONGEST_REST_S)
            except queue.Empty:
                job = self._show_all
            if job is None:
                return
            try:
                self._hall.look()
                job()
                self._tell_health()
            except Exception:  # noqa: BLE001 - outermost: the next press must be heard
                _log.exception("a press or a state was dropped")

    def _take(self, _what: str) -> None:
        self._counters.take_hall(self._hall.state, self._monotonic())
        self._show_all()

    def _note(self, unit: str, state: UnitState, why: str) -> None:
        health = self._units[unit]
        level = logging.WARNING if state in _TROUBLED else logging.INFO
        _log.log(level, "unit=%s counter=%s state=%s %s", unit, health.counter, state, why)
        health.state = state
        self._health_at = 0.0

    def _press(self, press: Press) -> None:
        unit = self._units[press.unit]
        unit.pressed_at = self._link.now()
        if self._monotonic() - press.at > PRESS_LIVES_S:
            self._refuse(press.unit, Error.EXPIRED)
            return
        if not self._counters.live(unit.counter):
            self._refuse(press.unit, Error.UNAVAILABLE)
            return
        action = self._wired[press.unit].actions.get(press.name)
        current = self._counters.current(unit.counter, press.at)
        command = command_for(press, action, unit.counter, current, self._stamp())
        if isinstance(command, Error):
            self._refuse(press.unit, command)
            return
        self._link.ask(command, lambda reply: self._answered(press.unit, reply), PRESS_LIVES_S)

    def _stamp(self) -> Stamp:
        """Return what the next command carries.

        A box whose clock was never compared with the service's names no end: it might lie in the
        past, and then no keypad could make the first call of a day.
        """
        ts = self._link.now()
        until = ts + self._press_lives if self._link.now.heard else None
        return Stamp(self._link.new_id(), ts, until)

    def _answered(self, unit: str, reply: Reply) -> None:
        if reply.error is Error.EXPIRED:
            # It came in time to be answered, so the service's clock has jumped: the next press
            # must not fail for that again.
            self._link.now.forget()
        if reply.ok:
            self._outcome(unit, None)
        else:
            self._refuse(unit, reply.error or Error.UNAVAILABLE)

    def _refuse(self, name: str, why: Error) -> None:
        self._outcome(name, why)
        self._wired[name].device.refuse(name, why)

    def _outcome(self, name: str, refused: Error | None) -> None:
        unit = self._units[name]
        if unit.refused is refused:
            return
        unit.refused = refused
        self._health_at = 0.0
        if refused:
            _log.info("press refused unit=%s counter=%s why=%s", name, unit.counter, refused)

    def _show_all(self) -> None:
        for name, unit in self._units.items():
            readout = self._counters.readout(unit.counter)
            if readout != self._shown.get(name):
                self._shown[name] = readout
                self._wired[name].device.show(name, readout)

    def _tell_health(self) -> None:
        now = self._monotonic()
        if now - self._health_at < _TELL_HEALTH_EVERY_S and self._health_at:
            return
        self._health_at = now
        dropped = {device.name: device.dropped() for device in self._devices}
        strangers = [press for each in self._devices for press in each.strangers().values()]
        pairing = self._pairing.recent(strangers, now, self._link.now())
        self._link.set_health(*health_of(self._units, dropped, self._lang, pairing))
