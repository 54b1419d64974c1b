"""Follow the hall and keep the signs of one line right, or dark rather than wrong."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bus.health import SignHealth
from bus.orders import AnyOrder, Blink
from bus.session import Session
from bus.states import BoardState
from bus.vocabulary import CounterStatus, OrderOutcome, SignState
from config.settings import Rules, SignBox
from config.watchdog import Watchdog
from hall.model import Hall
from hardware.sign import Face, SignLine, SignStation

_ALL_LAMPS = Face("8888", blink=True)
_log = logging.getLogger(__name__)

TRUST_S = 3.0
"""After the keepalive, which takes up to 6 s: nothing stands 10 s with nobody to vouch for it."""


class Signs:
    """The signs of `box`: the bus's thread notes the hall, the station's asks for faces."""

    def __init__(
        self,
        link: Session,
        box: SignBox,
        line: SignLine,
        *,
        trust_s: float = TRUST_S,
        watchdog: Watchdog | None = None,
    ) -> None:
        """Show the hall of `link` on `line`, numbers `trust_s` longer than they are proven."""
        self._link = link
        self._watchdog = watchdog or Watchdog()
        self._counters = {sign.address: sign.counter for sign in box.signs}
        self._station = SignStation(line, list(self._counters), self._faces, self._take_states)
        self._hall = Hall(link, trust_s)
        self._hall.follow_board()
        self._hall.watch(self._take)
        link.follow_orders(self._take_order)
        self._test: _LampTest | None = None
        self._stale = False
        self._states = dict.fromkeys(self._counters, SignState.UNKNOWN)

    def start(self) -> None:
        """Begin to show, and connect."""
        self._publish()
        self._station.start()
        self._link.start()

    def stop(self) -> None:
        """Take every number down, and disconnect."""
        self._station.stop()
        self._link.stop()

    def _take(self, what: str) -> None:
        if what == "board":
            self._station.poke()

    def _take_order(self, order: AnyOrder) -> None:
        if isinstance(order, Blink):
            self._test = _LampTest(order.id, self._link.real() + order.seconds)
            self._station.poke()

    # On the station's thread -----------------------------------------------------------------

    def _faces(self) -> Mapping[int, Face]:
        self._watchdog.feed()
        stale, hall = self._hall.stale, self._hall.state
        rules = hall.centre.rules if hall.centre else Rules()
        if stale != self._stale:
            _log.info("numbers checked signs=%s stale=%s", self._link.device, stale)
            self._stale = stale
            self._publish()
        now = self._link.now()
        faces = {
            address: face_of(counter, None if stale else hall.board, now, rules.flash_s)
            for address, counter in self._counters.items()
        }
        return self._tested(faces)

    def _tested(self, faces: dict[int, Face]) -> dict[int, Face]:
        """Let every lamp light while a test lasts, but where somebody is being called."""
        test = self._test
        if test is None:
            return faces
        if self._link.real() >= test.until_s:
            self._test = None
            self._report(test)
            return faces
        return {address: face if face.blink else _ALL_LAMPS for address, face in faces.items()}

    def _report(self, test: "_LampTest") -> None:
        health = self._health()
        if health.troubled:
            self._link.report(test.order, OrderOutcome.FAILED, health.troubled)
        elif SignState.UNKNOWN in health.signs.values():
            self._link.report(test.order, OrderOutcome.UNPROVEN)
        else:
            self._link.report(test.order, OrderOutcome.DONE)

    def _take_states(self, states: Mapping[int, SignState]) -> None:
        self._states = dict(states)
        self._publish()

    def _publish(self) -> None:
        self._link.set_health(self._health())

    def _health(self) -> SignHealth:
        signs = {counter: self._states[address] for address, counter in self._counters.items()}
        return SignHealth(signs=signs, stale=self._stale)


@dataclass(frozen=True, slots=True)
class _LampTest:
    order: str
    until_s: float
    """In real monotonic seconds."""


def face_of(counter: int, board: BoardState | None, now: datetime, flash_s: float) -> Face:
    """Return the number of `counter`, blinking for `flash_s` after its newest call.

    A counter that is closed, rests or has nobody shows that nobody is called.
    """
    number = _number(counter, board)
    if board is None or number is None:
        return Face()
    for call in board.calls:
        if (call.counter, call.number) == (counter, number) and not call.withdrawn:
            return Face(number, blink=(now - call.at).total_seconds() < flash_s)
    return Face(number)


def _number(counter: int, board: BoardState | None) -> str | None:
    for known in board.counters if board else ():
        if known.counter == counter and known.status is CounterStatus.OPEN:
            return known.number
    return None
