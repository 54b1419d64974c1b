"""From presses to commands, and from states and replies back to the keypads."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bus.commands import Reply
from bus.session import Session
from bus.states import CounterState, CurrentTicket
from bus.vocabulary import Error, UnitState
from config.settings import CallAction
from config.watchdog import Watchdog
from counter_caller.keypad.commands import command_for
from counter_caller.keypad.health import Pairing, UnitHealth, health_of
from hall.model import Hall, HallState
from hall.words import Words
from hardware.keypad import CallDevice, Press, Readout

SEEN_AFTER_S = 0.4
"""A finger that comes down sooner than this after a number changed meant the number before: a
display takes its time to be written, and an eye to read it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    state: CounterState
    before: CurrentTicket | None
    """The ticket it had until `since`."""
    since: float


class Counters:
    """The states of some counters; lives on one thread.

    Only what is the truth now counts: a press is never decided by what the hall looked like
    before an outage.
    """

    def __init__(self) -> None:
        self._seen: dict[int, _Seen] = {}

    def take(self, hall: HallState, now: float) -> None:
        """Take the hall as it is at `now`, in monotonic seconds."""
        there = {number: s for number, s in hall.counters.items() if hall.counter_there(number)}
        self._seen = {
            number: _seen(state, self._seen.get(number), now) for number, state in there.items()
        }

    def live(self, counter: int) -> bool:
        """Return whether the truth about a counter is known."""
        return counter in self._seen

    def current(self, counter: int, at: float) -> CurrentTicket | None:
        """Return the ticket that a person who pressed `at` could have seen at a counter.

        Where it is not the present one, the service refuses the press as `stale`: a number that
        another had called that moment is not passed over by it.
        """
        seen = self._seen.get(counter)
        if seen is None:
            return None
        return seen.before if at < seen.since + SEEN_AFTER_S else seen.state.current

    def readout(self, counter: int) -> Readout:
        """Return what the displays of a counter show."""
        seen = self._seen.get(counter)
        if seen is None:
            return Readout()
        current = seen.state.current
        arrived = seen.state.arrived is not None
        return Readout(current.number if current else "", seen.state.waiting_total, arrived)


def _seen(state: CounterState, last: _Seen | None, now: float) -> _Seen:
    if last and _id(last.state.current) == _id(state.current):
        return _Seen(state, last.before, last.since)
    return _Seen(state, last.state.current if last else None, now)


def _id(ticket: CurrentTicket | None) -> str | None:
    return ticket.ticket if ticket else None


_log = logging.getLogger(__name__)

PRESS_LIVES_S = 4.0
"""Presses that were not carried out by then are dropped: the officer has already noticed."""
_TELL_HEALTH_EVERY_S = 2.0
_LONGEST_REST_S = 0.5
_STOP_WITHIN_S = 5.0
_TROUBLED = frozenset({UnitState.OFFLINE, UnitState.SILENT, UnitState.SHARED, UnitState.FAULT})

Jobs = queue.SimpleQueue[Callable[[], None] | None]


@dataclass(frozen=True, slots=True)
class DeviceBinding:
    """A call device and what its presses mean."""

    device: CallDevice
    actions: Mapping[str, CallAction]


class Bridge:
    """Acts for the counters whose keypads this box has.

    Drivers and the session post to `jobs`, which one thread works off; it owns everything here.
    """

    def __init__(
        self,
        link: Session,
        hall: Hall,
        bindings: Sequence[DeviceBinding],
        jobs: Jobs,
        *,
        monotonic: Callable[[], float],
        press_lives: timedelta,
        t: Words,
        watchdog: Watchdog | None = None,
    ) -> None:
        """Count real seconds by `monotonic`; `press_lives` is `PRESS_LIVES_S` in service time."""
        self._link = link
        self._hall = hall
        self._bindings = {unit: one for one in bindings for unit in one.device.units}
        self._devices = [one.device for one in bindings]
        self._jobs = jobs
        self._monotonic = monotonic
        self._press_lives = press_lives
        self._watchdog = watchdog or Watchdog()
        self._t = t
        self._counters = Counters()
        self._units = {
            unit: UnitHealth(counter)
            for device in self._devices
            for unit, counter in device.units.items()
        }
        self._shown: dict[str, Readout] = {}
        self._pairing = Pairing()
        self._health_at = 0.0
        self._thread = threading.Thread(target=self._run, name="keypads", daemon=True)

    def start(self) -> None:
        """Open the keypads and connect."""
        for device in self._devices:
            device.start(
                lambda press: self._jobs.put(lambda: self._press(press)),
                lambda unit, state, why: self._jobs.put(lambda: self._note(unit, state, why)),
            )
        self._hall.watch(self._take_hall)
        self._hall.follow_counters(sorted({unit.counter for unit in self._units.values()}))
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
            self._watchdog.feed()
            try:
                job = self._jobs.get(timeout=_LONGEST_REST_S)
            except queue.Empty:
                job = self._hall.look
            if job is None:
                return
            try:
                job()
                self._hall.look()
                self._tell_health()
            except Exception:  # noqa: BLE001 - outermost: the next press must be heard
                _log.exception("a press or a state was dropped")

    def _take_hall(self, _part: str) -> None:
        self._counters.take(self._hall.state, self._monotonic())
        for name, unit in self._units.items():
            readout = self._counters.readout(unit.counter)
            if readout != self._shown.get(name):
                self._shown[name] = readout
                self._bindings[name].device.show(name, readout)

    def _note(self, unit: str, state: UnitState, why: str) -> None:
        health = self._units[unit]
        level = logging.WARNING if state in _TROUBLED else logging.INFO
        _log.log(level, "unit=%s counter=%s state=%s %s", unit, health.counter, state, why)
        health.state = state
        self._health_at = 0.0

    def _press(self, press: Press) -> None:
        unit = self._units[press.unit]
        unit.pressed_at = self._link.now()
        self._hall.look()
        if self._monotonic() - press.at > PRESS_LIVES_S:
            self._refuse(press.unit, Error.EXPIRED)
            return
        if not self._counters.live(unit.counter):
            self._refuse(press.unit, Error.UNAVAILABLE)
            return
        actions = self._bindings[press.unit].actions
        current = self._counters.current(unit.counter, press.at)
        command = command_for(press, actions, unit.counter, current, self._until())
        if isinstance(command, Error):
            self._refuse(press.unit, command)
            return
        self._link.ask(command, lambda reply: self._take_reply(press.unit, reply), PRESS_LIVES_S)

    def _until(self) -> datetime | None:
        """Return when the next command is of no use any more.

        A box whose clock was never compared with the service's names no end: it might lie in the
        past, and then no keypad could make the first call of a day.
        """
        return self._link.now() + self._press_lives if self._link.now.heard else None

    def _take_reply(self, unit: str, reply: Reply) -> None:
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
        self._bindings[name].device.refuse(name, why)

    def _outcome(self, name: str, refused: Error | None) -> None:
        unit = self._units[name]
        if unit.refused is refused:
            return
        unit.refused = refused
        self._health_at = 0.0
        if refused:
            _log.info("press refused unit=%s counter=%s why=%s", name, unit.counter, refused)

    def _tell_health(self) -> None:
        now = self._monotonic()
        if now - self._health_at < _TELL_HEALTH_EVERY_S and self._health_at:
            return
        self._health_at = now
        dropped = {device.name: device.dropped() for device in self._devices}
        unknown = [press for each in self._devices for press in each.unknown_buttons().values()]
        pairing = self._pairing.recent(unknown, now, self._link.now())
        self._link.set_health(*health_of(self._units, dropped, self._t, pairing))
