"""The service: one thread that owns everything and takes one message after the other."""

import contextlib
import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from bus import codec, orders, states, vocabulary
from bus.dropped import DroppedMessages
from bus.health import KioskHealth, health_as
from bus.port import Incoming
from bus.session import BEAT_S, Session
from config.settings import KnownDevice, Role
from queue_service.attention import Attention
from queue_service.board_revs import BoardRevs
from queue_service.call_watch import CallWatch
from queue_service.devices import Devices
from queue_service.engine import Engine
from queue_service.hold import Hold
from queue_service.order_watch import OrderWatch
from queue_service.pace import CommandBudget, RenderPace, Retry, Seconds, Verdict
from queue_service.publisher import Publisher
from queue_service.states import View
from queue_service.timetable import next_change
from wait_log.errors import StoreError

_log = logging.getLogger(__name__)

_LONGEST_REST_S = 60.0
_SHORTEST_REST_S = 0.001
_REPUBLISHED_EVERY_S = 1.0
"""However many devices come, they are told everything again no more often than this."""
_UNSETTLED_REST_S = 0.5
"""How often to look while time alone may raise an alarm, in real seconds."""

Job = Callable[[], None]


class Service:
    """Decodes on the bus's thread, decides on its own."""

    def __init__(
        self,
        engine: Engine,
        link: Session,
        real_s: Callable[[float], float],
        real_monotonic: Seconds,
        failpoint: Callable[[str], None] = lambda _name: None,
        *,
        commands_per_s: float = CommandBudget.PER_S,
        on_lost: Callable[[], None] = lambda: None,
    ) -> None:
        """Serve on `link`; `real_s` turns simulated seconds into real ones.

        `on_lost` is called once when another service writes, or may: from then on this one is
        silent and writes nothing.
        """
        self._engine = engine
        self._ledger = engine.ledger
        self._link = link
        self._real_s = real_s
        self._real_monotonic = real_monotonic
        self._failpoint = failpoint
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._publisher = Publisher(link.bus, link.topics, self._ledger, real_s)
        self._attention = Attention(self._ledger.time.monotonic, real_s)
        self._devices = Devices(real_s)
        self._board_revs = BoardRevs(real_s)
        self._calls = CallWatch(engine, self._devices, self._attention, real_s)
        self._orders = OrderWatch(engine, self._attention, real_s)
        self._storing = Retry(real_monotonic)
        self._session = ""
        self._rendering = RenderPace(real_monotonic)
        self._budget = CommandBudget(real_monotonic, commands_per_s)
        # A device that came is told everything again: its broker may have kept nothing for it.
        self._republish_wanted = False
        self._republished_at = real_monotonic()
        self._beat_due = real_monotonic() + BEAT_S
        self.hold = Hold(engine, real_monotonic, on_lost)
        self._dropped: Counter[str] = Counter()
        self._refused = DroppedMessages(real_monotonic)
        self._followed: frozenset[str] = frozenset()
        self._configured: tuple[KnownDevice, ...] | None = None

    def start(self) -> None:
        """Connect and serve."""
        self._follow_devices()
        self._link.bus.on_link(lambda up: self._jobs.put(lambda: self._take_link(up=up)))
        self._link.set_health(self.hold.health())
        own = self._link.topics.status(self._link.device)
        self._link.bus.subscribe(own, self._post(self._take_own_status))
        self._thread = threading.Thread(target=self._run, name="service", daemon=True)
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """Finish what has come in, say goodbye, and close the store."""
        self._jobs.put(None)
        if self._thread:
            self._thread.join(timeout=10)
        self._link.stop()
        try:
            if not self.hold.lost:
                self._engine.write_cases(all_of_them=True)
                self._ledger.save_cursor()
        except StoreError as error:
            _log.warning("cursor not stored error=%s", error)
        if self._dropped:
            _log.info("dropped since the start: %s", dict(self._dropped))
        self._ledger.store.close()

    def prove_alive(self, alive: Job) -> None:
        """Have `alive` called as soon as the queue has come to it and the store was read.

        A store that answers with an error is an alarm of its own, which no restart would end; one
        that does not answer at all keeps everybody waiting.
        """
        self._jobs.put(lambda: self._prove_alive(alive))

    def _follow_devices(self) -> None:
        """Hear the configuration's devices by exact topics: some brokers keep those alone."""
        devices = self._engine.version.centre.devices
        if devices is self._configured:
            return
        self._configured, wanted = devices, frozenset(device.id for device in devices)
        bus, topics = self._link.bus, self._link.topics
        for make, handler in (
            (topics.command, self._take_command),
            (topics.acknowledgement, self._take_acknowledgement),
            (topics.result, self._take_result),
            (topics.status, self._take_status),
        ):
            for device in self._followed - wanted:
                bus.unsubscribe(make(device))
            for device in sorted(wanted - self._followed):
                bus.subscribe(make(device), self._post(handler))
        self._followed = wanted

    def _post(self, handler: Callable[[str, bytes], None]) -> Callable[[Incoming], None]:
        def take(message: Incoming) -> None:
            levels = self._link.topics.split(message.topic)
            if len(levels) > 1:
                self._jobs.put(lambda: handler(levels[1], message.payload))

        return take

    def _run(self) -> None:
        """Take one message after the other; render when nobody waits for a reply."""
        while (job := self._next_job()) is not None:
            self._guard("the hold on the store", self.hold.keep)
            if self.hold.lost:
                return
            self._guard("a message", job)
            due_s = self._rendering.due_in_s(busy=not self._jobs.empty())
            if due_s is not None and due_s <= 0:
                self._render()
            self._guard("the beat", self._beat)
        self._render()

    def _next_job(self) -> Job | None:
        """Wait for a message, or until the clock asks for something."""
        try:
            rest = self._rest_s()
            self._attention.rest(rest)
        except Exception:  # noqa: BLE001 - the outermost loop carries on
            self._note_failure("the clock's work")
            rest = BEAT_S
        try:
            job = self._jobs.get(timeout=rest)
        except queue.Empty:
            job = self._look_around
        self._guard("the clock's work", self._attention.wake)
        return job

    def _render(self) -> None:
        """Tell the hall what is new, and the log what the hall did with it."""
        self._rendering.begin()
        self._guard("the watch over calls", self._calls.follow)
        self._guard("the rules of time", self._settle_by_time)
        self._guard("the watch over orders", self._orders.look)
        self._guard("publishing", self._publish)
        self._guard("the watch over calls", self._calls.look)
        self._guard("the log", self._write_down)
        self._guard("health", self._tell_health)
        self._rendering.rendered()
        if self._publisher.behind and self._link.connected:
            self._rendering.want()

    def _guard(self, what: str, step: Job) -> None:
        """Do `step`, whatever comes of it: the outermost loop carries on."""
        try:
            step()
        except Exception:  # noqa: BLE001
            self._note_failure(what)

    def _note_failure(self, what: str) -> None:
        self._dropped[what] += 1
        if self._dropped[what] == 1:
            _log.exception("%s failed; the service carries on", what)

    def _beat(self) -> None:
        """Let whoever shows the queue know that somebody still vouches for it."""
        if self._real_monotonic() >= self._beat_due:
            self._beat_due = self._real_monotonic() + BEAT_S
            if self.hold.may_speak():
                self._link.beat()

    def _prove_alive(self, alive: Job) -> None:
        with contextlib.suppress(StoreError):
            self._ledger.store.hash_of(self._ledger.store.last_seq)
        alive()

    def _take_command(self, device: str, payload: bytes) -> None:
        verdict = self._budget.judge(self._engine.sender(device, payload))
        if verdict is Verdict.DROP:
            self._drop(device, "command", "far over its budget")
            return
        if verdict is Verdict.REFUSE:
            reply = self._engine.too_fast(payload)
        elif self._devices.too_old(device):
            self._drop(device, "command", "its version is too old, upgrade that machine")
            reply = self._engine.outdated(payload)
        else:
            reply = self._engine.handle(device, payload)
            self._follow_devices()
            self._rendering.want()
            self._rendering.replied()
        if reply is None:
            self._drop(device, "command", "no command")
            return
        if self.hold.may_speak():
            self._link.bus.publish(self._link.topics.reply(device), reply)
        self._failpoint("after_reply")

    def _take_acknowledgement(self, device: str, payload: bytes) -> None:
        known = self._engine.version.centre.device(device)
        try:
            ack = codec.decode(orders.Acknowledgement, payload)
        except codec.MessageError as error:
            self._drop(device, "acknowledgement", str(error))
            return
        if known is None or known.role not in (Role.BOARD, Role.WEB, Role.ANNOUNCER):
            self._drop(device, "acknowledgement", "not a board or announcer")
            return
        self._calls.hear(device, known.role, ack)
        self._rendering.want()

    def _take_result(self, device: str, payload: bytes) -> None:
        try:
            result = codec.decode(orders.OrderResult, payload)
        except codec.MessageError as error:
            self._drop(device, "result", str(error))
            return
        if result.outcome is vocabulary.OrderOutcome.UNANSWERED:
            self._drop(device, "result", "no device says so of itself")
            return
        self._orders.hear(device, result)
        self._rendering.want()

    def _take_status(self, device: str, payload: bytes) -> None:
        try:
            status = codec.decode(states.DeviceStatus, payload)
        except codec.MessageError as error:
            self._drop(device, "status", str(error))
            return
        kiosk = health_as(KioskHealth, status.health)
        self._hear_numbers(device, kiosk)
        self._engine.hear_visit(device, kiosk.visit)
        came = self._devices.note(device, status, self._attention())
        if came and device != self._link.device:
            self._republish_wanted = True
        self._rendering.want()

    def _hear_numbers(self, device: str, health: KioskHealth) -> None:
        try:
            self._engine.hear_numbers(device, health.business_day, health.numbers)
        except StoreError as error:
            _log.warning("numbers of a kiosk not taken kiosk=%s error=%s", device, error)

    def _take_own_status(self, _device: str, payload: bytes) -> None:
        """Contradict the will of a service that was there before this one."""
        try:
            gone = not codec.decode(states.DeviceStatus, payload).online
        except codec.MessageError:
            gone = True
        if gone and self.hold.may_speak():
            self._link.beat()

    def _take_link(self, *, up: bool) -> None:
        """Publish everything on a new link: the broker may know nothing."""
        self._attention.take_link(up=up)
        self._devices.take_link(self._now(), self._attention(), up=up)
        if up:
            self._session = self._link.new_id()
            self._republish()
            self._rendering.want()

    def _republish(self) -> None:
        self._publisher.forget()
        self._republish_wanted = False
        self._republished_at = self._real_monotonic()

    def _look_around(self) -> None:
        """Do what is due by the clock alone."""
        self._rendering.want()
        if self._storing.due_in_s() <= 0:
            try:
                self._engine.open_day_if_due()
                self._engine.forget_if_due()
            except StoreError:
                self._storing.failed()

    def _settle_by_time(self) -> None:
        """Do what the clock decides; while the store fails it is tried with everything else."""
        if self._engine.store_trouble:
            return
        try:
            if self._engine.settle_by_time():
                self._rendering.want()
        except StoreError:
            self._storing.failed()

    def _publish(self) -> None:
        if not self.hold.may_speak():
            return
        if self._republish_wanted and self._republish_due_in_s() <= 0:
            self._republish()
        self._failpoint("before_publish")
        self._publisher.publish(self._view(), self._engine.version)
        if self._publisher.board_rev is not None:
            self._board_revs.published(self._publisher.board_rev, self._attention())
        self._failpoint("after_publish")

    def _write_down(self) -> None:
        """Store what the log is owed; while the store fails, try now and then and forget none."""
        trouble = self._engine.store_trouble
        owed = self._calls.owed or self._orders.owed
        if not (trouble or owed) or (trouble and self._storing.due_in_s() > 0):
            return
        try:
            told = self._calls.write_down()
            if self._orders.write_down() or told:
                self._rendering.want()
            if self._engine.store_trouble:
                self._engine.try_store()
                self._rendering.want()
        except StoreError:
            self._storing.failed()
            self._rendering.want()
        else:
            self._storing.succeeded()

    def _view(self) -> View:
        centre, now = self._engine.version.centre, self._attention()
        day = self._engine.day_to_confirm
        alarms = self._devices.alarms(centre, now)
        alarms += self._devices.behind(centre, self._ledger.epoch, self._board_revs.due(now), now)
        if trouble := self._engine.store_trouble:
            alarms += (
                states.Alarm(kind=vocabulary.AlarmKind.STORE, at=trouble.since, source="service"),
            )
        return View(
            state=self._ledger.state,
            rules=self._engine.rules,
            mark=self._ledger.time.present(),
            epoch=self._ledger.epoch,
            session=self._session,
            alarms=alarms,
            offline_kiosks=self._devices.offline_kiosks(centre, now),
            day_to_confirm=day.isoformat() if day else None,
            shown=frozenset(self._calls.announcements.shown),
            spoken=frozenset(self._calls.announcements.spoken),
            announced_by=dict(self._calls.announcements.announced_by),
            promised=dict(self._calls.announcements.promised),
            care=self._engine.care.now,
        )

    def _rest_s(self) -> float:
        """Return how many real seconds nothing will be due."""
        return max(_SHORTEST_REST_S, min(BEAT_S, *self._dues_s()))

    def _dues_s(self) -> Iterator[float]:
        """Return in how many real seconds each thing is due that the clock alone brings."""
        yield _LONGEST_REST_S
        now, now_s = self._now(), self._attention()
        promised = self._calls.announcements.promised
        change = next_change(self._ledger.state, self._engine.rules, now, promised)
        if change is not None:
            yield self._real_s((change - now).total_seconds())
        overdue = self._calls.next_due()
        if overdue is not None:
            yield self._real_s(overdue - now_s)
        unanswered_s = self._orders.due_in_s()
        if unanswered_s is not None:
            yield unanswered_s
        if self._devices.unsettled(now_s) or self._board_revs.unsettled(now_s):
            yield _UNSETTLED_REST_S
        render_s = self._rendering.due_in_s(busy=False)
        if render_s is not None:
            yield render_s
        if self._republish_wanted:
            yield self._republish_due_in_s()
        if self._engine.store_trouble:
            yield self._storing.due_in_s()
        hold_s = self.hold.due_in_s()
        if hold_s is not None:
            yield hold_s

    def _republish_due_in_s(self) -> float:
        return self._republished_at + _REPUBLISHED_EVERY_S - self._real_monotonic()

    def _tell_health(self) -> None:
        day, trouble = self._engine.unclear_day, self._engine.store_trouble
        message = None if day is None else f"confirm the business day {day} with: denluot day"
        if self.hold.may_speak():
            self._link.set_health(self.hold.health(), trouble.why if trouble else message)

    def _drop(self, device: str, what: str, why: str) -> None:
        """Count what cannot be taken; a sender gets one line a minute."""
        self._dropped[device] += 1
        self._refused.note(what, device, why)

    def _now(self) -> datetime:
        return self._ledger.time.read()
