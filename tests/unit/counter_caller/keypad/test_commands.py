from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bus.commands import (
    AnyCommand,
    CallNext,
    CallTicket,
    Finish,
    MarkAbsent,
    Recall,
    StartServing,
)
from bus.states import CurrentTicket
from bus.vocabulary import CurrentTo, Error, TicketClass, TicketState
from config.settings import CallAction
from counter_caller.keypad.commands import command_for
from hardware.keypad import Press

NOW = datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC)
UNTIL = NOW + timedelta(seconds=4)
CURRENT = CurrentTicket(
    ticket="01JC",
    number="1017",
    service="CERT",
    ticket_class=TicketClass.NORMAL,
    state=TicketState.CALLED,
    issued_at=NOW,
    called_at=NOW,
)
PRESS = Press("u", 1.0)
HEAD: dict[str, Any] = {"expires_at": UNTIL, "counter": 3}


@pytest.mark.parametrize(
    ("action", "command"),
    [
        (CallAction.NEXT, CallNext(**HEAD, current="01JC")),
        (CallAction.PARK_NEXT, CallNext(**HEAD, current="01JC", current_to=CurrentTo.PARK)),
        (CallAction.RECALL, Recall(**HEAD, ticket="01JC")),
        (CallAction.ABSENT, MarkAbsent(**HEAD, ticket="01JC")),
        (CallAction.START, StartServing(**HEAD, ticket="01JC")),
        (CallAction.FINISH, Finish(**HEAD, ticket="01JC")),
    ],
)
def test_an_action_is_a_command_about_the_ticket_that_is_shown(
    action: CallAction, command: AnyCommand
) -> None:
    assert command_for(PRESS, {"single": action}, 3, CURRENT, UNTIL) == command


@pytest.mark.parametrize("action", [CallAction.NEXT, CallAction.PARK_NEXT])
def test_the_next_is_called_also_where_nobody_is(action: CallAction) -> None:
    command = command_for(PRESS, {"single": action}, 3, None, UNTIL)
    assert isinstance(command, CallNext)
    assert command.current is None


@pytest.mark.parametrize(
    "action", [CallAction.RECALL, CallAction.ABSENT, CallAction.START, CallAction.FINISH]
)
def test_what_is_about_a_person_needs_one(action: CallAction) -> None:
    assert command_for(PRESS, {"single": action}, 3, None, UNTIL) is Error.NOT_ALLOWED


@pytest.mark.parametrize("action", list(CallAction))
def test_a_typed_number_is_called_whatever_the_key_means_else(action: CallAction) -> None:
    command = command_for(Press("u", 1.0, number="2005"), {"single": action}, 3, CURRENT, UNTIL)
    assert command == CallTicket(**HEAD, current="01JC", number="2005")


def test_what_means_nothing_asks_nothing() -> None:
    assert command_for(PRESS, {}, 3, CURRENT, UNTIL) is Error.INVALID
    number = {"single": CallAction.CALL_NUMBER}
    assert command_for(PRESS, number, 3, CURRENT, UNTIL) is Error.INVALID
    long = Press("u", 1.0, number="123456789")
    assert command_for(long, {"single": CallAction.NEXT}, 3, CURRENT, UNTIL) is Error.INVALID


@pytest.mark.parametrize(
    ("key", "actions", "to"),
    [
        ("next", {"next": CallAction.NEXT, "absent": CallAction.ABSENT}, CurrentTo.FINISH),
        ("next", {"next": CallAction.NEXT, "recall": CallAction.RECALL}, None),
        ("", {"single": CallAction.NEXT, "absent": CallAction.ABSENT}, None),
    ],
)
def test_only_a_keypad_that_can_say_absent_says_done(
    key: str, actions: dict[str, CallAction], to: CurrentTo | None
) -> None:
    command = command_for(Press("u", 1.0, key=key), actions, 3, CURRENT, UNTIL)
    assert command == CallNext(**HEAD, current="01JC", current_to=to)
