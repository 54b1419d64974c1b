"""The service: one thread that owns everything and takes one message after the other."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime

from bus import codec, orders, states, vocabulary
from bus.device import BEAT_S, DeviceLink
from bus.port import Incoming
from config.settings import Role
from queue_service.announcements import Announcements, Patience, Zone
from queue_service.attention import Attention
from queue_service.board_revs import BoardRevs
from queue_service.devices import Devices
from queue_service.domain.events import Event
from queue_service.domain.state import Call
from queue_service.engine import Engine
from queue_service.publisher import Publisher
from queue_service.records import microseconds
from queue_service.states import View
from queue_service.timetable import next_change
from wait_log.errors import StoreError
from wait_log.rows import Heard

_log = logging.getLogger(__name__)

_LONGEST_REST_S = 60.0
_SHORTEST_REST_S = 0.005
_COALESCE_S = 0.03
"""While more commands wait, documents are published no more often than this."""

_REAL_ANSWER_S = 10.0
"""What a network and a screen may take, however fast the centre's clock runs.

A broker misses one that is frozen after 4 to 11 s, and that is then mostly the one alarm.
"""
_UNSETTLED_REST_S = 0.5
"""How often to look while time alone may raise an alarm, in the wall's seconds."""

Job = Callable[[], None]


