"""A device's conversation with the service, and the only maker of its link.

`connect` makes client, will and clock for every process alike. A `Session` delivers everything
that it hears on its owner's thread: Qt's, an event loop's, or one that reads a queue.
"""

import importlib.metadata
import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace
from ulid import ULID

from bus.codec import MessageError, decode, encode
from bus.commands import Command, Reply
from bus.dropped import DroppedMessages
from bus.health import AnyHealth
from bus.mqtt import Account, MqttBus
from bus.orders import Acknowledgement, AnyOrder, OrderResult, decode_order
from bus.port import Bus, Incoming, LinkHandler, Will
from bus.resend import GIVE_UP_AFTER_S, OnReply, PendingCommands, RecentAcks
from bus.states import (
    BoardState,
    ConfigState,
    CounterState,
    DevicesState,
    DeviceStatus,
    MachineFacts,
    ServicesState,
    StaffState,
    State,
)
from bus.topics import Topics
from bus.vocabulary import EARLIEST, Error, OrderOutcome

_log = logging.getLogger(__name__)

BEAT_S = 2.0
"""How often the service says that it is there, in real seconds."""
DEVICE_BEAT_S = 10.0
"""How often every other device does, for whoever looks at the devices."""
_LONGEST_REASON = 200
_CLOCK_STEP_S = 5
_LOOK_S = 0.1
"""How often to look for commands without a reply, while there are any."""

Job = Callable[[], None]
Deliver = Callable[[Job], None]
"""Runs a job on the thread that owns a session, the first delivered first."""
S = TypeVar("S", bound=State)
C = TypeVar("C", bound=Command)


def connect(
    account: Account,
    site: str,
    kind: str,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    deliver: Deliver,
    version: str | None = None,
    presence: bool = True,
    machine: Callable[[], MachineFacts] | None = None,
) -> "Session":
    """Return the session of the device `account.username`, of `kind` (its role); not started yet.

    It says the installed version of the product unless it is given another, and with `machine` how
    the machine is that it runs on. Without `presence` it
    has no will and publishes no status: the device has another client.
    """
    topics = Topics(site)
    will = offline_will(topics, account.username, kind, now()) if presence else None
    return Session(
        MqttBus(account, random.SystemRandom(), will),
        topics,
        account.username,
        kind,
        clock=ServiceClock(now, monotonic),
        real=time.monotonic,
        new_id=new_id,
        deliver=deliver,
        version=installed_version() if version is None else version,
        presence=presence,
        machine=machine,
    )


def installed_version() -> str:
    """Return the version of the product; nothing where it runs without having been installed."""
    try:
        return importlib.metadata.version("denluot")
    except importlib.metadata.PackageNotFoundError:
        return ""


def new_id() -> str:
    """Return a new ULID."""
    return str(ULID())


def at_once(job: Job) -> None:
    """Deliver on the bus's own thread: for owners whose handlers only post."""
    job()


def offline_will(topics: Topics, device: str, kind: str, at: datetime) -> Will:
    """Return the will that tells everybody that `device` is gone."""
    status = DeviceStatus(online=False, kind=kind, at=at)
    return Will(topics.status(device), encode(status))


class ServiceClock:
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

    @property
    def ahead_s(self) -> float:
        """Return by how many seconds the own clock is before the service's; 0 while unheard."""
        return (self._now() - self()).total_seconds()

    def __call__(self) -> datetime:
        """Return the present in service time; the own clock's before any state was heard."""
        if self._heard is None:
            return self._now()
        at, heard = self._heard
        return at + timedelta(seconds=self._monotonic() - heard)


