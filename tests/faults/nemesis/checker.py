"""The judge: what was promised, held against what everybody saw and what the store says.

`check` is pure. Each promise of the design is one small function; `docs/reliability.md` has them
in words.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from nemesis.evidence import Evidence
from nemesis.fold import AT_A_COUNTER, follow
from nemesis.history import Op, Phase, of_phase
from queue_service.domain import events as e
from wait_log.rows import FIRST_HASH

_ALARM_WITHIN_S = 10.0
_ANSWERED = (e.ServingStarted, e.TicketFinished, e.TicketParked, e.TicketTransferred)
_EXCUSES = {
    "shown": ("unannounced", "board_behind", "device_offline board-1"),
    "spoken": ("unannounced", "device_offline announcer"),
}
"""The alarms at a counter that say that a call may not have been shown, or spoken."""
QUIET_S = 4 * 3600.0
"""A day does not end sooner after somebody was called, served or given a number."""
ISSUE = "issue_ticket"


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was not kept."""

    promise: str
    what: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.what}"


History = Sequence[Op]
_Check = Callable[[History, Evidence], Iterable[str]]


def check(history: History, store: Evidence) -> list[Violation]:
    """Return every promise that was broken, and how."""
    return [
        Violation(promise, what)
        for promise, promised in PROMISES.items()
        for what in promised(history, store)
    ]


def numbers_once(history: History, store: Evidence) -> Iterator[str]:
    """I1: a number is given once per day and series, and whatever is asked for is done once."""
    given = Counter((row.business_day, row.number) for row in store.tickets)
    yield from (
        f"{number} of {day} is in the store {n} times"
        for (day, number), n in given.items()
        if n > 1
    )
    holders: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for op in of_phase(history, Phase.OK, ISSUE):
        holders[op.data["business_day"], op.data["number"]].add(op.id)
    yield from (
        f"{number} of {day} was shown for {len(requests)} requests"
        for (day, number), requests in holders.items()
        if len(requests) > 1
    )
    # A number of a book may take the place of one that was given and seen by nobody.
    requests = Counter(
        (event.offline_book, event.supersedes or event.command)
        for fact in store.facts
        if isinstance(event := fact.event, e.TicketIssued) and not event.provisional
    )
    yield from (f"request {key} was given {n} numbers" for (_, key), n in requests.items() if n > 1)
    steps: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for fact in store.facts:
        if fact.command:
            steps[fact.device, fact.command].add(fact.step)
    yield from (
        f"{key} of {who} was done {len(n)} times" for (who, key), n in steps.items() if len(n) > 1
    )


def nothing_lost(history: History, store: Evidence) -> Iterator[str]:
    """I2: whatever was acknowledged is in the store: numbers, calls, and every other step."""
    tickets = {(row.business_day, row.number): row for row in store.tickets}
    for op in of_phase(history, Phase.OK, ISSUE):
        row = tickets.get((op.data["business_day"], op.data["number"]))
        if row is None:
            yield f"{op.data['number']} was shown at {op.who} and is lost"
        elif op.data.get("ticket") not in (None, row.id):
            yield f"{op.data['number']} was ticket {op.data['ticket']}, the store has {row.id}"
    calls = {row.call_seq: row for row in store.calls}
    done = store.answered | {(fact.device, fact.command) for fact in store.facts}
    for op in of_phase(history, Phase.OK):
        if "call_seq" in op.data:
            call = calls.get(op.data["call_seq"])
            if call is None or call.ticket != op.data["ticket"]:
                yield f"call {op.data['call_seq']} of {op.who} is lost"
        if op.what not in (ISSUE, "heal") and (op.who, op.id) not in done:
            yield f"{op.what} {op.id} of {op.who} was acknowledged and is lost"