class Service:
    """Decodes on the bus's thread, decides on its own."""

    def __init__(
        self,
        engine: Engine,
        link: DeviceLink,
        real_s: Callable[[float], float],
        failpoint: Callable[[str], None] = lambda _name: None,
    ) -> None:
        """Serve on `link`; `real_s` turns the centre's seconds into the wall's."""
        self._engine = engine
        self._ledger = engine.ledger
        self._link = link
        self._real_s = real_s
        self._failpoint = failpoint
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._publisher = Publisher(link.bus, link.topics, self._ledger, real_s)
        self._attention = Attention(self._ledger.time.monotonic, real_s)
        self._devices = Devices(real_s)
        self._board_revs = BoardRevs(real_s)
        day = self._ledger.state.day
        self._day = day
        self._announcements = Announcements(
            self._patience(),
            self._ledger.store.heard_on(day.isoformat()) if day else (),
        )
        self._announcements.resume(self._ledger.state, self._zone, self._age_s, self._attention())
        self._heard: set[tuple[int, vocabulary.AckOutcome]] = set()
        self._untold: list[Event] = []
        self._session = ""
        self._stale = True
        self._published_at = 0.0
        self._beat_due = time.monotonic() + BEAT_S
        self._dropped: dict[str, int] = {}

    def start(self) -> None:
        """Connect and serve."""
        topics = self._link.topics
        self._link.bus.subscribe(topics.every("cmd"), self._post(self._take_command))
        self._link.bus.subscribe(topics.every("ack"), self._post(self._take_acknowledgement))
        self._link.bus.subscribe(topics.every("device"), self._post(self._take_status))
        self._link.bus.on_link(lambda up: self._jobs.put(lambda: self._take_link(up=up)))
        self._link.set_health({"store": "ok"})
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
            self._ledger.save_cursor()
        except StoreError as error:
            _log.warning("cursor not stored error=%s", error)
        self._ledger.store.close()

    def _post(self, handler: Callable[[str, bytes], None]) -> Callable[[Incoming], None]:
        def take(message: Incoming) -> None:
            levels = self._link.topics.split(message.topic)
            if len(levels) > 1:
                self._jobs.put(lambda: handler(levels[1], message.payload))

        return take

    def _run(self) -> None:
        while True:
            rest = self._rest_s()
            self._attention.rest(rest)
            try:
                job = self._jobs.get(timeout=rest)
            except queue.Empty:
                job = self._look_around
            if job is None:
                self._publish()
                return
            self._do(job)
            self._beat()

    def _do(self, job: Job) -> None:
        try:
            self._attention.wake()
            job()
            if self._jobs.empty() or self._seconds() > self._published_at + _COALESCE_S:
                self._look_after_calls()
                self._publish()
            self._tell_health(self._engine.store_trouble)
        except StoreError as error:
            self._tell_health(str(error))
        except Exception:  # noqa: BLE001 - the outermost loop carries on
            _log.exception("a message was dropped")

    def _beat(self) -> None:
        """Let whoever shows the queue know that somebody still vouches for it."""
        if time.monotonic() >= self._beat_due:
            self._beat_due = time.monotonic() + BEAT_S
            self._link.beat()

    def _take_command(self, device: str, payload: bytes) -> None:
        reply = self._engine.handle(device, payload)
        if reply is None:
            self._drop(device, "command", "no command")
            return
        self._link.bus.publish(self._link.topics.reply(device), reply)
        self._failpoint("after_reply")
        self._stale = True

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
        if ack.epoch != self._ledger.epoch or ack.call_seq > self._ledger.state.call_seq:
            return
        if known.role is Role.ANNOUNCER:
            self._announcements.hear_announcer(device, ack, self._attention())
        else:
            self._announcements.hear_board(device, ack, self._attention())
        self._stale = True
        if (ack.call_seq, ack.outcome) in self._heard:
            return
        at_us = microseconds(self._now())
        self._ledger.store.note_heard(
            Heard(
                call_seq=ack.call_seq,
                accepted_us=at_us if ack.outcome is vocabulary.AckOutcome.ACCEPTED else None,
                shown_us=at_us if ack.outcome is vocabulary.AckOutcome.SHOWN else None,
                spoken_us=at_us if ack.outcome is vocabulary.AckOutcome.SPOKEN else None,
                skipped_us=at_us if ack.outcome is vocabulary.AckOutcome.SKIPPED else None,
            )
        )
        self._heard.add((ack.call_seq, ack.outcome))

    def _take_status(self, device: str, payload: bytes) -> None:
        try:
            self._devices.note(
                device, codec.decode(states.DeviceStatus, payload), self._attention()
            )
        except codec.MessageError as error:
            self._drop(device, "status", str(error))
        self._stale = True

    def _take_link(self, *, up: bool) -> None:
        """Publish everything on a new link: the broker may know nothing."""
        self._attention.take_link(up=up)
        self._devices.take_link(self._now(), self._attention(), up=up)
        if up:
            self._session = self._link.new_id()
            self._publisher.forget()
            self._stale = True

    def _look_around(self) -> None:
        """Do what is due by the clock alone."""
        self._engine.open_day_if_due()
        self._stale = True

    def _look_after_calls(self) -> None:
        state = self._ledger.state
        if state.day != self._day:
            self._day = state.day
            self._announcements.begin_day()
            self._heard.clear()
        self._announcements.patience = self._patience()
        self._announcements.watch(state.calls, self._zone, self._attention())
        if not self._attention.linked:
            return
        self._untold += self._announcements.look(state, self._zone, self._attention())
        if self._untold:
            self._engine.record(self._untold, "watch")
            self._untold = []
            self._stale = True

    def _publish(self) -> None:
        if not self._stale:
            return
        self._failpoint("before_publish")
        view = self._view()
        self._publisher.events(view)
        if self._publisher.documents(view, self._engine.version):
            self._board_revs.published(view.state.seq, self._attention())
        self._stale = False
        self._published_at = self._seconds()
        self._failpoint("after_publish")

    def _patience(self) -> Patience:
        """Return how long devices may take; a fast clock leaves them real time."""
        rules = self._engine.version.centre.rules
        answer_s = max(rules.accepted_within_s, _REAL_ANSWER_S / self._real_s(1.0))
        return Patience(answer_s, rules.speak_max_age_s)

    def _zone(self, counter: int) -> Zone:
        return self._devices.zone(self._engine.version.centre, counter, self._attention())

    def _age_s(self, call: Call) -> float:
        return (self._now() - call.at).total_seconds()

    def _view(self) -> View:
        centre, now = self._engine.version.centre, self._attention()
        day = self._engine.unclear_day
        alarms = self._devices.alarms(centre, now)
        alarms += self._devices.behind(centre, self._ledger.epoch, self._board_revs.due(now), now)
        return View(
            state=self._ledger.state,
            rules=self._engine.rules,
            mark=self._ledger.time.present(),
            session=self._session,
            alarms=alarms,
            offline_kiosks=self._devices.offline_kiosks(centre, now),
            day_to_confirm=day.isoformat() if day else None,
            shown=frozenset(self._announcements.shown),
            spoken=frozenset(self._announcements.spoken),
            announced_by=dict(self._announcements.announced_by),
        )

    def _rest_s(self) -> float:
        """Return how long nothing will be due, in the wall's seconds."""
        now = self._now()
        rest = _LONGEST_REST_S
        change = next_change(self._ledger.state, self._engine.rules, now)
        if change is not None:
            rest = min(rest, (change - now).total_seconds())
        now_s = self._attention()
        overdue = self._announcements.next_due(self._zone)
        if overdue is not None and self._attention.linked:
            rest = min(rest, overdue - now_s)
        if self._devices.unsettled(now_s) or self._board_revs.unsettled(now_s):
            rest = min(rest, _UNSETTLED_REST_S / self._real_s(1.0))
        if self._stale:
            rest = min(rest, _COALESCE_S)
        return max(_SHORTEST_REST_S, min(BEAT_S, self._real_s(rest)))

    def _tell_health(self, trouble: str | None) -> None:
        day = self._engine.unclear_day
        message = None if day is None else f"confirm the business day {day} with: denluot day"
        self._link.set_health({"store": "failed" if trouble else "ok"}, trouble or message)

    def _drop(self, device: str, what: str, why: str) -> None:
        count = self._dropped.get(device, 0)
        self._dropped[device] = count + 1
        if count == 0:
            _log.warning("%s dropped device=%s error=%s", what, device, why)

    def _now(self) -> datetime:
        return self._ledger.time.read()

    def _seconds(self) -> float:
        """Return monotonic seconds of the wall."""
        return self._real_s(self._ledger.time.monotonic())
