"""The legality table of messages.md, written down once more and compared in every case."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from itertools import product
from typing import Any

import pytest

from bus.states import Alarm, Outage, Undoable
from bus.vocabulary import AlarmKind, CounterStatus, TicketState
from hall.counter.actions import Action, legal, legal_for

FROM = {
    Action.CALL: {TicketState.WAITING, TicketState.PARKED, TicketState.ABSENT},
    Action.NEXT: {TicketState.CALLED, TicketState.SERVING},
    Action.NEXT_PARK: {TicketState.CALLED, TicketState.SERVING},
    Action.NEXT_ABSENT: {TicketState.CALLED},
    Action.RECALL: {TicketState.CALLED},
    Action.START: {TicketState.CALLED},
    Action.FINISH: {TicketState.CALLED, TicketState.SERVING},
    Action.ABSENT: {TicketState.CALLED},
    Action.PARK: {TicketState.CALLED, TicketState.SERVING},
    Action.TRANSFER: {
        TicketState.WAITING,
        TicketState.CALLED,
        TicketState.SERVING,
        TicketState.PARKED,
    },
    Action.RETURN: {
        TicketState.CALLED,
        TicketState.SERVING,
        TicketState.PARKED,
        TicketState.ABSENT,
    },
    Action.VOID: {TicketState.WAITING, TicketState.CALLED, TicketState.PARKED, TicketState.ABSENT},
    Action.SET_CLASS: set(TicketState) - {TicketState.FINISHED, TicketState.VOID},
    Action.REPRINT: set(TicketState) - {TicketState.FINISHED, TicketState.VOID},
}
OF_TICKET = frozenset(FROM)


def expected(state: Any) -> set[Action]:
    current = state.current.state if state.current else None
    allowed = {action for action, states in FROM.items() if current in states} - {Action.CALL}
    allowed |= {Action.CALL, Action.ISSUE, Action.REPORT_OUTAGE}
    if current is None and state.waiting_total > 0:
        allowed.add(Action.NEXT)
    if current is None and state.status is not CounterStatus.CLOSED:
        allowed.add(Action.CLOSE)
    if state.status is not CounterStatus.CLOSED:
        allowed.add(Action.PAUSE)
    if state.status is not CounterStatus.OPEN:
        allowed.add(Action.OPEN)
    if state.undoable:
        allowed.add(Action.UNDO)
    if state.outages:
        allowed.add(Action.END_OUTAGE)
    if state.alarms:
        allowed.add(Action.ANSWER_HELP)
    return allowed


@pytest.mark.parametrize("current", [None, TicketState.CALLED, TicketState.SERVING])
@pytest.mark.parametrize("status", list(CounterStatus))
def test_exactly_what_the_table_allows(
    scene: Any, status: CounterStatus, current: TicketState | None
) -> None:
    ticket = scene.current(state=current) if current else None
    outage = Outage(system="x", since=scene.now)
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    cases = product(
        (0, 4), (None, Undoable(event="7", takes_back="park")), ((), (outage,)), ((), (alarm,))
    )
    for waiting, undoable, outages, alarms in cases:
        state = scene.state(
            status=status,
            current=ticket,
            waiting_total=waiting,
            undoable=undoable,
            outages=outages,
            alarms=alarms,
        )
        assert legal(state, linked=True) == expected(state)
        assert legal(state, linked=False) == frozenset()


def test_nothing_before_the_first_state() -> None:
    assert legal(None, linked=True) == frozenset()


@pytest.mark.parametrize("ticket", list(TicketState))
@pytest.mark.parametrize("action", sorted(OF_TICKET))
def test_tickets_of_lists(ticket: TicketState, action: Action) -> None:
    assert (action in legal_for(ticket, linked=True)) == (ticket in FROM[action])
    assert legal_for(ticket, linked=False) == frozenset()


def test_other_alarms_need_no_answer(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.PRINTER, at=scene.now, source="kiosk-1")
    assert Action.ANSWER_HELP not in legal(scene.state(alarms=(alarm,)), linked=True)


def test_every_action_is_legal_somewhere(scene: Any) -> None:
    seen: set[Action] = set()
    for current in (None, scene.current()):
        for status in CounterStatus:
            seen |= legal(
                scene.state(
                    current=current,
                    status=status,
                    alarms=(Alarm(kind=AlarmKind.HELP, at=scene.now, source="x"),),
                    outages=(Outage(system="x", since=scene.now),),
                ),
                linked=True,
            )
    assert seen == set(Action)
