"""The figures against another computation, made here from the raw events of the log alone.

It follows every ticket through its states and puts them back at an undo; the figures rest on the
tables and on few kinds of events. Times are added up by looking at the middle of every stretch in
which nothing changes; the figures join and cut spans.
"""

import contextlib
import copy
import itertools
import json
import random
import re
import sqlite3
import statistics
import time as wall_time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faulty_year import FaultyHall
from bus import commands
from bus.memory import MemoryBroker, MemoryBus
from bus.session import ServiceClock, Session, at_once, new_id
from bus.topics import Topics
from config import Clock, centre_from_wire, load_centre
from queue_service.start import Place, open_service
from queue_service.verify import verify
from simulators.day.command import day_clock
from simulators.day.play import Play, Script, hear_centre
from wait_log import tables
from wait_log.dialects import STORE_FILE, store_url
from wait_log.errors import StoreError
from wait_log.figure_cache import CACHE_FILE, FigureCache
from wait_log.figures import (
    Doubt,
    Figures,
    MatterFigures,
    Origin,
    Selection,
    Tally,
    Times,
    Waits,
    figures,
)
from wait_log.histograms import ERROR
from wait_log.periods import Period
from wait_log.reader import Reader, open_reader
from wait_log.rows import AppointmentRow, Batch, ConfigRow
from wait_log.store import open_store

CENTRE = load_centre()
SITE = CENTRE.identity.site
ZONE = CENTRE.identity.zone
FIRST = date(2025, 12, 8)
SECOND = timedelta(seconds=1)
Span = tuple[datetime, datetime]


@dataclass
class Ticket:
    """A ticket as the events have left it."""

    id: str
    number: str
    day: str
    service: str
    ticket_class: str
    origin: Origin
    issued: tuple[datetime, float, str]
    state: str = "waiting"
    counter: int | None = None
    provisional: bool = False
    first_called: tuple[datetime, float, str] | None = None
    called: tuple[datetime, float, str] | None = None
    started: tuple[datetime, float, str] | None = None
    ended: datetime | None = None
    wait_s: float | None = None
    served_s: float | None = None
    suspect: bool = False
    unclear: bool = False
    unfinished: bool = False


