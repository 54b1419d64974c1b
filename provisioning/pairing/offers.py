"""The server's side of a pairing: one code at a time, for five minutes and five attempts."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum, auto

import msgspec

from provisioning.errors import PairingError
from provisioning.pairing.codes import new_code, new_secret
from provisioning.pairing.exchange import ServerSide
from provisioning.pairing.messages import Finish, FinishReply, Grant, Hello, HelloReply

GOOD_FOR_S = 5 * 60.0
MOST_ATTEMPTS = 5
_REPEATED_FOR_S = 60.0
"""How long an answer that was lost may be asked for again."""

_log = logging.getLogger(__name__)


class Why(StrEnum):
    """Why a box is refused."""

    NO_CODE = auto()
    """None is good now: used, withdrawn, too late, or after five attempts."""
    WRONG = auto()
    TOO_FAST = auto()
    UNAVAILABLE = auto()


class Fate(StrEnum):
    """What became of a code."""

    OPEN = auto()
    PAIRED = auto()
    ATTEMPTS = auto()
    """Five attempts without the right code."""
    TIME = auto()
    WITHDRAWN = auto()


class RefusedError(Exception):
    """A box is refused."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True)
class Offer:
    """A code, for whom it is, and what became of it."""

    name: str
    devices: tuple[str, ...]
    by: str
    address: str
    ends_s: float
    code: str = field(default_factory=new_code, repr=False)
    secret: str = field(default_factory=new_secret, repr=False)
    fate: Fate = Fate.OPEN
    attempts: int = 0
    host: str = ""
    """What the box that was paired calls itself."""


@dataclass(slots=True)
class _Exchange:
    offer: Offer
    side: ServerSide
    began_s: float
    answer: FinishReply | None = None


GrantIt = Callable[[Offer], Grant]
"""Makes the accounts of a box and returns what it needs; raises ProvisioningError."""


class Offers:
    """The one code that is good now. `monotonic` counts real seconds; calls may block.

    An attempt counts from its first word, before anything is checked: five at once are five.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        # Guards that an attempt is counted and a code used once, whichever thread asks.
        self._lock = threading.Lock()
        self._offer: Offer | None = None
        self._exchanges: dict[str, _Exchange] = {}

    @property
    def newest(self) -> Offer | None:
        """Return the code that was made last, and what became of it."""
        with self._lock:
            self._look()
            return self._offer

    def left_s(self, offer: Offer) -> float:
        """Return for how many seconds a code is still good."""
        return max(0.0, offer.ends_s - self._monotonic()) if offer.fate is Fate.OPEN else 0.0

    def begin(self, name: str, devices: tuple[str, ...], *, by: str, address: str) -> Offer:
        """Make a new code; the one before ends."""
        with self._lock:
            self._end(Fate.WITHDRAWN)
            self._offer = Offer(name, devices, by, address, self._monotonic() + GOOD_FOR_S)
            return self._offer

    def withdraw(self) -> None:
        """End the code that is good now."""
        with self._lock:
            self._end(Fate.WITHDRAWN)

    def hello(self, hello: Hello, certificate: bytes) -> HelloReply:
        """Begin an attempt; raises RefusedError."""
        with self._lock:
            self._look()
            offer = self._offer
            if offer is None or offer.fate is not Fate.OPEN:
                raise RefusedError(Why.NO_CODE)
            if offer.attempts >= MOST_ATTEMPTS:
                self._end(Fate.ATTEMPTS)
                raise RefusedError(Why.NO_CODE)
            offer.attempts += 1
            secret = offer.secret if hello.scanned else offer.code
            try:
                side = ServerSide(secret, certificate, hello.element, scanned=hello.scanned)
            except PairingError as error:
                self._note_failure(offer)
                raise RefusedError(Why.WRONG) from error
            name = secrets.token_urlsafe(16)
            self._exchanges[name] = _Exchange(offer, side, self._monotonic())
            return HelloReply(exchange=name, element=side.element)

    def finish(self, finish: Finish, grant: GrantIt) -> FinishReply:
        """End an attempt: call `grant` and return what it gives, sealed; raises RefusedError.

        What `grant` raises leaves the code good, with one attempt less.
        """
        with self._lock:
            self._look()
            exchange = self._exchanges.get(finish.exchange)
            if exchange is None:
                raise RefusedError(Why.NO_CODE)
            if not exchange.side.confirms(finish.confirmation):
                del self._exchanges[finish.exchange]
                self._note_failure(exchange.offer)
                raise RefusedError(Why.WRONG)
            if exchange.answer:
                return exchange.answer
            offer = exchange.offer
            if offer.fate is not Fate.OPEN:
                raise RefusedError(Why.NO_CODE)
            offer.host = "".join(c for c in finish.host if c.isprintable())
            granted = grant(offer)
            exchange.answer = FinishReply(sealed=exchange.side.seal(msgspec.json.encode(granted)))
            offer.fate = Fate.PAIRED
            self._exchanges = {finish.exchange: exchange}
            return exchange.answer

    def _note_failure(self, offer: Offer) -> None:
        _log.warning("pairing code wrong attempts=%s", offer.attempts)
        if offer.attempts >= MOST_ATTEMPTS and not self._still_trying(offer):
            self._end(Fate.ATTEMPTS)

    def _still_trying(self, offer: Offer) -> bool:
        return any(exchange.offer is offer for exchange in self._exchanges.values())

    def _look(self) -> None:
        """End what time has ended."""
        now_s = self._monotonic()
        self._exchanges = {
            name: exchange
            for name, exchange in self._exchanges.items()
            if now_s < exchange.began_s + _REPEATED_FOR_S
        }
        if self._offer and now_s >= self._offer.ends_s:
            self._end(Fate.TIME)

    def _end(self, fate: Fate) -> None:
        if self._offer and self._offer.fate is Fate.OPEN:
            self._offer.fate = fate
            self._exchanges = {}
