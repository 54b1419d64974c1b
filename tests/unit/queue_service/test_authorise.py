from datetime import UTC, datetime

import pytest

from bus import messages as m
from config import load_centre
from queue_service.authorise import authorise
from queue_service.domain.values import Refusal, Refused, Role

CENTRE = load_centre()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
KIOSK, DESK, PAD, WEB, BOARD = "kiosk-1", "counter-3", "keypad-1", "web", "board-1"
ALL = {KIOSK, DESK, PAD, WEB, BOARD, "announcer-1", "service", "stranger"}

COMMANDS: list[tuple[type[m.Command], dict[str, object], set[str]]] = [
    (m.IssueTicket, {"service": "CERT"}, {KIOSK, DESK, WEB}),
    (m.ReportPrint, {"ticket": "t", "outcome": m.PrintOutcome.PRINTED}, {KIOSK, DESK, WEB}),
    (m.ReprintTicket, {"ticket": "t", "print_on": KIOSK}, {KIOSK, DESK, WEB}),
    (m.VoidTicket, {"ticket": "t"}, {KIOSK, DESK, WEB}),
    (m.SetClass, {"ticket": "t", "ticket_class": m.TicketClass.PRIORITY}, {DESK, WEB}),
    (m.CancelTicket, {"token": "t"}, {WEB}),
    (m.CallNext, {"counter": 3}, {DESK, PAD, WEB}),
    (m.CallTicket, {"counter": 3, "number": "1001"}, {DESK, PAD, WEB}),
    (m.Recall, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (m.StartServing, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (m.Finish, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (m.MarkAbsent, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (m.Park, {"counter": 3, "ticket": "t"}, {DESK, WEB}),
    (m.Transfer, {"counter": 3, "ticket": "t", "to_counter": 2}, {DESK, WEB}),
    (m.ReturnToQueue, {"ticket": "t"}, {DESK, WEB}),
    (m.Undo, {"event": "5"}, {DESK, WEB}),
    (m.OpenCounter, {"counter": 3}, {DESK, WEB}),
    (m.PauseCounter, {"counter": 3, "reason": "họp"}, {DESK, WEB}),
    (m.CloseCounter, {"counter": 3}, {DESK, WEB}),
    (m.RequestHelp, {"place": "x"}, {KIOSK}),
    (m.AnswerHelp, {"counter": 3}, {DESK, WEB}),
    (m.ReportOutage, {"system": "x"}, {DESK, WEB}),
    (m.EndOutage, {"system": "x"}, {DESK, WEB}),
    (m.PostNotice, {"text": "x", "until": NOW}, {WEB}),
    (m.ApplyConfig, {"version": 1, "centre": {}}, {WEB}),
]


def make(kind: type[m.Command], fields: dict[str, object], by: str | None = None) -> m.AnyCommand:
    command: m.AnyCommand = kind(id="x", ts=NOW, by=by, **fields)  # type: ignore[arg-type, assignment]
    return command


def test_every_command_has_its_senders() -> None:
    assert {kind for kind, _, _ in COMMANDS} == set(m.AnyCommand.__args__)


@pytest.mark.parametrize(("kind", "fields", "may"), COMMANDS)
@pytest.mark.parametrize("device", sorted(ALL))
def test_who_may_what(
    kind: type[m.Command], fields: dict[str, object], may: set[str], device: str
) -> None:
    command = make(kind, fields, by="lan" if device == WEB else None)
    if device in may:
        actor = authorise(CENTRE, device, command)
        assert actor.device == device
    else:
        with pytest.raises(Refusal) as refused:
            authorise(CENTRE, device, command)
        assert refused.value.error is Refused.NOT_ALLOWED


def test_a_counter_acts_for_itself_alone() -> None:
    with pytest.raises(Refusal):
        authorise(CENTRE, DESK, make(m.CallNext, {"counter": 2}))
    actor = authorise(CENTRE, DESK, make(m.ReturnToQueue, {"ticket": "t"}))
    assert (actor.acting, actor.role, actor.by) == (3, Role.COUNTER, None)


def test_web_acts_for_any_counter_in_an_officers_name() -> None:
    with pytest.raises(Refusal):
        authorise(CENTRE, WEB, make(m.CallNext, {"counter": 2}))
    actor = authorise(CENTRE, WEB, make(m.CallNext, {"counter": 2}, by="lan"))
    assert (actor.acting, actor.by, actor.counters) == (2, "lan", None)
    assert authorise(CENTRE, WEB, make(m.CancelTicket, {"token": "t"})).acting is None


def test_nobody_else_can_claim_an_officers_name() -> None:
    actor = authorise(CENTRE, DESK, make(m.CallNext, {"counter": 3}, by="giám đốc"))
    assert actor.by is None