@dataclass
class Log:
    """What happened, by the events alone."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    open_spans: list[tuple[str, int, datetime, datetime | None]] = field(default_factory=list)
    outages: list[tuple[str, datetime, datetime | None, float, bool]] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    closed: dict[str, datetime] = field(default_factory=dict)
    """When the day after each one opened."""
    versions: list[tuple[datetime, int]] = field(default_factory=list)
    newest: datetime = datetime(1970, 1, 1, tzinfo=UTC)


def elapsed(
    begin: tuple[datetime, float, str], end: tuple[datetime, float, str]
) -> tuple[float, bool]:
    if begin[2] == end[2]:
        return max(0.0, end[1] - begin[1]), end[1] < begin[1]
    return max(0.0, (end[0] - begin[0]).total_seconds()), True


def read_log(reader: Reader) -> Log:  # noqa: C901, PLR0912 - one case each
    """Follow the log from its first event to its last."""
    log = Log()
    snapshots: dict[int, dict[str, Ticket]] = defaultdict(dict)
    opened: dict[int, datetime] = {}
    down: dict[str, datetime] = {}
    today = ""
    for stored in reader.events():
        fact = json.loads(stored.body or b"")
        event, kind = fact["event"], fact["kind"]
        now = (datetime.fromisoformat(fact["at"]), fact["mono"], fact["boot"])
        log.newest = now[0]
        if kind == "day_opened":
            today = event["business_day"]
            log.days.append(today)
            log.versions.append((now[0], event["config_version"]))
            if log.days[1:]:
                log.closed[log.days[-2]] = now[0]
                log.open_spans += [(log.days[-2], n, begin, None) for n, begin in opened.items()]
            opened.clear()
        elif kind == "config_applied":
            log.versions.append((now[0], event["version"]))
        elif kind == "counter_opened":
            opened.setdefault(event["counter"], now[0])
        elif kind in ("counter_paused", "counter_closed"):
            if event["counter"] in opened:
                begin = opened.pop(event["counter"])
                log.open_spans.append((today, event["counter"], begin, now[0]))
        elif kind == "outage_reported":
            down[event["system"]] = now[0]
        elif kind == "outage_ended":
            begin = down.pop(event["system"])
            log.outages.append(
                (event["system"], begin, now[0], event["seconds"], event["clock_suspect"])
            )
        elif kind == "step_undone":
            for ticket_id in event["tickets"]:
                log.tickets[ticket_id] = snapshots[event["step"]][ticket_id]
        elif "ticket" in event and kind not in ("print_requested", "print_reported"):
            if event["ticket"] in log.tickets:
                before = copy.copy(log.tickets[event["ticket"]])
                snapshots[fact["step"]].setdefault(event["ticket"], before)
            follow_ticket(log.tickets, kind, event, now)
    log.open_spans += [(today, number, begin, None) for number, begin in opened.items()]
    log.outages += [(system, begin, None, 0.0, False) for system, begin in down.items()]
    return log


def follow_ticket(  # noqa: C901, PLR0912, PLR0915 - one case each
    tickets: dict[str, Ticket],
    kind: str,
    event: dict[str, Any],
    now: tuple[datetime, float, str],
) -> None:
    if kind in ("ticket_issued", "ticket_delivered"):
        at = datetime.fromisoformat(event["issued_at"])
        given = (at, now[1] - (now[0] - at).total_seconds(), now[2])
    if kind == "ticket_issued":
        if event.get("offline_book"):
            origin = Origin.OFFLINE
        else:
            device = CENTRE.device(event["device"])
            assert device is not None
            origin = Origin.KIOSK if device.role == "kiosk" else Origin.COUNTER
        tickets[event["ticket"]] = Ticket(
            id=event["ticket"],
            number=event["number"],
            day=event["business_day"],
            service=event["service"],
            ticket_class=event["ticket_class"],
            origin=origin,
            issued=given,
            suspect=event.get("clock_suspect", False),
            provisional=event.get("provisional", False),
        )
        return
    ticket = tickets[event["ticket"]]
    if kind == "ticket_delivered":
        ticket.issued, ticket.ticket_class = given, event["ticket_class"]
        ticket.suspect = ticket.suspect or event.get("clock_suspect", False)
        ticket.provisional = False
        if ticket.first_called is not None:
            ticket.wait_s, suspect = elapsed(given, ticket.first_called)
            ticket.suspect = ticket.suspect or suspect
    elif kind in ("ticket_called", "ticket_recalled"):
        if ticket.first_called is None:
            ticket.first_called = now
            if not ticket.provisional:
                ticket.wait_s, suspect = elapsed(ticket.issued, now)
                ticket.suspect = ticket.suspect or suspect
        ticket.state, ticket.counter = "called", event["counter"]
        ticket.called, ticket.started, ticket.ended = now, None, None
    elif kind == "serving_started":
        ticket.state, ticket.started = "serving", now
    elif kind in ("ticket_finished", "ticket_parked"):
        begin = ticket.started or ticket.called
        assert begin is not None
        spent, suspect = elapsed(begin, now)
        ticket.served_s = (ticket.served_s or 0.0) + spent
        ticket.suspect = ticket.suspect or suspect
        ticket.state = "finished" if kind == "ticket_finished" else "parked"
        if kind == "ticket_finished":
            ticket.ended, ticket.unfinished = now[0], event.get("day_closed", False)
    elif kind == "ticket_absent":
        ticket.state, ticket.unclear = "absent", event.get("unclear", False)
    elif kind in ("ticket_transferred", "ticket_returned"):
        ticket.state, ticket.counter = "waiting", None
        ticket.called = ticket.started = None
        ticket.service = event.get("to_service", ticket.service)
    elif kind == "class_set":
        ticket.ticket_class = event["to_class"]
    elif kind == "ticket_voided":
        closed = event.get("day_closed", False)
        ticket.ended = now[0]
        if closed and ticket.state == "parked":
            ticket.state, ticket.unfinished = "finished", True
        elif not (closed and ticket.state == "absent"):
            ticket.state, ticket.unfinished = "void", closed


@dataclass
class Way:
    """A ticket's events as letters, each with its clock, service and counter."""

    letters: str = ""
    marks: list[tuple[tuple[datetime, float, str], str, int, str]] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)


def read_ways(reader: Reader) -> dict[str, Way]:
    """Return every ticket's way: what was undone left out."""
    ways: dict[str, Way] = defaultdict(Way)
    for stored in reader.events():
        fact = json.loads(stored.body or b"")
        event, kind = fact["event"], fact["kind"]
        if kind == "step_undone":
            for ticket in event["tickets"]:
                way = ways[ticket]
                kept = [n for n, step in enumerate(way.steps) if step != event["step"]]
                way.letters = "".join(way.letters[n] for n in kept)
                way.marks = [way.marks[n] for n in kept]
                way.steps = [way.steps[n] for n in kept]
            continue
        letter = LETTERS.get(kind)
        if letter is None:
            continue
        if kind == "ticket_transferred":
            letter = "B" if event["came_back"] else "W" if event["back_to"] else "T"
        if kind == "ticket_finished" and event["day_closed"]:
            letter = "V"
        way = ways[event["ticket"]]
        now = (datetime.fromisoformat(fact["at"]), fact["mono"], fact["boot"])
        way.letters += letter
        way.marks.append(
            (now, event["service"], event.get("counter") or 0, event.get("outcome", ""))
        )
        way.steps.append(fact["step"])
    return ways


LETTERS = {
    "ticket_called": "C",
    "ticket_recalled": "r",
    "serving_started": "s",
    "ticket_finished": "F",
    "ticket_parked": "P",
    "ticket_transferred": "T",
    "ticket_absent": "A",
    "ticket_returned": "R",
    "ticket_voided": "V",
}


