"""A store of many years, made as the service makes it: `python -m benchmarks store`."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec
from rich.progress import track

from bus import codec, commands
from config import load_centre
from queue_service.engine import Engine, Sources
from queue_service.ledger import Ledger
from queue_service.queue_time import QueueTime
from queue_service.records import instant
from wait_log.dialects import FileGuard, store_url
from wait_log.rows import Batch, DayRow, EventRow
from wait_log.store import Store

_APART = timedelta(seconds=90)
_OPENS_AT = time(7, 30)
_DAY = timedelta(days=1)
_INSTANTS = tuple(
    f"{name}_us" for name in ("order_key", "issued", "first_called", "called", "started", "ended")
)
_COMMAND = re.compile(rb'"command":"[^"]*",(?=.*"event":)')
_DAY_US = _DAY // timedelta(microseconds=1)


def make_store(
    path: Path, tickets: int, today: date, new_id: Callable[[], str], a_day: int = 300
) -> None:
    """Write a store with about so many tickets of the days before `today`.

    The service itself plays two days; the others are copies of the second at their own dates, with
    their own ids and numbers of events, in a chain of their own digests.
    """
    centre = load_centre()
    days = max(2, -(-tickets // a_day))
    guard = FileGuard(store_url(path.parent), path)
    store = _RecordingStore(centre.identity.site, new_id, guard)
    opens = datetime.combine(today - days * _DAY, _OPENS_AT, centre.identity.zone)
    clock = _Clock(opens.astimezone(UTC))

    def queue_time(newest_us: int) -> QueueTime:
        return QueueTime(clock.now, clock.monotonic, "benchmark", instant(newest_us))

    sources = Sources(new_id, new_id)
    engine = Engine(Ledger(store, queue_time), centre, sources, always_open=True)
    _play_day(engine, clock, new_id, a_day)
    clock.at = opens.astimezone(UTC) + _DAY
    store.batches.clear()
    _play_day(engine, clock, new_id, a_day)
    template = _Template(_whole_day(store.batches))
    for later in track(range(1, days - 1), description="days"):
        store.commit(template.later(later))
    store.commit(Batch(meta={"cursor": str(store.last_seq)}))
    store.close()


class _Clock:
    """A clock that moves when it is told to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class _RecordingStore(Store):
    """A store that remembers what was written."""

    batches: list[Batch]

    def commit(self, batch: Batch) -> None:
        super().commit(batch)
        self.batches = [*getattr(self, "batches", ()), batch]


def _play_day(engine: Engine, clock: _Clock, new_id: Callable[[], str], tickets: int) -> None:
    """Give every number, call and serve everybody, and leave nobody in line."""
    engine.open_day_if_due()
    services, counters = list(engine.rules.services), list(engine.rules.counters)
    current: dict[int, str] = {}

    def ask(device: str, command: commands.AnyCommand) -> commands.Reply:
        stamped = msgspec.structs.replace(command, id=new_id(), ts=clock.at)
        return codec.decode(commands.Reply, engine.handle(device, codec.encode(stamped)) or b"")

    def call_next(counter: int) -> bool:
        device = f"counter-{counter}"
        command = commands.CallNext(counter=counter, current=current.pop(counter, None))
        reply = ask(device, command)
        if reply.ok:
            called = commands.result_of(reply, commands.CalledTicket).ticket
            ask(device, commands.StartServing(counter=counter, ticket=called))
            current[counter] = called
        return reply.ok

    for turn in range(tickets):
        clock.at += _APART
        reply = ask("kiosk-1", commands.IssueTicket(service=services[turn % len(services)]))
        if not reply.ok:
            raise RuntimeError(f"no number was given: {reply.error} {reply.message}")
        call_next(counters[turn % len(counters)])
    while sum(call_next(counter) for counter in counters):
        pass


def _whole_day(batches: list[Batch]) -> Batch:
    """Return what a day wrote as one batch, its tickets as they stand at its end."""
    tickets = {row.id: row for batch in batches for row in (*batch.new_tickets, *batch.tickets)}
    return Batch(
        events=[row for batch in batches for row in batch.events],
        new_tickets=list(tickets.values()),
        calls=[row for batch in batches for row in batch.calls],
        days=[row for batch in batches for row in batch.days],
    )


class _Template:
    """A whole day of rows, to be written again at other dates."""

    def __init__(self, day: Batch) -> None:
        self._day = day
        (self._opened,) = day.days
        # Answers to commands are kept for 48 hours: these steps had better come from none.
        bodies = (_COMMAND.sub(b"", row.body, count=1) for row in day.events)
        self._bodies = [_split(body, self._opened.business_day) for body in bodies]

    def later(self, days: int) -> Batch:
        """Return what the same day writes so many days later."""
        seqs, calls, us = len(self._day.events) * days, len(self._day.calls) * days, days * _DAY_US
        opened = self._opened
        day = (date.fromisoformat(opened.business_day) + days * _DAY).isoformat()
        shift: dict[bytes, Callable[[bytes], bytes]] = {
            b"date": lambda _: day.encode(),
            b"id": lambda value: b"%b-%d" % (value, days),
            b"seq": lambda value: b"%d" % (int(value) + seqs),
            b"step": lambda value: b"%d" % (int(value) + seqs),
            b"call_seq": lambda value: b"%d" % (int(value) + calls),
        }
        batch = Batch(days=[DayRow(day, opened.opened_seq + seqs, opened.opened_us + us)])
        for row, (frame, parts) in zip(self._day.events, self._bodies, strict=True):
            body = frame % tuple(shift[name](value) for name, value in parts)
            batch.events.append(EventRow(row.seq + seqs, row.at_us + us, day, row.kind, body))
        for ticket in self._day.new_tickets:
            times = {
                name: at + us for name in _INSTANTS if (at := getattr(ticket, name)) is not None
            }
            moved = replace(ticket, id=f"{ticket.id}-{days}", business_day=day, **times)
            batch.new_tickets.append(moved)
        for call in self._day.calls:
            batch.calls.append(
                replace(
                    call,
                    call_seq=call.call_seq + calls,
                    business_day=day,
                    ticket=f"{call.ticket}-{days}",
                    at_us=call.at_us + us,
                )
            )
        return batch


def _split(body: bytes, day: str) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return an event's bytes with a gap for each part that its day changes, and those parts."""
    moving = re.compile(
        rb'(?P<date>%b)|(?<=")(?P<id>[0-9A-Z]{26})(?=")' % day.encode()
        + rb'|(?<="seq":)(?P<seq>\d+)|(?<="step":)(?P<step>\d+)|(?<="call_seq":)(?P<call_seq>\d+)'
    )
    parts = [(str(found.lastgroup).encode(), found.group()) for found in moving.finditer(body)]
    return moving.sub(b"%b", body.replace(b"%", b"%%")), parts
