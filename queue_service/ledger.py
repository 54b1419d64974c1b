"""The present day and the log behind it: what is planned, committed, and replayed at a start."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from queue_service.authorise import Actor
from queue_service.codec import decode_fact, kind_of
from queue_service.domain import events as e
from queue_service.domain.apply import apply
from queue_service.domain.state import State
from queue_service.domain.values import Mark
from queue_service.queue_time import QueueTime
from queue_service.records import instant
from wait_log.rows import Batch
from wait_log.store import Store

_log = logging.getLogger(__name__)

_KEPT_IN_MEMORY = 500

Steps = list[tuple[e.Fact, State]]


@dataclass(frozen=True, slots=True)
class Origin:
    """What brings events about."""

    cause: str
    actor: Actor | None = None
    command: str = ""


class Ledger:
    """Owns the state and the store; only a commit changes either."""

    def __init__(self, store: Store, time: Callable[[int], QueueTime]) -> None:
        """Replay the present day; `time` makes the queue time that follows the newest instant."""
        self.store = store
        self.time = time(store.newest_us())
        self.cursor = int(store.meta("cursor") or 0)
        """The last event that was published; stored with the next commit."""
        self._recent: list[e.Fact] = []
        self.state = _replayed(store)

    @property
    def epoch(self) -> str:
        """Return the id of the store's life."""
        return self.store.epoch

    def plan(self, events: Sequence[e.Event], mark: Mark, origin: Origin) -> Steps:
        """Return the facts that `events` would become, each with the state after it."""
        state = self.state
        steps: Steps = []
        for event in events:
            day = event.business_day if isinstance(event, e.DayOpened) else state.day
            fact = e.Fact(
                seq=state.seq + 1,
                at=mark,
                day=day or date.min,
                step=self.state.seq + 1,
                event=event,
                cause=origin.cause,
                device=origin.actor.device if origin.actor else "service",
                command=origin.command,
                by=origin.actor.by if origin.actor else None,
                acting=origin.actor.acting if origin.actor else None,
            )
            state = apply(state, fact)
            steps.append((fact, state))
        return steps

    def commit(self, batch: Batch, steps: Steps) -> None:
        """Write everything and take up the new state; raises StoreError and changes nothing."""
        if self.store.meta("cursor") != str(self.cursor):
            batch.meta["cursor"] = str(self.cursor)
        self.store.commit(batch)
        self._keep_time(batch)
        if steps:
            self.state = steps[-1][1]
        facts = [fact for fact, _ in steps]
        self._recent = [*self._recent, *facts][-_KEPT_IN_MEMORY:]
        for fact in facts:
            _log_fact(fact)

    def unpublished(self) -> Iterator[e.Fact]:
        """Return the facts after the cursor, in order."""
        first = self.cursor + 1
        if first > self.state.seq:
            return iter(())
        if self._recent and self._recent[0].seq <= first:
            return iter([fact for fact in self._recent if fact.seq >= first])
        return (decode_fact(chained.body or b"") for chained in self.store.events(first))

    def refresh(self) -> None:
        """Take up what a commit that was said to fail has stored all the same."""
        self.store.look_again()
        if self.store.last_seq == self.state.seq:
            return
        for chained in self.store.events(self.state.seq + 1):
            fact = decode_fact(chained.body or b"")
            self.state = apply(self.state, fact)
            self._recent = [*self._recent, fact][-_KEPT_IN_MEMORY:]
            self.time.keep(fact.at.at)

    def _keep_time(self, batch: Batch) -> None:
        instants = [row.at_us for row in batch.events] + [row.at_us for row in batch.inbox]
        if instants:
            self.time.keep(instant(max(instants)))

    def save_cursor(self) -> None:
        """Store how far publishing has come, for an orderly end."""
        self.commit(Batch(), [])


def _replayed(store: Store) -> State:
    """Return the state of the present business day, from its events."""
    day = store.last_day()
    if day is None:
        return State()
    state = State(seq=day.opened_seq - 1)
    for chained in store.events(day.opened_seq):
        state = apply(state, decode_fact(chained.body or b""))
    return state


def _log_fact(fact: e.Fact) -> None:
    event = fact.event
    if isinstance(event, e.TicketEvent):
        _log.info(
            "%s number=%s counter=%s seq=%s device=%s",
            kind_of(event),
            event.number,
            getattr(event, "counter", None),
            fact.seq,
            fact.device,
        )
    else:
        _log.info("%s seq=%s device=%s", kind_of(event), fact.seq, fact.device)