class Expected:
    """The same figures, computed the slow way."""

    def __init__(self, reader: Reader) -> None:
        self.log = read_log(reader)
        self.ways = read_ways(reader)
        rows = reader.rows(ConfigRow, tables.config_version)
        self._centres = {row.version: centre_from_wire(json.loads(row.body)) for row in rows}
        self._opened = {day: list(self._open_on(day)) for day in self.log.days}

    def figures(self, selection: Selection) -> Tally:
        """Return the figures of the chosen tickets."""
        return self.tally(list(self.chosen(selection)), lunch=selection.lunch)

    def chosen(self, selection: Selection) -> Iterator[Ticket]:
        """Return the chosen tickets."""
        for ticket in self.log.tickets.values():
            if (
                selection.period.holds(date.fromisoformat(ticket.day))
                and (not selection.services or ticket.service in selection.services)
                and (not selection.counters or ticket.counter in selection.counters)
                and (not selection.classes or ticket.ticket_class in selection.classes)
                and (not selection.origins or ticket.origin in selection.origins)
            ):
                yield ticket

    def matters(self, selection: Selection) -> MatterFigures:  # noqa: C901, PLR0912 - one case each
        """Return what matters came to, found in the letters of each ticket's way."""
        counts: Counter[str] = Counter()
        outcomes: Counter[str] = Counter()
        times: dict[str, list[float]] = defaultdict(list)
        for ticket_id, way in self.ways.items():
            ticket = self.log.tickets[ticket_id]
            if not (
                selection.period.holds(date.fromisoformat(ticket.day))
                and (not selection.classes or ticket.ticket_class in selection.classes)
                and (not selection.origins or ticket.origin in selection.origins)
            ):
                continue

            def at(n: int, way: Way = way) -> bool:
                _, service, counter, _ = way.marks[n]
                return (not selection.services or service in selection.services) and (
                    not selection.counters or counter in selection.counters
                )

            def took(name: str, begin: int, end: int, way: Way = way, one: Ticket = ticket) -> None:
                first, last = way.marks[begin][0], way.marks[end][0]
                if not one.suspect and first[2] == last[2] and last[1] >= first[1]:
                    times[name].append(last[1] - first[1])

            for n, letter in enumerate(way.letters):
                if letter in "FB" and at(n):
                    counts["ends"] += 1
                    outcomes[way.marks[n][3]] += 1
                if letter == "P" and at(n):
                    counts["parked"] += 1
                if letter == "W" and at(n):
                    counts["sent"] += 1
            for found in re.finditer(r"P(?=C([rs]*)(.?))", way.letters):
                if at(found.start()):
                    counts["again"] += 1
                    counts["ended_again"] += found[2] in {"F", "B"}
                    took("away", found.start(), found.start() + 1)
            for found in re.finditer(r"W(?=([^WV]*?B[^WCV]*C))", way.letters):
                if at(found.start()):
                    counts["back"] += 1
                    took("trip", found.start(), found.start() + len(found[1]))
            for found in re.finditer(r"(?<=[CrsP])[TWB](?=(T*)C([rs]*)(.?))", way.letters):
                call = found.start() + 1 + len(found[1])
                end = call + 1 + len(found[2])
                if at(call):
                    took("leg_waits", found.start(), call)
                if found[3] in {"F", "B", "P", "T", "W"} and found[3] and at(end):
                    begin = call
                    for place in range(call, end):
                        if way.letters[place] == "r" and "s" not in way.letters[call:place]:
                            begin = place
                    starts = [p for p in range(call, end) if way.letters[p] == "s"]
                    took("leg_service", starts[-1] if starts else begin, end)
        named = {outcome: count for outcome, count in outcomes.items() if outcome}
        return MatterFigures(
            ends=counts["ends"],
            outcomes=tuple(sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))),
            parked=counts["parked"],
            again=counts["again"],
            ended_again=counts["ended_again"],
            away=slow_times(times["away"]),
            sent=counts["sent"],
            back=counts["back"],
            trip=slow_times(times["trip"]),
            leg_waits=slow_times(times["leg_waits"]),
            leg_service=slow_times(times["leg_service"]),
        )

    def tally(self, tickets: list[Ticket], *, lunch: bool = True) -> Tally:
        """Return the figures of some tickets."""
        ends = Counter(outcome(ticket) for ticket in tickets)
        sure = [ticket for ticket in tickets if not ticket.suspect]
        waits = [
            max(0.0, ticket.wait_s - (0.0 if lunch else self.break_s(ticket)))
            for ticket in sure
            if ticket.wait_s is not None
        ]
        unserved = [seconds for ticket in sure if (seconds := self.unserved_s(ticket)) >= 60]
        return Tally(
            issued=len(tickets),
            served=ends["served"],
            absent=ends["absent"],
            absent_unclear=ends["unclear"],
            void=ends["void"],
            pending=ends["pending"],
            priority=sum(ticket.ticket_class == "priority" for ticket in tickets),
            appointments=sum(ticket.ticket_class == "appointment" for ticket in tickets),
            from_counters=sum(ticket.origin is Origin.COUNTER for ticket in tickets),
            offline=sum(ticket.origin is Origin.OFFLINE for ticket in tickets),
            waits=Waits(
                **vars_of(slow_times(waits)),
                within_15=sum(wait <= 900 for wait in waits),
                within_20=sum(wait <= 1200 for wait in waits),
                over_30=sum(wait > 1800 for wait in waits),
            ),
            service=slow_times(
                ticket.served_s
                for ticket in sure
                if outcome(ticket) == "served" and not ticket.unfinished
                if ticket.served_s is not None and ticket.served_s <= 4 * 3600
            ),
            walking=slow_times(
                ticket.started[1] - ticket.called[1]
                for ticket in sure
                if ticket.called and ticket.started and ticket.called[2] == ticket.started[2]
                if ticket.started[1] >= ticket.called[1]
            ),
            without_counter=len(unserved),
            without_counter_s=sum(unserved),
        )

    def break_s(self, ticket: Ticket) -> float:
        """Return how much of a wait was between two spans of its day's hours."""
        hours = self.hours(ticket.day)
        edges = [edge for span in hours for edge in span]
        return sum(
            length
            for middle, length in stretches(self.waiting(ticket), edges)
            if any(end <= middle for _, end in hours) and any(middle < at for at, _ in hours)
            if not within(middle, hours)
        )

    def unserved_s(self, ticket: Ticket) -> float:
        """Return how much of a wait was within the hours and with no counter open for it."""
        hours = self.hours(ticket.day)
        opened = self._opened.get(ticket.day, [])
        edges = [edge for span in hours for edge in span]
        edges += [edge for _, span in opened for edge in span]
        edges += [at for at, _ in self.log.versions]
        return sum(
            length
            for middle, length in stretches(self.waiting(ticket), edges)
            if within(middle, hours)
            and not any(
                span[0] <= middle < span[1] and ticket.service in self.serves(middle, number)
                for number, span in opened
            )
        )

    def waiting(self, ticket: Ticket) -> Span:
        end = ticket.first_called[0] if ticket.first_called else ticket.ended or self.log.newest
        return ticket.issued[0], end

    def open_s(self, day: str, service: str) -> tuple[float, float]:
        """Return how long at least one counter that serves it was open, and all of them."""
        opened = self._opened[day]
        edges = [edge for _, span in opened for edge in span]
        edges += [at for at, _ in self.log.versions]
        if not opened:
            return 0.0, 0.0
        one = together = 0.0
        for middle, length in stretches((min(edges), max(edges)), edges):
            serving = [
                number
                for number, span in opened
                if span[0] <= middle < span[1] and service in self.serves(middle, number)
            ]
            one += length * bool(serving)
            together += length * len(serving)
        return one, together

    def hours(self, day: str) -> list[Span]:
        """Return the hours of the version that was in force last on a day."""
        if day not in self.log.days:
            return []
        on = date.fromisoformat(day)
        until = self.log.closed.get(day, self.log.newest + SECOND)
        version = [number for at, number in self.log.versions if number and at < until][-1]
        return [
            (datetime.combine(on, window.begin, ZONE), datetime.combine(on, window.end, ZONE))
            for window in self._centres[version].hours.on(on)
        ]

    def serves(self, at: datetime, counter: int) -> Iterable[str]:
        """Return what a counter served at an instant."""
        versions = [number for since, number in self.log.versions if number and since <= at]
        first = next(number for _, number in self.log.versions if number)
        centre = self._centres[versions[-1] if versions else first]
        return next((one.serves for one in centre.counters if one.number == counter), {})

    def _open_on(self, day: str) -> Iterator[tuple[int, Span]]:
        """Return when each counter was open on a day; one left open was so to the day's end."""
        closing = [end for _, end in self.hours(day)]
        for on, number, begin, end in self.log.open_spans:
            if on == day and end is None:
                acts = [begin, *closing, *self._acts(day, number)]
                yield number, (begin, max(begin, min(self.log.newest, max(acts))))
            elif on == day and end is not None:
                yield number, (begin, end)

    def _acts(self, day: str, counter: int) -> Iterator[datetime]:
        for ticket in self.log.tickets.values():
            if (ticket.day, ticket.counter) == (day, counter):
                yield from (mark[0] for mark in (ticket.called, ticket.started) if mark)
                if ticket.ended and not ticket.unfinished and ticket.state != "absent":
                    yield ticket.ended


