from datetime import UTC, datetime

import pytest

from bus import commands, vocabulary
from bus.health import PrinterChoice
from bus.vocabulary import Error, PrinterLine, Role
from config import load_centre
from queue_service.authorise import authorise
from queue_service.domain.values import Refusal

CENTRE = load_centre()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
KIOSK, DESK, PAD, WEB, BOARD = "kiosk-1", "counter-3", "keypad-1", "web", "board-1"
PHONES = "web-public"
NO_PRINTER = PrinterChoice(line=PrinterLine.SIMULATED)
ALL = {KIOSK, DESK, PAD, WEB, PHONES, BOARD, "announcer-1", "service", "stranger"}

COMMANDS: list[tuple[type[commands.Command], dict[str, object], set[str]]] = [
    (commands.IssueTicket, {"service": "CERT"}, {KIOSK, DESK, WEB}),
    (commands.AdoptTicket, {"counter": 3, "number": "1001", "issued_at": NOW}, {DESK, WEB}),
    (
        commands.ReportPrint,
        {"ticket": "t", "outcome": vocabulary.PrintOutcome.PRINTED},
        {KIOSK, DESK, WEB},
    ),
    (commands.ReprintTicket, {"ticket": "t", "print_on": KIOSK}, {KIOSK, DESK, WEB}),
    (commands.VoidTicket, {"ticket": "t"}, {KIOSK, DESK, WEB}),
    (
        commands.SetClass,
        {"ticket": "t", "ticket_class": vocabulary.TicketClass.PRIORITY},
        {DESK, WEB},
    ),
    (commands.CancelTicket, {"token": "t"}, {PHONES}),
    (commands.CallNext, {"counter": 3}, {DESK, PAD, WEB}),
    (commands.CallTicket, {"counter": 3, "number": "1001"}, {DESK, PAD, WEB}),
    (commands.Recall, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (commands.StartServing, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (commands.Finish, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (commands.MarkAbsent, {"counter": 3, "ticket": "t"}, {DESK, PAD, WEB}),
    (commands.Park, {"counter": 3, "ticket": "t"}, {DESK, WEB}),
    (commands.PostponeReminder, {"counter": 3, "ticket": "t"}, {DESK, WEB}),
    (commands.Transfer, {"counter": 3, "ticket": "t", "to_counter": 2}, {DESK, WEB}),
    (commands.ReturnToQueue, {"ticket": "t"}, {DESK, WEB}),
    (commands.Undo, {"event": "5"}, {DESK, WEB}),
    (commands.OpenCounter, {"counter": 3}, {DESK, WEB}),
    (commands.PauseCounter, {"counter": 3, "reason": "họp"}, {DESK, WEB}),
    (commands.CloseCounter, {"counter": 3}, {DESK, WEB}),
    (commands.RequestHelp, {"place": "x"}, {KIOSK}),
    (commands.AnswerHelp, {"counter": 3}, {DESK, WEB}),
    (commands.PrepareVisit, {"kiosk": "k", "scenario": "s", "counter": 3}, {DESK, WEB}),
    (commands.EndVisit, {"kiosk": "k", "counter": 3}, {DESK, WEB}),
    (commands.CallColleague, {"counter": 3}, {DESK, WEB}),
    (commands.AnswerColleague, {"calling": 2, "counter": 3}, {DESK, WEB}),
    (commands.TellCounters, {"text": "x"}, {WEB}),
    (commands.TellManagers, {"counter": 3, "text": "x"}, {DESK, WEB}),
    (commands.ReadMessage, {"counter": 3, "message": "7"}, {DESK, WEB}),
    (commands.ReportOutage, {"system": "x"}, {DESK, WEB}),
    (commands.EndOutage, {"system": "x"}, {DESK, WEB}),
    (commands.ConfirmDay, {"business_day": "2026-11-23"}, {DESK, WEB}),
    (commands.PostNotice, {"text": "x", "until": NOW}, {WEB}),
    (commands.WithdrawNotice, {"notice": "7"}, {WEB}),
    (commands.TestDevice, {"device": KIOSK}, {WEB}),
    (commands.ChoosePrinter, {"device": KIOSK, "printer": NO_PRINTER}, {WEB}),
    (commands.SpeakText, {"text": "x"}, {WEB}),
    (commands.SetDeviceVolume, {"device": "announcer-1", "volume": 0.5}, {WEB, KIOSK}),
    (commands.ListSlots, {"service": "LAND", "day": "2026-11-23"}, {DESK, WEB}),
    (commands.ListAppointments, {"counter": 3}, {DESK, WEB}),
    (commands.PrintAppointment, {"appointment": "A", "print_on": "kiosk-1"}, {DESK, WEB}),
    (commands.BookAppointment, {"service": "LAND", "at": NOW}, {DESK, WEB}),
    (commands.FindAppointment, {"code": "7K3M9Q"}, {DESK, WEB}),
    (commands.MoveAppointment, {"appointment": "a", "at": NOW}, {DESK, WEB}),
    (commands.CancelAppointment, {"appointment": "a"}, {DESK, WEB}),
    (commands.CheckIn, {"code": "7K3M9Q"}, {KIOSK, DESK, WEB}),
    (commands.ApplyConfig, {"version": 1, "centre": {}}, {WEB}),
]


def make(
    kind: type[commands.Command], fields: dict[str, object], by: str | None = None
) -> commands.AnyCommand:
    command: commands.AnyCommand = kind(id="x", ts=NOW, by=by, **fields)  # type: ignore[arg-type, assignment]
    return command


def test_every_command_has_its_senders() -> None:
    assert {kind for kind, _, _ in COMMANDS} == set(commands.AnyCommand.__args__)


@pytest.mark.parametrize(("kind", "fields", "may"), COMMANDS)
@pytest.mark.parametrize("device", sorted(ALL))
def test_who_may_what(
    kind: type[commands.Command], fields: dict[str, object], may: set[str], device: str
) -> None:
    command = make(kind, fields, by="lan" if device == WEB else None)
    if device in may:
        actor = authorise(CENTRE, device, command)
        assert actor.device == device
    else:
        with pytest.raises(Refusal) as refused:
            authorise(CENTRE, device, command)
        assert refused.value.error is Error.NOT_ALLOWED


def test_a_counter_acts_for_itself_alone() -> None:
    with pytest.raises(Refusal):
        authorise(CENTRE, DESK, make(commands.CallNext, {"counter": 2}))
    actor = authorise(CENTRE, DESK, make(commands.ReturnToQueue, {"ticket": "t"}))
    assert (actor.acting, actor.role, actor.by) == (3, Role.COUNTER, None)


def test_web_acts_for_any_counter_in_an_officers_name() -> None:
    with pytest.raises(Refusal):
        authorise(CENTRE, WEB, make(commands.CallNext, {"counter": 2}))
    actor = authorise(CENTRE, WEB, make(commands.CallNext, {"counter": 2}, by="lan"))
    assert (actor.acting, actor.by, actor.counters) == (2, "lan", None)
    report = make(commands.ReportOutage, {"system": "x"}, by="lan")
    assert authorise(CENTRE, WEB, report).acting is None


@pytest.mark.parametrize(("kind", "fields"), [(k, f) for k, f, may in COMMANDS if WEB in may])
@pytest.mark.parametrize("by", [None, ""])
def test_web_never_acts_in_nobodys_name(
    kind: type[commands.Command], fields: dict[str, object], by: str | None
) -> None:
    with pytest.raises(Refusal) as refused:
        authorise(CENTRE, WEB, make(kind, fields, by=by))
    assert refused.value.error is Error.NOT_ALLOWED


@pytest.mark.parametrize(("kind", "fields", "may"), COMMANDS)
@pytest.mark.parametrize("by", ["giám đốc", ""])
def test_nobody_else_can_claim_a_persons_name(
    kind: type[commands.Command], fields: dict[str, object], may: set[str], by: str
) -> None:
    for device in may - {WEB}:
        with pytest.raises(Refusal) as refused:
            authorise(CENTRE, device, make(kind, fields, by=by))
        assert refused.value.error is Error.NOT_ALLOWED