class Session:
    """What a device process uses of the bus.

    Handlers run on the owner's thread by way of `deliver`; one that raises is logged and ends
    nothing. Followers may be set at any time, before `start` or after.
    """

    def __init__(
        self,
        bus: Bus,
        topics: Topics,
        device: str,
        kind: str,
        *,
        clock: ServiceClock,
        real: Callable[[], float],
        new_id: Callable[[], str],
        deliver: Deliver,
        version: str = "",
        presence: bool = True,
        machine: Callable[[], MachineFacts] | None = None,
    ) -> None:
        """Speak as `device`, of `kind` (its role); without `presence` publish no status.

        `real` counts real seconds. A second client of a device, such as the simulator, leaves
        the status to the first.
        """
        self.bus = bus
        self.topics = topics
        self.device = device
        self.kind = kind
        self.now = clock
        self.new_id = new_id
        self.real = real
        self._deliver = deliver
        self._version = version
        self._presence = presence
        self._machine = machine
        self._health: AnyHealth | None = None
        self._message: str | None = None
        # Guards _pending: the owner's thread adds and answers, the bus's and the timer's resend.
        self._lock = threading.Condition()
        self._pending = PendingCommands()
        self._stopping = False
        self._beat_at = real()
        self._dropped = DroppedMessages(real)
        self._acks = RecentAcks()
        self._statuses: frozenset[str] = frozenset()
        self._counters: frozenset[int] = frozenset()
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
        self.bus.on_link(self._take_link)
        threading.Thread(target=self._resend, name="resend", daemon=True).start()
        self.bus.start()

    def stop(self) -> None:
        """Say goodbye and disconnect; nothing is delivered after this."""
        with self._lock:
            self._stopping = True
            self._lock.notify()
        self._publish_status(online=False)
        self.bus.stop()

    def ask(self, command: C, on_reply: OnReply, within_s: float = GIVE_UP_AFTER_S) -> C:
        """Send `command` until it is answered; then, or after `within_s`, call `on_reply`.

        Returns it with the id and the time it was stamped with; those it has already stay. A
        command that was never answered gets the reply `unavailable`.
        """
        stamped = replace(
            command,
            id=command.id or self.new_id(),
            ts=self.now() if command.ts == EARLIEST else command.ts,
        )
        payload = encode(stamped)
        with self._lock:
            self._pending.add(stamped.id, payload, on_reply, self.real(), within_s)
            self._lock.notify()
        self._send(payload)
        return stamped

    def forget(self, command_id: str) -> None:
        """Stop sending a command; a late reply is ignored."""
        with self._lock:
            self._pending.pop(command_id)

    def acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """Say what became of a call; without a link it is said as soon as the service is there.

        The last words of two minutes are said again to a service that may have missed them: with
        the first state of the boards after this link or the service's own was lost.
        """
        self._acks.note(acknowledgement, self.real())
        self._say(acknowledgement)

    def report(self, order: str, outcome: OrderOutcome, reason: str = "") -> None:
        """Say what became of an order; one that the link loses counts as unanswered."""
        result = OrderResult(order=order, outcome=outcome, reason=reason[:_LONGEST_REASON] or None)
        self.bus.publish(self.topics.result(self.device), encode(result))

    def beat(self) -> None:
        """Say again that this device is there: the service does, every `BEAT_S`."""
        self._publish_status(online=True)

    def set_health(self, health: AnyHealth, message: str | None = None) -> None:
        """Publish how this device is, if that has changed."""
        if (health, message) != (self._health, self._message):
            self._health, self._message = health, message
            self._publish_status(online=True)

    def reaches_broker(self, within_s: float) -> bool:
        """Return whether the broker answers within `within_s`; a cut cable shows much later.

        Never on the bus's thread.
        """
        self._publish_status(online=True)
        return self.bus.confirmed(within_s)

    def on_link(self, handler: LinkHandler) -> None:
        """Call `handler` whenever the link comes or goes."""
        self.bus.on_link(lambda up: self._hand(handler, up))

    def follow_config(self, handler: Callable[[ConfigState], None]) -> None:
        """Call `handler` with every newer configuration."""
        self._follow(ConfigState, self.topics.config(), handler)

    def follow_board(self, handler: Callable[[BoardState], None]) -> None:
        """Call `handler` with every newer state of the boards."""
        self._follow(BoardState, self.topics.board(), handler, self._take_board)

    def follow_services(self, handler: Callable[[ServicesState], None]) -> None:
        """Call `handler` with every newer state of the services."""
        self._follow(ServicesState, self.topics.services(), handler)

    def follow_device_orders(self, handler: Callable[[DevicesState], None]) -> None:
        """Call `handler` with every newer state of what devices were told to do."""
        self._follow(DevicesState, self.topics.devices(), handler)

    def follow_staff(self, handler: Callable[[StaffState], None]) -> None:
        """Hear what goes on between the people of the house."""
        self._follow(StaffState, self.topics.staff(), handler)

    def follow_counters(
        self, numbers: Iterable[int], handler: Callable[[CounterState], None]
    ) -> None:
        """Call `handler` with every newer state of these counters, and of no others any more."""
        wanted = frozenset(numbers)
        for number in self._counters - wanted:
            self.bus.unsubscribe(self.topics.counter(number))
        for number in sorted(wanted - self._counters):
            self._follow(CounterState, self.topics.counter(number), handler)
        self._counters = wanted

    def follow_devices(
        self, devices: Iterable[str], handler: Callable[[str, DeviceStatus], None]
    ) -> None:
        """Call `handler` with id and status of these devices, and of no others any more."""
        wanted = frozenset(devices)
        for device in self._statuses - wanted:
            self.bus.unsubscribe(self.topics.status(device))
        for device in sorted(wanted - self._statuses):
            self._follow_status(device, handler)
        self._statuses = wanted

    def follow_orders(self, handler: Callable[[AnyOrder], None]) -> None:
        """Call `handler` with everything this device is told to do."""

        def take(message: Incoming) -> None:
            try:
                self._hand(handler, decode_order(message.payload))
            except MessageError as error:
                self._dropped.note("order", message.topic, error)

        self.bus.subscribe(self.topics.order(self.device), take)

    # On the bus's thread ------------------------------------------------------------------

    def _follow(
        self,
        kind: type[S],
        topic: str,
        handler: Callable[[S], None],
        first: Callable[[S], None] | None = None,
    ) -> None:
        newest: S | None = None

        def take(message: Incoming) -> None:
            nonlocal newest
            if not message.payload:  # the broker has been told to keep it no more
                return
            try:
                state = decode(kind, message.payload)
            except MessageError as error:
                self._dropped.note("state", message.topic, error)
                return
            if not message.retained:
                self.now.hear(state.at)
            if newest and state.epoch == newest.epoch and state.rev < newest.rev:
                return
            newest = state
            if first:
                first(state)
            self._hand(handler, state)

        self.bus.subscribe(topic, take)

    def _follow_status(self, device: str, handler: Callable[[str, DeviceStatus], None]) -> None:
        def take(message: Incoming) -> None:
            try:
                self._hand(handler, device, decode(DeviceStatus, message.payload))
            except MessageError as error:
                self._dropped.note("status", message.topic, error)

        self.bus.subscribe(self.topics.status(device), take)

    def _take_link(self, up: bool) -> None:
        if not up:
            self._board, self._told_session = None, None
            return
        self._publish_status(online=True)
        self._say_again()
        with self._lock:
            waiting = self._pending.payloads()
        for payload in waiting:
            self._send(payload)

    def _take_board(self, state: BoardState) -> None:
        self._board = state
        self._say_again()

    def _say_again(self) -> None:
        """Repeat what a service may not know that has come, or to which the link has."""
        board = self._board
        if board is None or board.session == self._told_session or not self.bus.connected:
            return
        self._told_session = board.session
        for acknowledgement in self._acks.last_words(board.epoch, self.real()):
            self._say(acknowledgement)

    def _take_reply(self, message: Incoming) -> None:
        try:
            self._hand(self._answer, decode(Reply, message.payload))
        except MessageError as error:
            self._dropped.note("reply", message.topic, error)

    # On the owner's thread ----------------------------------------------------------------

    def _answer(self, reply: Reply) -> None:
        with self._lock:
            on_reply = self._pending.pop(reply.id)
        if on_reply:
            on_reply(reply)

    # On any thread ------------------------------------------------------------------------

    def _hand(self, handler: Callable[..., None], *values: object) -> None:
        """Have the owner call `handler`; what that raises ends neither of the two."""

        def job() -> None:
            try:
                handler(*values)
            except Exception:  # noqa: BLE001 - outermost: the owner hears the next message
                _log.exception("a handler failed device=%s", self.device)

        self._deliver(job)

    def _say(self, acknowledgement: Acknowledgement) -> None:
        self.bus.publish(self.topics.acknowledgement(self.device), encode(acknowledgement))

    def _send(self, payload: bytes) -> None:
        """Send a command; whether it is still of use on another link is decided here."""
        self.bus.publish(self.topics.command(self.device), payload, once=True)

    def _publish_status(self, *, online: bool) -> None:
        """Say whether this device is there; the lock keeps a farewell the last word."""
        if not self._presence:
            return
        with self._lock:
            if not (online and self._stopping):
                self._publish_own_status(online=online)

    def _publish_own_status(self, *, online: bool) -> None:
        status = DeviceStatus(
            online=online,
            kind=self.kind,
            version=self._version,
            at=self.now(),
            health=self._health,
            message=self._message,
            machine=self._facts() if online else None,
        )
        self.bus.publish(self.topics.status(self.device), encode(status), retain=True)

    def _facts(self) -> MachineFacts | None:
        if self._machine is None:
            return None
        ahead_s = _CLOCK_STEP_S * round(self.now.ahead_s / _CLOCK_STEP_S)
        return replace(self._machine(), clock_ahead_s=ahead_s)

    # On the timer's thread ----------------------------------------------------------------

    def _resend(self) -> None:
        while True:
            with self._lock:
                if self._stopping:
                    return
                self._lock.wait(_LOOK_S if self._pending else DEVICE_BEAT_S)
                again, given_up = self._pending.due(self.real())
                self._beat_if_due()
            try:
                for payload in again:
                    self._send(payload)
                for command_id in given_up:
                    self._hand(self._answer, _no_answer(command_id))
            except Exception:  # noqa: BLE001 - outermost: nothing would ever be sent again
                _log.exception("nothing was sent again device=%s", self.device)

    def _beat_if_due(self) -> None:
        """Say that this device is there, every `DEVICE_BEAT_S`."""
        if self.real() >= self._beat_at + DEVICE_BEAT_S:
            self._beat_at = self.real()
            self._publish_status(online=True)


def _no_answer(command_id: str) -> Reply:
    return Reply(id=command_id, ok=False, error=Error.UNAVAILABLE)