def outcome(ticket: Ticket) -> str:
    if ticket.state == "absent":
        return "unclear" if ticket.unclear else "absent"
    if ticket.state == "waiting" and ticket.provisional:
        return "void"
    return {"finished": "served", "void": "void"}.get(ticket.state, "pending")


def slow_times(values: Iterable[float]) -> Times:
    known = sorted(values)
    if not known:
        return Times()
    return Times(
        count=len(known),
        mean_s=statistics.fmean(known),
        median_s=statistics.median(known),
        p90_s=next(v for v in known if sum(w <= v for w in known) * 10 >= 9 * len(known)),
    )


def vars_of(times: Times) -> dict[str, Any]:
    return {name: getattr(times, name) for name in ("count", "mean_s", "median_s", "p90_s")}


def stretches(span: Span, edges: Iterable[datetime]) -> Iterator[tuple[datetime, float]]:
    """Return the middle and the length of every part of a span between two edges."""
    inside = sorted({*span, *(edge for edge in edges if span[0] < edge < span[1])})
    for begin, end in itertools.pairwise(inside):
        yield begin + (end - begin) / 2, (end - begin).total_seconds()


def within(at: datetime, spans: Iterable[Span]) -> bool:
    return any(begin <= at < end for begin, end in spans)


def assert_same(found: Tally, expected: Tally) -> None:
    """Assert that two tallies are equal, times to the microsecond."""
    for name in Tally.__slots__:
        one, other = getattr(found, name), getattr(expected, name)
        if isinstance(one, Times):
            for part in type(one).__dataclass_fields__:
                wanted = pytest.approx(getattr(other, part), abs=1e-5)
                assert getattr(one, part) == wanted, f"{name}.{part}"
        else:
            assert one == pytest.approx(other, abs=1e-2), name