def no_gaps(_history: History, store: Evidence) -> Iterator[str]:
    """I3: a series runs without a gap, and so does the part of an offline book that was used.

    What a restored store passed over is explained by its event.
    """
    found: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
    passed: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    series_of = {
        fact.event.service: fact.event.series
        for fact in store.facts
        if isinstance(fact.event, e.TicketIssued)
    }
    for fact in store.facts:
        event = fact.event
        if isinstance(event, e.Restored):
            for gap in event.gaps:
                key = fact.day.isoformat(), series_of.get(gap.service, "")
                passed[key] |= set(range(gap.first, gap.last + 1))
        if isinstance(event, e.TicketIssued) and not event.provisional:
            book = next((b for b in store.bylaws.books if b[1] <= event.serial <= b[2]), None)
            name = book[0] if book and event.offline_book else ""
            found[event.business_day.isoformat(), event.series, name].add(event.serial)
    starts = {name: first for name, first, _ in store.bylaws.books} | {"": store.bylaws.first}
    skipped = {n for _, first, last in store.bylaws.books for n in range(first, last + 1)}
    for (day, series, kiosk), serials in found.items():
        wanted = set(range(starts[kiosk], max(serials) + 1))
        missing = wanted - serials - (set() if kiosk else skipped | passed[day, series])
        yield from (
            f"{series}{serial:03} of {day} was given to nobody" for serial in sorted(missing)
        )


def one_counter(_history: History, store: Evidence) -> Iterator[str]:
    """I4: a ticket is at one counter at most, a counter has one ticket, a call is one call."""
    for hall, fact in follow(store.facts):
        event = fact.event
        if isinstance(event, e.TicketCalled):
            one = hall.tickets.get(event.ticket)
            if one is not None and one.state in AT_A_COUNTER:
                yield f"{event.number} was called to {event.counter} while it was at {one.counter}"
            held = [
                ticket
                for ticket, other in hall.tickets.items()
                if other.counter == event.counter and other.state in AT_A_COUNTER
            ]
            if held and event.ticket not in held:
                yield f"counter {event.counter} called {event.number} and had {held[0]}"
    twice = Counter(row.call_seq for row in store.calls)
    yield from (f"call {seq} was made {n} times" for seq, n in twice.items() if n > 1)


def published_order(_history: History, store: Evidence) -> Iterator[str]:
    """I5: who is called next is whom the published rule picks; queue time never goes back."""
    for hall, fact in follow(store.facts):
        event = fact.event
        if isinstance(event, e.TicketCalled) and fact.cause == "call_next":
            due = hall.next_at(event.counter, store.bylaws)
            if due != event.ticket:
                yield f"event {fact.seq}: counter {event.counter} called {event.number}, not {due}"
    for before, after in zip(store.facts, store.facts[1:], strict=False):
        if after.at.at < before.at.at:
            yield f"event {after.seq} is earlier than the one before it"


def bounded_overtaking(_history: History, store: Evidence) -> Iterator[str]:
    """I6: who comes later goes first by no more than the head start of their class."""
    head_start = store.bylaws.head_start
    for hall, fact in follow(store.facts):
        event = fact.event
        if not isinstance(event, e.TicketCalled) or fact.cause != "call_next":
            continue
        one = hall.tickets.get(event.ticket)
        if one is None or one.moved:
            continue
        for ticket, other in hall.waiting():
            if other.moved or other.line != one.line or other.issued >= one.issued:
                continue
            ahead = head_start.get(one.ticket_class, timedelta())
            ahead -= head_start.get(other.ticket_class, timedelta())
            if one.issued - other.issued > ahead:
                yield f"event {fact.seq}: {event.number} went before {ticket} beyond its head start"


