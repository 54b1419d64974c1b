"""Between people of the house: silent calls for a colleague, and short messages."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bus import commands as c
from bus.vocabulary import CounterStatus, Error, Role
from queue_service.domain import events as e
from queue_service.domain.context import Context, Decision, known_counter
from queue_service.domain.lines import in_call_order
from queue_service.domain.rules import Rules
from queue_service.domain.state import DeskMessage, StaffCall, State
from queue_service.domain.values import CounterNumber, Mark, Refusal, elapsed

_CALLS_APART = timedelta(minutes=10)
_MOST_CALLS = 6
_MESSAGES_APART = timedelta(minutes=1)
_MOST_OF_COUNTER, _MOST_OF_MANAGERS = 6, 30
_KEPT = 200
"""The oldest fall out, so that nobody can make the state grow for ever."""


def open_calls(state: State) -> list[StaffCall]:
    """Return the calls to which nobody goes yet, the newest last."""
    return [call for call in state.staff_calls if call.answered_at is None]


def call_of(state: State, counter: CounterNumber) -> StaffCall | None:
    """Return the last call of a counter, answered or not."""
    return next((c for c in reversed(state.staff_calls) if c.counter == counter), None)


def messages_for(state: State, counter: CounterNumber) -> list[DeskMessage]:
    """Return what a counter reads: what managers say to it, and what it says to them."""
    return [message for message in state.messages if _concerns(message, counter)]


def call_colleague(
    state: State, rules: Rules, command: c.CallColleague, context: Context
) -> Decision:
    """Ring for somebody at the other counters and at the managers', once until answered."""
    counter = known_counter(rules, command.counter)
    last = call_of(state, counter)
    if last is not None and last.answered_at is None and last.whom == command.whom:
        return Decision()
    recent = _recent(
        (call.at for call in state.staff_calls if call.counter == counter), context, _CALLS_APART
    )
    if recent >= _MOST_CALLS:
        raise Refusal(Error.TOO_FAST, f"more than {_MOST_CALLS} calls in {_CALLS_APART}")
    return Decision((e.ColleagueCalled(counter=counter, whom=command.whom),))


def answer_colleague(
    state: State, rules: Rules, command: c.AnswerColleague, context: Context
) -> Decision:
    """Stop the ringing of a counter: somebody goes, or the counter itself needs nobody now."""
    calling = known_counter(rules, command.calling)
    if command.counter is None and context.role is not Role.WEB:
        raise Refusal(Error.INVALID, "needs the counter that goes - at $.counter")
    goes = None if command.counter is None else known_counter(rules, command.counter)
    if all(call.counter != calling for call in open_calls(state)):
        return Decision()
    return Decision((e.ColleagueAnswered(counter=calling, answered_by=goes),))


def tell_counters(
    state: State, rules: Rules, command: c.TellCounters, context: Context
) -> Decision:
    """Say something to counters; without any of them to all."""
    counters = tuple(dict.fromkeys(known_counter(rules, number) for number in command.counters))
    told = (m.at for m in state.messages if m.counter is None)
    _require_slow(told, context, _MOST_OF_MANAGERS)
    return Decision((e.CountersTold(text=command.text, counters=counters),))


def tell_managers(
    state: State, rules: Rules, command: c.TellManagers, context: Context
) -> Decision:
    """Say something to the managers, perhaps in answer to what they said."""
    counter = known_counter(rules, command.counter)
    told = (m.at for m in state.messages if m.counter == counter)
    _require_slow(told, context, _MOST_OF_COUNTER)
    answers = command.answers or ""
    if answers and all(m.id != answers for m in messages_for(state, counter)):
        raise Refusal(Error.UNKNOWN, f"no message {answers} for counter {counter}")
    return Decision((e.ManagersTold(counter=counter, text=command.text, answers=answers),))


def read_message(state: State, rules: Rules, command: c.ReadMessage, _context: Context) -> Decision:
    """Note that the people of a counter have read what managers said."""
    counter = known_counter(rules, command.counter)
    for message in messages_for(state, counter):
        if message.id == command.message and message.counter is None:
            if counter in message.read_by:
                return Decision()
            return Decision((e.MessageRead(counter=counter, message=message.id),))
    raise Refusal(Error.UNKNOWN, f"no message {command.message} for counter {counter}")


def arrived_at(state: State, rules: Rules, counter: CounterNumber) -> datetime | None:
    """Return when somebody came to the empty line of a counter that is open and has nobody."""
    present = state.counter(counter)
    free = present.free_since
    if not rules.tell_arrivals or present.status is not CounterStatus.OPEN or free is None:
        return None
    if present.current is not None:
        return None
    waits = [state.tickets[ticket].since.at for ticket in in_call_order(state, rules, counter)]
    first = min(waits, default=None)
    return first if first is not None and first > free else None


# What the events do ------------------------------------------------------------------------


def called(state: State, fact: e.Fact, event: e.ColleagueCalled) -> State:
    """Add a call; one of the same counter that nobody answered gives way to it."""
    state = answered(state, fact, e.ColleagueAnswered(event.counter, event.counter))
    call = StaffCall(event.counter, event.whom, fact.at)
    return replace(state, staff_calls=(*state.staff_calls, call)[-_KEPT:])


def answered(state: State, fact: e.Fact, event: e.ColleagueAnswered) -> State:
    """Note who goes."""
    calls = tuple(
        replace(call, answered_by=event.answered_by, answered_at=fact.at.at)
        if call.counter == event.counter and call.answered_at is None
        else call
        for call in state.staff_calls
    )
    return replace(state, staff_calls=calls)


def told(state: State, fact: e.Fact, event: e.CountersTold | e.ManagersTold) -> State:
    """Add a message."""
    if isinstance(event, e.CountersTold):
        message = DeskMessage(str(fact.seq), event.text, fact.at, to=event.counters)
    else:
        message = DeskMessage(
            str(fact.seq), event.text, fact.at, counter=event.counter, answers=event.answers
        )
    return replace(state, messages=(*state.messages, message)[-_KEPT:])


def read(state: State, event: e.MessageRead) -> State:
    """Note that a counter has read a message."""
    messages = tuple(
        replace(message, read_by=(*message.read_by, event.counter))
        if message.id == event.message
        else message
        for message in state.messages
    )
    return replace(state, messages=messages)


def _concerns(message: DeskMessage, counter: CounterNumber) -> bool:
    if message.counter is not None:
        return message.counter == counter
    return not message.to or counter in message.to


def _require_slow(told: Iterable[Mark], context: Context, most: int) -> None:
    if _recent(told, context, _MESSAGES_APART) >= most:
        raise Refusal(Error.TOO_FAST, f"more than {most} messages in {_MESSAGES_APART}")


def _recent(marks: Iterable[Mark], context: Context, apart: timedelta) -> int:
    return sum(elapsed(mark, context.now).seconds < apart.total_seconds() for mark in marks)