def assert_matters(found: MatterFigures, expected: MatterFigures) -> None:
    """Assert that what matters came to is the same, times to the microsecond."""
    for name in MatterFigures.__slots__:
        one, other = getattr(found, name), getattr(expected, name)
        if isinstance(one, Times):
            for part in ("count", "mean_s", "median_s", "p90_s"):
                wanted = pytest.approx(getattr(other, part), abs=1e-5)
                assert getattr(one, part) == wanted, f"{name}.{part}"
        else:
            assert one == other, name


def assert_right(found: Figures, expected: Expected) -> None:
    """Assert that all figures of a period are those of the other computation."""
    asked = found.selection
    assert_matters(found.matters, expected.matters(asked))
    for code, one in found.matters_by_service:
        assert_matters(one, expected.matters(replace(asked, services=frozenset({code}))))
    everyone = list(expected.chosen(asked))
    assert_same(found.tally, expected.figures(asked))

    def matches(tally: Tally, keep: Callable[[Ticket], bool]) -> None:
        assert_same(tally, expected.tally([t for t in everyone if keep(t)], lunch=asked.lunch))

    for service in found.by_service:
        matches(service.tally, lambda t, code=service.service: t.service == code)  # type: ignore[misc]
    for counter in found.by_counter:
        matches(counter.tally, lambda t, number=counter.counter: t.counter == number)  # type: ignore[misc]
    for day in found.by_day:
        matches(day.tally, lambda t, on=day.day: t.day == on.isoformat())  # type: ignore[misc]
    assert sum(one.tally.issued for one in found.by_service) == len(everyone)
    assert sum(one.tally.issued for one in found.by_day) == len(everyone)
    hours = Counter(local_hour(ticket) for ticket in everyone)
    assert {(one.weekday, one.hour): one.issued for one in found.by_hour} == hours
    for hour in found.by_hour:
        place = (hour.weekday, hour.hour)
        those = [ticket for ticket in everyone if local_hour(ticket) == place]
        waits = expected.tally(those, lunch=asked.lunch).waits
        assert_same(Tally(waits=hour.waits), Tally(waits=waits))
    for kind, doubtful in zip(Doubt, found.doubtful, strict=True):
        those = [ticket for ticket in everyone if is_doubtful(ticket, kind)]
        assert doubtful.kind is kind
        assert doubtful.count == len(those)
        first = sorted(those, key=lambda ticket: (ticket.issued[0], ticket.id))[:20]
        assert [one.ticket for one in doubtful.first] == [ticket.id for ticket in first]


def local_hour(ticket: Ticket) -> tuple[int, int]:
    at = ticket.issued[0].astimezone(ZONE)
    return at.weekday(), at.hour


def is_doubtful(ticket: Ticket, kind: Doubt) -> bool:
    if kind is Doubt.CLOCK:
        return ticket.suspect
    if kind is Doubt.UNFINISHED:
        return ticket.unfinished
    served = outcome(ticket) == "served" and not ticket.unfinished and not ticket.suspect
    return served and (ticket.served_s or 0.0) > 4 * 3600


def assert_open_and_out(found: Figures, expected: Expected) -> None:
    """Assert how long counters were open and systems out."""
    days = [
        day for day in expected.log.days if found.selection.period.holds(date.fromisoformat(day))
    ]
    assert found.days == len(days)
    for service in found.by_service:
        spans = [expected.open_s(day, service.service) for day in days]
        assert service.open_s == pytest.approx(sum(one for one, _ in spans), abs=0.01)
        assert service.counter_s == pytest.approx(sum(both for _, both in spans), abs=0.01)
    begin = datetime.combine(found.selection.period.first, time(3), ZONE)
    end = datetime.combine(found.selection.period.last + timedelta(days=1), time(3), ZONE)
    end = min(end, expected.log.newest)
    systems: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    sure: list[Span] = []
    for system, since, until, seconds, doubtful in expected.log.outages:
        seen = (max(begin, since), min(end, until or end))
        if seen[0] < seen[1]:
            whole = seen == (since, until)
            length = (seen[1] - seen[0]).total_seconds()
            systems[system].append((seconds if whole and not doubtful else length, doubtful))
            if not doubtful:
                sure.append(seen)
    assert {one.system for one in found.outages} == systems.keys()
    hours = [span for day in days for span in expected.hours(day)]
    edges = [edge for span in (*sure, *hours) for edge in span]
    parts = list(stretches((begin, end), edges)) if begin < end else []
    for one in found.outages:
        those = systems[one.system]
        assert one.count == len(those)
        assert one.doubtful == sum(doubtful for _, doubtful in those)
        for seconds, doubtful in ((one.seconds, False), (one.doubtful_s, True)):
            expected_s = sum(length for length, is_so in those if is_so is doubtful)
            assert seconds == pytest.approx(expected_s, abs=0.01)
    out = sum(length for middle, length in parts if within(middle, sure))
    out_in_hours = sum(
        length for middle, length in parts if within(middle, sure) and within(middle, hours)
    )
    assert found.any_outage.seconds == pytest.approx(out, abs=0.01)
    assert found.any_outage.within_hours_s == pytest.approx(out_in_hours, abs=0.01)


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every reader after its test: with it the file of figures that it keeps."""
    with contextlib.ExitStack() as ending:

        def opened(url: str, site: str, kept: FigureCache | None = None) -> Reader:
            reader = Reader(url, site, kept)
            ending.callback(reader.close)
            return reader

        monkeypatch.setitem(globals(), "open_reader", opened)
        yield


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing is yet."""
    if request.param == "sqlite":
        return store_url(tmp_path)
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    return new_database()


