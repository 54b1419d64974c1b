"""One device's conversation with the service: commands and replies, states, its own status."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bus.codec import MessageError, decode, encode
from bus.commands import AnyCommand, Reply
from bus.orders import Acknowledgement, AnyOrder, decode_order
from bus.port import Bus, Incoming, Will
from bus.states import (
    BoardState,
    ConfigState,
    CounterState,
    DeviceStatus,
    ServicesState,
    State,
)
from bus.told import Told
from bus.topics import Topics
from bus.vocabulary import Error

_log = logging.getLogger(__name__)

RESEND_AFTER_S = (1.0, 2.0, 4.0)
GIVE_UP_AFTER_S = 10.0
BEAT_S = 2.0
"""How often the service says that it is there, in the wall's seconds."""

S = TypeVar("S", bound=State)


class DeviceClock:
    """Service time as a device knows it: the newest state's `at` plus its own monotonic clock."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now = now
        self._monotonic = monotonic
        self._heard: tuple[datetime, float] | None = None

    def hear(self, at: datetime) -> None:
        """Take the time that a live state carries."""
        self._heard = (at, self._monotonic())

    def forget(self) -> None:
        """Go by the own clock until the next live state: the service's has proved another."""
        self._heard = None

    @property
    def heard(self) -> bool:
        """Return whether it is service time: before, the own clock may be wrong by any amount."""
        return self._heard is not None

    def __call__(self) -> datetime:
        """Return the present in service time; the own clock's before any state was heard."""
        if self._heard is None:
            return self._now()
        at, heard = self._heard
        return at + timedelta(seconds=self._monotonic() - heard)


@dataclass(slots=True)
class _Pending:
    payload: bytes
    on_reply: Callable[[Reply], None]
    began: float
    sent: int = 1


@dataclass(slots=True)
class _Follower:
    epoch: str = ""
    rev: int = -1
    undecodable: int = 0


def offline_will(topics: Topics, device: str, kind: str, at: datetime) -> Will:
    """Return the will that tells everybody that `device` is gone."""
    status = DeviceStatus(online=False, kind=kind, at=at)
    return Will(topics.status(device), encode(status))


