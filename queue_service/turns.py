"""Services take turns: the one that has the store serves, the others wait and are silent."""

import logging
import sys
from collections.abc import Callable
from typing import Protocol

from bus.health import ServiceHealth
from bus.session import Session
from bus.vocabulary import CopyState, StoreState
from config import Centre
from config.watchdog import Watchdog
from queue_service.errors import ServiceError
from queue_service.service import Service
from queue_service.start import Place, open_engine, service_of
from wait_log.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreLostError,
    StoreUncopiedError,
)

_log = logging.getLogger(__name__)

_LOOKS_EVERY_S = 0.5
_TRIES_EVERY_S = 2.0
"""How often to open a store that wants a copy."""


class Stop(Protocol):
    """What ends the process, or wakes it."""

    def wake(self) -> None:
        """Have a `wait` return False before its time."""

    def wait(self, timeout_s: float | None = None) -> bool:
        """Return True as soon as the process shall end, False after `timeout_s` or a `wake`."""


class Turns:
    """Serves until told to stop; a service that has lost the store waits for its next turn.

    Only who has the store connects to the broker.
    """

    def __init__(
        self,
        place: Place,
        centre: Centre,
        make_link: Callable[[], Session],
        stop: Stop,
        watchdog: Watchdog,
        *,
        always_open: bool = False,
    ) -> None:
        self._place = place
        self._centre = centre
        self._make_link = make_link
        self._stop = stop
        self._watchdog = watchdog
        self._always_open = always_open
        self._said = ""
        self._notice: Session | None = None
        """Tells everybody why nothing is accepted."""

    def serve(self, *, waits: bool) -> int:
        """Return the exit status; with `waits`, wait for the first turn, too."""
        try:
            while (service := self._turn(waits=waits)) is not None:
                waits = True
                service.start()
                if ends := self._watch(service):
                    self._watchdog.stopping()
                service.stop()
                if ends:
                    break
        except (StoreError, ServiceError) as error:
            sys.stderr.write(f"{error}\n")
            if isinstance(error, StoreDamagedError):
                self._tell(error)
                self._watchdog.feed_by(self._watchdog.feed, self._stop.wait)
            return 1
        finally:
            self._be_silent()
        return 0

    def _watch(self, service: Service) -> bool:
        """Return when its turn is over, and whether the process shall end."""
        ends = False

        def over(timeout_s: float | None) -> bool:
            nonlocal ends
            ends = ends or (not service.hold.lost and self._stop.wait(timeout_s))
            return ends or service.hold.lost

        while not (ends or service.hold.lost):
            self._watchdog.feed_by(lambda: service.prove_alive(self._watchdog.feed), over)
        return ends

    def _turn(self, *, waits: bool) -> Service | None:
        """Return a service that has the store, None when the process shall end before."""
        while True:
            self._watchdog.feed()
            try:
                engine = open_engine(self._place, self._centre, always_open=self._always_open)
            except StoreUncopiedError as error:
                self._tell(error)
                rest_s = _TRIES_EVERY_S
            except StoreError as error:
                if not waits or isinstance(error, StoreDamagedError | StoreLostError):
                    raise
                self._be_silent()
                busy = isinstance(error, StoreBusyError)
                self._say("another service serves" if busy else str(error))
                rest_s = _LOOKS_EVERY_S
            else:
                self._be_silent()
                return service_of(engine, self._place, self._make_link(), self._stop.wake)
            if self._stop.wait(rest_s):
                return None

    def _tell(self, error: StoreError) -> None:
        """Connect to the broker all the same, and let everybody see why nothing is accepted."""
        self._say(str(error))
        copy = CopyState.MISSING if isinstance(error, StoreUncopiedError) else None
        health = ServiceHealth(store=StoreState.FAILED, copy=copy)
        if self._notice is None:
            self._notice = self._make_link()
            self._notice.set_health(health, str(error))
            self._notice.start()
        self._notice.set_health(health, str(error))

    def _be_silent(self) -> None:
        if self._notice is not None:
            self._notice.stop()
            self._notice = None

    def _say(self, what: str) -> None:
        """Log why nobody is served from here, when that is new."""
        if what != self._said:
            self._said = what
            _log.warning("standing by: %s", what)