@pytest.fixture(scope="module")
def faulty_year(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with a year of clock faults."""
    url = store_url(tmp_path_factory.mktemp("year"))
    hall = FaultyHall(url, CENTRE, FIRST, seed=9)
    hall.play(days=150, steps=20)
    hall.change_hours()
    hall.play(days=215, steps=20)
    hall.close()
    return url


@pytest.fixture(scope="module")
def year(faulty_year: str) -> Expected:
    return Expected(open_reader(faulty_year, SITE))


def test_the_generated_year_has_everything_in_it(faulty_year: str, year: Expected) -> None:
    assert verify(open_reader(faulty_year, SITE)).problems == ()
    tickets = year.log.tickets.values()
    ends = Counter(outcome(ticket) for ticket in tickets)
    assert min(ends[end] for end in ("served", "absent", "unclear", "void")) > 10
    assert all(sum(is_doubtful(t, kind) for t in tickets) > 2 for kind in Doubt)
    assert {ticket.origin for ticket in tickets} == set(Origin)
    assert sum(doubtful for *_, doubtful in year.log.outages) > 2
    assert len({number for _, number in year.log.versions if number}) == 2
    letters = "".join(way.letters for way in year.ways.values())
    assert min(Counter(letters)[letter] for letter in "CrsFPTAVWB") > 10, Counter(letters)
    assert any(end is None for *_, end in year.log.open_spans)
    assert any(year.break_s(ticket) > 0 for ticket in tickets)
    utc_days = [(ticket.issued[0].date().isoformat(), ticket.day) for ticket in tickets]
    assert any(utc != local for utc, local in utc_days)


@pytest.mark.parametrize(
    "period",
    [
        pytest.param(Period(date(2025, 12, 15), date(2026, 12, 14)), marks=pytest.mark.full),
        Period(date(2026, 1, 15), date(2026, 2, 14)),
        Period(date(2026, 4, 27), date(2026, 5, 10)),
        Period(date(2026, 5, 8), date(2026, 5, 8)),
    ],
    ids=str,
)
def test_a_year_of_clock_faults(period: Period, faulty_year: str, year: Expected) -> None:
    reader = open_reader(faulty_year, SITE)
    found = figures(reader, Selection(period), CENTRE)
    assert_right(found, year)
    assert_open_and_out(found, year)
    assert not found.approximate
    for other in (found.before, found.year_before):
        if other is not None:
            assert_same(other.tally, year.figures(Selection(other.period)))


@pytest.mark.parametrize(
    "seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(3, 12))]
)
def test_whatever_is_chosen_of_the_year(seed: int, faulty_year: str, year: Expected) -> None:
    rng = random.Random(seed)

    def some(every: Iterable[Any]) -> frozenset[Any]:
        return (
            frozenset(one for one in every if rng.random() < 0.5)
            if rng.random() < 0.6
            else frozenset()
        )

    first = FIRST + timedelta(days=rng.randrange(300))
    chosen = Selection(
        period=Period(first, first + timedelta(days=rng.randrange(120))),
        services=some(service.code for service in CENTRE.services),
        counters=some(range(1, 10)),
        classes=some(("normal", "priority", "appointment")),
        origins=some(Origin),
        lunch=rng.random() < 0.5,
    )
    assert_right(figures(open_reader(faulty_year, SITE), chosen, CENTRE), year)


def test_every_engine_gives_the_same_figures(url: str) -> None:
    hall = FaultyHall(url, CENTRE, date(2026, 1, 19), seed=4)
    hall.play(days=24, steps=25)
    reader = open_reader(url, SITE)
    period = Period(date(2026, 1, 15), date(2026, 2, 14))
    found = figures(reader, Selection(period), CENTRE)
    expected = Expected(reader)
    assert_right(found, expected)
    assert_open_and_out(found, expected)
    reader.close()
    hall.close()


class SimulatedHall:
    """A broker in memory, the real service, and a simulated day of citizens and officers."""

    def __init__(self, data: Path, speed: float) -> None:
        self.clock = Clock.starting(datetime(2026, 11, 22, 23, 55, tzinfo=UTC), speed)
        self._broker = MemoryBroker()
        place = Place(data, self.clock, "boot", new_id)
        self.service = open_service(
            place, CENTRE, self.link("service", "service", presence=True), always_open=True
        )

    def link(self, device: str, kind: str = "simulate", *, presence: bool = False) -> Session:
        return Session(
            MemoryBus(self._broker, f"{device}-{kind}"),
            Topics(SITE),
            device,
            kind,
            clock=ServiceClock(self.clock.now, self.clock.monotonic),
            real=wall_time.monotonic,
            deliver=at_once,
            new_id=new_id,
            presence=presence,
        )

    def play(self, tickets: int) -> None:
        self.service.start()
        centre = hear_centre(self.link("board-1"), 5.0)
        clock = day_clock(centre, self.clock, None)
        Play(centre, self.link, clock, Script(seed=7, tickets=tickets)).run(lambda _moment: None)
        self.service.stop()


@pytest.mark.full
def test_the_simulated_day_of_140(tmp_path: Path) -> None:
    SimulatedHall(tmp_path, 1000.0).play(140)
    reader = open_reader(store_url(tmp_path), SITE)
    expected = Expected(reader)
    day = date(2026, 11, 23)
    found = figures(reader, Selection(Period(day, day)), CENTRE)
    assert found.tally.issued == 140
    assert found.tally.served > 100
    assert_right(found, expected)
    assert_open_and_out(found, expected)


@pytest.mark.full
def test_more_than_thirteen_months_are_added_up_from_histograms(
    faulty_year: str, year: Expected
) -> None:
    reader = open_reader(faulty_year, SITE)
    for lunch in (True, False):
        period = Period(date(2025, 11, 20), date(2027, 1, 10))
        found = figures(reader, Selection(period, lunch=lunch), CENTRE)
        everyone = list(year.chosen(found.selection))
        assert found.approximate
        assert found.by_day == ()
        assert_near(found.tally, year.tally(everyone, lunch=lunch))
        for service in found.by_service:
            those = [ticket for ticket in everyone if ticket.service == service.service]
            assert_near(service.tally, year.tally(those, lunch=lunch))
        for counter in found.by_counter:
            those = [ticket for ticket in everyone if ticket.counter == counter.counter]
            assert_near(counter.tally, year.tally(those, lunch=lunch))
        assert sum(month.tally.issued for month in found.by_month) == len(everyone)
        for month in found.by_month:
            those = [
                ticket
                for ticket in everyone
                if month.first <= date.fromisoformat(ticket.day) <= month.last
            ]
            assert_near(month.tally, year.tally(those, lunch=lunch))
        assert_open_and_out(found, year)
        for kind, doubtful in zip(Doubt, found.doubtful, strict=True):
            those = sorted(
                (ticket for ticket in everyone if is_doubtful(ticket, kind)),
                key=lambda ticket: (ticket.issued[0], ticket.id),
            )
            assert doubtful.count == len(those)
            assert [one.ticket for one in doubtful.first] == [one.id for one in those[:20]]
        hours = Counter(local_hour(ticket) for ticket in everyone)
        assert {(one.weekday, one.hour): one.issued for one in found.by_hour} == hours


def assert_near(found: Tally, expected: Tally) -> None:
    """Assert that tallies are equal, but for median and P90 of 200 or more, which are near."""
    for name in ("waits", "service", "walking"):
        one, right = getattr(found, name), getattr(expected, name)
        assert one.approximate == (right.count >= 200)
        if one.approximate:
            assert one.median_s == pytest.approx(right.median_s, rel=ERROR, abs=5)
            assert one.p90_s == pytest.approx(right.p90_s, rel=ERROR, abs=5)
            exact = replace(one, median_s=right.median_s, p90_s=right.p90_s, approximate=False)
            found = replace(found, **{name: exact})
    assert_same(found, expected)


def test_kept_figures_follow_the_log(tmp_path: Path) -> None:
    """A number that comes late for a month that is over, and a backup that was put back."""
    url, kept = store_url(tmp_path), FigureCache(tmp_path / CACHE_FILE)
    hall = FaultyHall(url, CENTRE, date(2026, 1, 19), seed=5)
    hall.play(days=16, steps=12)
    hall.close()
    backup = (tmp_path / STORE_FILE).read_bytes()
    asked = (
        Selection(Period(date(2026, 1, 1), date(2026, 2, 28))),
        Selection(Period(date(2025, 1, 1), date(2026, 2, 28))),
        Selection(Period(date(2026, 1, 23), date(2026, 1, 23)), lunch=False),
    )

    def assert_as_without() -> int:
        known, fresh = open_reader(url, SITE, kept), open_reader(url, SITE)
        for selection in asked:
            for _ in range(2):
                found = figures(known, selection, CENTRE)
                assert found == figures(fresh, selection, CENTRE)
        known.close()
        fresh.close()
        return found.tally.issued

    before = assert_as_without()
    assert kept.get(SITE, "2026-01 month")
    hall = FaultyHall(url, CENTRE, date(2026, 2, 4), seed=6)
    late = commands.IssueTicket(
        service="CERT",
        number="1949",
        business_day="2026-01-23",
        issued_at=datetime(2026, 1, 23, 2, tzinfo=UTC),
    )
    assert hall.ask("kiosk-1", late).ok
    assert assert_as_without() == before + 1
    hall.play(days=3, steps=12)
    hall.close()
    assert assert_as_without() == before + 1
    for path in tmp_path.glob(f"{STORE_FILE}*"):
        path.unlink()
    (tmp_path / STORE_FILE).write_bytes(backup)
    assert assert_as_without() == before
    kept.close()


def test_what_goes_on_is_counted_until_now(tmp_path: Path) -> None:
    hall = FaultyHall(store_url(tmp_path), CENTRE, date(2026, 1, 19), seed=5)
    hall.open_day()
    assert hall.ask("counter-1", commands.OpenCounter(counter=1)).ok
    assert hall.ask("counter-1", commands.ReportOutage(system="Đường truyền Internet")).ok
    hall.close()
    reader = open_reader(store_url(tmp_path), SITE)
    today = Selection(Period(date(2026, 1, 19), date(2026, 1, 19)))
    begun = figures(reader, today, CENTRE)
    assert begun.until is not None
    assert begun.open_s == pytest.approx(0, abs=0.001)
    found = figures(reader, today, CENTRE, begun.until + timedelta(minutes=45))
    assert found.open_s == pytest.approx(45 * 60, abs=0.001)
    assert found.any_outage.seconds == pytest.approx(45 * 60, abs=0.001)
    assert found.outages[0].spans[0].end is None
    reader.close()


def test_a_store_without_a_day_has_no_figures(tmp_path: Path) -> None:
    reader = open_reader(store_url(tmp_path), SITE)
    open_store(store_url(tmp_path), SITE, lambda: "epoch").close()
    found = figures(reader, Selection(Period(date(2026, 1, 1), date(2026, 1, 31))), CENTRE)
    assert found.tally == Tally()
    assert (found.by_service, found.before, found.until) == ((), None, None)
    reader.close()


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    asked = Selection(Period(date(2026, 1, 1), date(2026, 1, 31)))
    with pytest.raises(StoreError):
        figures(open_reader(store_url(tmp_path), SITE), asked, CENTRE)


def test_rows_of_another_program_are_said_not_counted(tmp_path: Path) -> None:
    hall = FaultyHall(store_url(tmp_path), CENTRE, date(2026, 1, 19), seed=5)
    hall.play(days=2, steps=12)
    hall.close()
    with contextlib.closing(sqlite3.connect(tmp_path / STORE_FILE)) as file, file:
        file.execute("UPDATE ticket SET ticket_class = 'royal'")
    reader = open_reader(store_url(tmp_path), SITE)
    with pytest.raises(StoreError, match=r"2026-01-19 .*royal"):
        figures(reader, Selection(Period(date(2026, 1, 19), date(2026, 1, 19))), CENTRE)
    reader.close()


@pytest.mark.full
def test_several_may_ask_at_once(faulty_year: str, tmp_path: Path) -> None:
    """Threads of one process share a reader, two processes share the file."""
    kept = [FigureCache(tmp_path / CACHE_FILE) for _ in range(2)]
    readers = [open_reader(faulty_year, SITE, one) for one in kept]
    asked = [
        Selection(Period(date(2026, month, 1), date(2026, month + 2, 20)), lunch=month % 2 == 0)
        for month in (1, 2, 3, 4)
    ]
    with ThreadPoolExecutor(8) as pool:
        pairs = itertools.product(readers, asked * 2)
        found = list(pool.map(lambda pair: figures(pair[0], pair[1], CENTRE), pairs))
    alone = open_reader(faulty_year, SITE)
    right = [figures(alone, selection, CENTRE) for selection in asked]
    assert found == right * 4
    for reader in (*readers, alone):
        reader.close()
    for one in kept:
        one.close()


_APPOINTMENT_COUNTS = (
    "booked", "came", "early", "in_time", "late", "missed", "cancelled", "expected",
)  # fmt: skip


def test_appointments_are_counted_alike_by_every_engine_and_tell_no_code(url: str) -> None:
    """Against a count of the rows made here one by one."""
    lot, first = random.Random(12), date(2026, 1, 19)
    states, services = ("booked", "came", "missed", "cancelled"), ("LAND", "CERT", "CIVIL")
    rows = []
    for number in range(400):
        day = first + timedelta(days=lot.randrange(40))
        at_us = int(datetime.combine(day, time(9), ZONE).timestamp()) * 1_000_000
        state, late = lot.choice(states), lot.random() < 0.2
        came_us = at_us + lot.randrange(-1800, 1800) * 1_000_000 if state == "came" else None
        rows.append(
            AppointmentRow(
                f"a-{number}",
                day.isoformat(),
                lot.choice(services),
                at_us,
                state,
                late and state == "came",
                None,
                0,
                "",
                came_us,
            )
        )
    codes = {row.id: f"SECRET{row.id}" for row in rows}
    store = open_store(url, SITE, lambda: "epoch-1")
    store.commit(Batch(new_appointments=rows, codes=codes))
    store.close()
    period = Period(date(2026, 1, 22), date(2026, 2, 20))
    reader = open_reader(url, SITE)
    for chosen in (frozenset[str](), frozenset({"LAND"}), frozenset({"LAND", "CERT"})):
        found = figures(reader, Selection(period, services=chosen), CENTRE).appointments
        assert "SECRET" not in repr(found)
        wanted: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
        for row in rows:
            day = date.fromisoformat(row.business_day)
            if not period.holds(day) or (chosen and row.service not in chosen):
                continue
            counts = wanted[day, row.service]
            counts["booked"] += 1
            counts[row.state if row.state != "booked" else "expected"] += 1
            if row.late:
                counts["late"] += 1
            elif row.came_us is not None:
                counts["early" if row.came_us < row.at_us else "in_time"] += 1
        told = {
            (cell.day, cell.service): Counter(
                {name: getattr(cell.tally, name) for name in _APPOINTMENT_COUNTS}
            )
            for cell in found
        }
        assert told == wanted
        assert list(told) == sorted(told)
    reader.close()