class DeviceLink:
    """What a device process uses of the bus.

    Handlers run on the bus's thread, or on this object's timer thread for replies that never
    came; user interfaces post them to their own thread. Set everything up before `start`.
    """

    def __init__(
        self,
        bus: Bus,
        topics: Topics,
        device: str,
        kind: str,
        *,
        clock: DeviceClock,
        new_id: Callable[[], str],
        version: str = "",
        presence: bool = True,
    ) -> None:
        """Speak as `device`, of `kind` (its role); without `presence` publish no status.

        A second client of a device, such as the simulator, leaves the status to the first.
        """
        self.bus = bus
        self.topics = topics
        self.device = device
        self.kind = kind
        self.now = clock
        self.new_id = new_id
        self._version = version
        self._presence = presence
        self._health: dict[str, Any] = {}
        self._message: str | None = None
        # Guards _pending: the caller's thread adds, the bus's answers, the timer's resends.
        self._lock = threading.Condition()
        self._pending: dict[str, _Pending] = {}
        self._stopping = False
        self._timer: threading.Thread | None = None
        self._told = Told()
        # On the bus's thread: the newest state on this link, and the session it was last said to.
        self._board: BoardState | None = None
        self._told_session: str | None = None

    @property
    def connected(self) -> bool:
        """Return whether the link to the broker is up."""
        return self.bus.connected

    def start(self) -> None:
        """Connect; publishes this device's status on every connect."""
        self.bus.subscribe(self.topics.reply(self.device), self._take_reply)
        self.bus.on_link(self._on_link)
        self._timer = threading.Thread(target=self._resend, name="resend", daemon=True)
        self._timer.start()
        self.bus.start()

    def stop(self) -> None:
        """Say goodbye and disconnect."""
        self._publish_status(online=False)
        with self._lock:
            self._stopping = True
            self._lock.notify()
        self.bus.stop()

    def send(self, command: AnyCommand, on_reply: Callable[[Reply], None]) -> None:
        """Send `command` until it is answered, for 10 s; then reply `unavailable`."""
        pending = _Pending(encode(command), on_reply, time.monotonic())
        with self._lock:
            self._pending[command.id] = pending
            self._lock.notify()
        self._send(pending)

    def reaches_broker(self, within_s: float) -> bool:
        """Return whether the broker answers within `within_s`; a cut cable shows much later.

        Never on the bus's thread.
        """
        self._publish_status(online=True)
        return self.bus.confirmed(within_s)

    def forget(self, command_id: str) -> None:
        """Stop sending a command; a late reply is ignored."""
        with self._lock:
            self._pending.pop(command_id, None)

    def acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """Say what became of a call; without a link it is said as soon as the service is there.

        The last words of two minutes are said again to a service that may have missed them: with
        the first state of the boards after this link or the service's own was lost.
        """
        self._told.note(acknowledgement, time.monotonic())
        self._say(acknowledgement)

    def beat(self) -> None:
        """Say again that this device is there: the service does, every `BEAT_S`."""
        self._publish_status(online=True)

    def set_health(self, health: dict[str, Any], message: str | None = None) -> None:
        """Publish how this device is, if that has changed."""
        if (health, message) != (self._health, self._message):
            self._health, self._message = dict(health), message
            self._publish_status(online=True)

    def follow_config(self, handler: Callable[[ConfigState], None]) -> None:
        """Call `handler` with every newer configuration."""
        self._follow(ConfigState, self.topics.config(), handler)

    def follow_board(self, handler: Callable[[BoardState], None]) -> None:
        """Call `handler` with every newer state of the boards."""

        def take(state: BoardState) -> None:
            self._board = state
            self._say_again()
            handler(state)

        self._follow(BoardState, self.topics.board(), take)

    def follow_services(self, handler: Callable[[ServicesState], None]) -> None:
        """Call `handler` with every newer state of the services."""
        self._follow(ServicesState, self.topics.services(), handler)

    def follow_counter(self, number: int, handler: Callable[[CounterState], None]) -> None:
        """Call `handler` with every newer state of one counter."""
        self._follow(CounterState, self.topics.counter(number), handler)

    def follow_counters(self, handler: Callable[[CounterState], None]) -> None:
        """Call `handler` with every newer state of every counter."""
        self._follow(CounterState, self.topics.every_counter(), handler)

    def follow_orders(self, handler: Callable[[AnyOrder], None]) -> None:
        """Call `handler` with everything this device is told to do."""

        def take(message: Incoming) -> None:
            try:
                order = decode_order(message.payload)
            except MessageError as error:
                _log.warning("order dropped device=%s error=%s", self.device, error)
            else:
                handler(order)

        self.bus.subscribe(self.topics.order(self.device), take)

    def follow_status(self, device: str, handler: Callable[[str, DeviceStatus], None]) -> None:
        """Call `handler` with id and status of `device`, or of every device with `+`."""
        topic = self.topics.every("device") if device == "+" else self.topics.status(device)

        def take(message: Incoming) -> None:
            levels = self.topics.split(message.topic)
            try:
                status = decode(DeviceStatus, message.payload)
            except MessageError as error:
                _log.warning("status dropped topic=%s error=%s", message.topic, error)
            else:
                handler(levels[1], status)

        self.bus.subscribe(topic, take)

    def _follow(self, kind: type[S], topic: str, handler: Callable[[S], None]) -> None:
        followers: defaultdict[str, _Follower] = defaultdict(_Follower)

        def take(message: Incoming) -> None:
            seen = followers[message.topic]
            try:
                state = decode(kind, message.payload)
            except MessageError as error:
                if seen.undecodable == 0:
                    _log.warning("state dropped topic=%s error=%s", message.topic, error)
                seen.undecodable += 1
                return
            if not message.retained:
                self.now.hear(state.at)
            if state.epoch == seen.epoch and state.rev < seen.rev:
                return
            seen.epoch, seen.rev = state.epoch, state.rev
            handler(state)

        self.bus.subscribe(topic, take)

    def _say(self, acknowledgement: Acknowledgement) -> None:
        self.bus.publish(self.topics.acknowledgement(self.device), encode(acknowledgement))

    def _say_again(self) -> None:
        """Repeat what a service may not know that has come, or to which the link has."""
        board = self._board
        if board is None or board.session == self._told_session or not self.bus.connected:
            return
        self._told_session = board.session
        for acknowledgement in self._told.again(board.epoch, time.monotonic()):
            self._say(acknowledgement)

    def _on_link(self, up: bool) -> None:
        if not up:
            self._board, self._told_session = None, None
            return
        self._publish_status(online=True)
        self._say_again()
        with self._lock:
            waiting = list(self._pending.values())
        for pending in waiting:
            self._send(pending)

    def _send(self, pending: _Pending) -> None:
        """Send a command; whether it is still of use on another link is decided here."""
        self.bus.publish(self.topics.command(self.device), pending.payload, once=True)

    def _publish_status(self, *, online: bool) -> None:
        if not self._presence:
            return
        status = DeviceStatus(
            online=online,
            kind=self.kind,
            version=self._version,
            at=self.now(),
            health=self._health,
            message=self._message,
        )
        self.bus.publish(self.topics.status(self.device), encode(status), retain=True)

    def _take_reply(self, message: Incoming) -> None:
        try:
            reply = decode(Reply, message.payload)
        except MessageError as error:
            _log.warning("reply dropped device=%s error=%s", self.device, error)
            return
        with self._lock:
            pending = self._pending.pop(reply.id, None)
        if pending:
            pending.on_reply(reply)

    def _resend(self) -> None:
        while True:
            with self._lock:
                if self._stopping:
                    return
                now = time.monotonic()
                due = [(key, p) for key, p in self._pending.items() if _due(p) <= now]
                lost = [(key, p) for key, p in due if now - p.began >= GIVE_UP_AFTER_S]
                for key, _ in lost:
                    del self._pending[key]
                for _, pending in due:
                    pending.sent += 1
                soonest = min((_due(p) for p in self._pending.values()), default=None)
                if not due:
                    self._lock.wait(None if soonest is None else max(0.0, soonest - now))
                    continue
            for key, pending in due:
                if (key, pending) in lost:
                    message = "the service did not answer"
                    reply = Reply(id=key, ok=False, error=Error.UNAVAILABLE, message=message)
                    pending.on_reply(reply)
                else:
                    self._send(pending)


def _due(pending: _Pending) -> float:
    """Return when to send again: after 1, 2 and 4 s more, and at last when to give up."""
    resent = RESEND_AFTER_S[: pending.sent]
    wait = sum(resent) if pending.sent <= len(RESEND_AFTER_S) else GIVE_UP_AFTER_S
    return pending.began + wait