def announced(history: History, store: Evidence) -> Iterator[str]:
    """I7: a call whose person did not come was shown and spoken, or there was an alarm.

    A device that is known to be gone alarms once and not per call: so what counts is whether the
    counter was alarmed at any moment from the call on. A service that has just come back gives the
    devices their ten seconds anew, and officers need not wait for an alarm.
    """
    alarmed = {
        fact.event.call_seq for fact in store.facts if isinstance(fact.event, e.CallUnannounced)
    }
    latest: dict[str, e.Fact] = {}
    for fact in store.facts:
        event = fact.event
        if isinstance(event, e.TicketCalled | e.TicketRecalled):
            latest[event.ticket] = fact
        elif isinstance(event, _ANSWERED):  # even if that step is taken back: nobody was missed
            latest.pop(event.ticket, None)
        elif isinstance(event, e.TicketAbsent):
            called = latest.pop(event.ticket, None)
            if called is None or fact.cause == "mark_absent":
                continue
            call = getattr(called.event, "call_seq", 0)
            lacks = [name for name in _EXCUSES if call not in getattr(store, name)]
            span = (called.at.mono / store.bylaws.speed, fact.at.mono / store.bylaws.speed)
            for name in lacks:
                excuses = _EXCUSES[name]
                alarm = call in alarmed or _alarmed(history, event.counter, excuses, *span)
                if not alarm and not _came_back(history, *span):
                    yield f"{event.number} counts as absent and call {call} was not {name}"


def _came_back(history: History, begin: float, end: float) -> bool:
    """Return whether the service has come back in a span of time, too late for an alarm."""
    sessions = (op.at for op in of_phase(history, Phase.NOTE, "session"))
    return any(begin < at and end - _ALARM_WITHIN_S < at < end + 1 for at in sessions)


def _alarmed(
    history: History, counter: int, excuses: tuple[str, ...], begin: float, end: float
) -> bool:
    """Return whether a counter was told of trouble with boards or voice in a span of time."""
    before = False
    for op in of_phase(history, Phase.NOTE, "alarms"):
        if op.data["counter"] != counter:
            continue
        if op.at > end + _ALARM_WITHIN_S:
            break
        if op.at >= begin and before:
            return True
        before = any(alarm.startswith(excuses) for alarm in op.data["alarms"])
        if op.at >= begin and before:
            return True
    return before


def converged(history: History, _store: Evidence) -> Iterator[str]:
    """I8: after every outage the boards show the present, within the time that was given them."""
    healed = {op.id: op for op in of_phase(history, Phase.INVOKE, "heal")}
    for op in of_phase(history, Phase.OK, "heal"):
        began = healed.pop(op.id)
        if op.at - began.at > began.data["within_s"]:
            yield f"the boards were right {op.at - began.at:.1f} s after {began.data['after']}"
    yield from (f"the boards were never right after {op.data['after']}" for op in healed.values())


def whole_log(_history: History, store: Evidence) -> Iterator[str]:
    """I9: the log is dense and chained, and everything follows from it."""
    previous = FIRST_HASH
    for wanted, event in enumerate(store.chain, 1):
        if event.seq != wanted:
            yield f"event {wanted} is missing"
            return
        if not event.follows(previous):
            yield f"event {wanted} is not what was written"
            return
        previous = event.hash
    yield from store.problems


def one_original(history: History, _store: Evidence) -> Iterator[str]:
    """I10: of each number one paper at most is not marked as a copy."""
    originals = Counter(
        (op.data["business_day"], op.data["number"])
        for op in of_phase(history, Phase.NOTE, "paper")
        if not op.data["copy"]
    )
    yield from (
        f"{number} of {day} has {n} originals" for (day, number), n in originals.items() if n > 1
    )


def no_negative_time(_history: History, store: Evidence) -> Iterator[str]:
    """I11: nobody waited or was served for less than nothing."""
    for row in store.tickets:
        if (row.wait_s or 0.0) < 0 or (row.served_s or 0.0) < 0:
            yield f"{row.number} waited {row.wait_s} s and was served {row.served_s} s"


def day_goes_on(_history: History, store: Evidence) -> Iterator[str]:
    """I12: days go forward, and none ends while the hall is in use."""
    used: e.Fact | None = None
    day = ""
    in_use = (e.TicketIssued, e.TicketCalled, e.TicketRecalled, e.ServingStarted, e.TicketFinished)
    for fact in store.facts:
        event = fact.event
        if isinstance(event, e.DayOpened):
            opened = event.business_day.isoformat()
            if opened <= day:
                yield f"{opened} opened after {day}"
            day = opened
            rest_s = fact.at.mono - used.at.mono if used else QUIET_S
            same_boot = used is not None and used.at.boot == fact.at.boot
            if same_boot and rest_s < QUIET_S and fact.cause != "confirm_day":
                yield f"{opened} opened {rest_s:.0f} s after the hall was in use"
            used = None
        elif isinstance(event, in_use) and not _uses_nothing(event):
            used = fact


def _uses_nothing(event: e.TicketEvent) -> bool:
    closed = getattr(event, "day_closed", False)
    return closed or (isinstance(event, e.TicketIssued) and event.offline_book)


def nothing_from_garbage(history: History, store: Evidence) -> Iterator[str]:
    """I13: what is no message has no effect and ends nobody; no effect comes from nowhere."""
    yield from (
        f"{op.data['process']} ended by itself: {op.data['why']}"
        for op in of_phase(history, Phase.NOTE, "died")
    )
    recorded = {op.who for op in of_phase(history, Phase.INVOKE) if op.what != "heal"}
    asked = {op.id for op in of_phase(history, Phase.INVOKE)}
    for fact in store.facts:
        event = fact.event
        if fact.device in recorded and fact.command and fact.cause == ISSUE:
            cause = getattr(event, "supersedes", None) or fact.command
            if isinstance(event, e.TicketIssued | e.TicketDelivered) and cause not in asked:
                yield f"event {fact.seq}: {event.number} was asked for by nobody"
        elif fact.device in recorded and fact.acting is not None and fact.command not in asked:
            yield f"event {fact.seq}: {fact.cause} of {fact.device} was asked for by nobody"


def refusals_show(history: History, store: Evidence) -> Iterator[str]:
    """I14: a number is shown only once it is durable; what was refused is not done later."""
    committed = {
        str(event.ticket): fact.at
        for fact in store.facts
        if isinstance(event := fact.event, e.TicketIssued)
    }
    for op in of_phase(history, Phase.OK, ISSUE):
        mark = committed.get(str(op.data.get("ticket")))
        if mark is not None and mark.mono / store.bylaws.speed > op.at:
            yield f"{op.data['number']} was shown before it was durable"
    for op in of_phase(history, Phase.FAIL, ISSUE):
        if op.data.get("number"):
            yield f"{op.data['number']} was shown with a refusal"
    done = {fact.command: fact for fact in store.facts}
    for op in of_phase(history, Phase.FAIL):
        if op.what != ISSUE and op.data.get("error") != "empty" and op.id in done:
            yield f"{op.what} {op.id} was refused ({op.data.get('error')}) and done all the same"


def no_effect_of_forgery(history: History, store: Evidence) -> Iterator[str]:
    """I15: who may not ask for something gets nothing done by it."""
    forged = {op.id: op for op in of_phase(history, Phase.NOTE, "forged")}
    for fact in store.facts:
        if fact.command in forged:
            op = forged[fact.command]
            yield f"event {fact.seq}: {op.who} did {fact.cause} as {fact.device}"
    for op in of_phase(history, Phase.NOTE, "believed"):
        yield f"{op.who} believed {op.data}"


PROMISES: dict[str, _Check] = {
    "I1": numbers_once,
    "I2": nothing_lost,
    "I3": no_gaps,
    "I4": one_counter,
    "I5": published_order,
    "I6": bounded_overtaking,
    "I7": announced,
    "I8": converged,
    "I9": whole_log,
    "I10": one_original,
    "I11": no_negative_time,
    "I12": day_goes_on,
    "I13": nothing_from_garbage,
    "I14": refusals_show,
    "I15": no_effect_of_forgery,
}
