"""Appointments from bytes to bytes: codes, the log, the table, a restart, an older release."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from bus import commands as c
from bus.vocabulary import AppointmentState, Error, WhyNoAppointment
from queue_service.domain import events as e
from queue_service.states import Header, View, board_state
from queue_service.verify import verify
from queue_service.wrong_codes import MOST_WRONG, WITHIN_S
from tests.unit.queue_service.test_apply_config import without_counter
from wait_log.dialects import STORE_FILE

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday, 09:00 local; the test begins on Monday."""


@pytest.fixture
def desk(desk: SimpleNamespace) -> SimpleNamespace:
    services = tuple(
        msgspec.structs.replace(service, appointment_hours=("08:00-11:00",), appointment_seats=1)
        if service.code == "LAND"
        else service
        for service in desk.centre.services
    )
    desk.centre = msgspec.structs.replace(desk.centre, services=services)
    desk.restart()
    return desk


def book(desk: SimpleNamespace, at: datetime = AT, **fields: object) -> dict[str, Any]:
    reply = desk.send("counter-6", c.BookAppointment, service="LAND", at=at, **fields)
    assert reply.ok, reply
    return dict(reply.result)


def rows(desk: SimpleNamespace) -> dict[str, str]:
    with desk.reader() as reader:
        return {row.id: row.state for row in reader.appointments("2026-01-01", "2027-01-01")}


def proven(desk: SimpleNamespace) -> tuple[str, ...]:
    with desk.reader() as reader:
        return verify(reader).problems


def next_day(desk: SimpleNamespace) -> None:
    desk.clock.advance(24 * 3600)
    desk.engine.open_day_if_due()


def test_a_code_stands_in_its_row_and_never_in_the_log(desk: SimpleNamespace) -> None:
    command = desk.make(c.BookAppointment, service="LAND", at=AT)
    first, again = (desk.send_again("counter-6", command) for _ in range(2))
    assert first == again
    code = first.result["code"]
    with desk.reader() as reader:
        assert all(code.encode() not in (event.body or b"") for event in reader.events())
    desk.restart()
    found = desk.send("counter-6", c.FindAppointment, code=code.lower())
    assert found.result == first.result | {"code": code.lower()}
    assert proven(desk) == ()


def test_whoever_comes_gets_a_number_once_and_the_rest_is_counted(desk: SimpleNamespace) -> None:
    kept, missed = book(desk), book(desk, AT + timedelta(minutes=30))
    cancelled = book(desk, AT + timedelta(minutes=60))
    moved = desk.send(
        "web",
        c.MoveAppointment,
        by="an",
        appointment=cancelled["appointment"],
        at=AT + timedelta(days=1),
    )
    assert moved.result["code"] == cancelled["code"]
    desk.send("web", c.CancelAppointment, by="an", appointment=cancelled["appointment"])
    next_day(desk)
    desk.clock.advance(3600)
    ticket = desk.send("kiosk-1", c.CheckIn, code=kept["code"])
    assert ticket.result["class"] == "appointment"
    used = desk.send("kiosk-1", c.CheckIn, code=kept["code"])
    assert (used.error, used.result["number"]) == (Error.CONFLICT, ticket.result["number"])
    assert used.message == "Lịch hẹn này đã được lấy số."
    next_day(desk)
    assert rows(desk) == {
        kept["appointment"]: "came",
        missed["appointment"]: "missed",
        cancelled["appointment"]: "cancelled",
    }
    past = desk.send("kiosk-1", c.CheckIn, code=missed["code"])
    assert past.result["why"] == WhyNoAppointment.PAST
    assert proven(desk) == ()
    desk.restart()
    assert proven(desk) == ()


def test_when_somebody_came_is_kept_in_the_row(desk: SimpleNamespace) -> None:
    kept = book(desk)
    next_day(desk)
    desk.clock.advance(1800)
    came = desk.clock.now()
    assert desk.send("kiosk-1", c.CheckIn, code=kept["code"]).ok
    desk.restart()
    with desk.reader() as reader:
        (row,) = reader.appointments("2026-01-01", "2027-01-01")
    assert abs(row.came_us - int(came.timestamp() * 1_000_000)) < 1_000_000
    assert proven(desk) == ()


def test_a_reference_that_is_taken_in_again_is_told_its_code(desk: SimpleNamespace) -> None:
    """A list may be taken in again after its codes were lost, and books nobody twice."""
    first = book(desk, reference="DVC-1")
    again = desk.send("web", c.BookAppointment, by="an", service="LAND", at=AT, reference="DVC-1")
    assert (again.error, again.result["why"]) == (Error.CONFLICT, WhyNoAppointment.KNOWN)
    assert again.result["code"] == first["code"]
    assert list(rows(desk).values()) == ["booked"]


def test_whoever_guesses_is_told_to_wait(desk: SimpleNamespace) -> None:
    right = book(desk)["code"]
    for _ in range(MOST_WRONG):
        assert desk.send("kiosk-1", c.CheckIn, code="000000").error is Error.UNKNOWN
    assert desk.send("kiosk-1", c.CheckIn, code=right).error is Error.TOO_FAST
    assert desk.send("counter-6", c.FindAppointment, code=right).ok
    desk.clock.advance(WITHIN_S)
    assert desk.send("kiosk-1", c.CheckIn, code=right).result["why"] == WhyNoAppointment.OTHER_DAY
    refused = desk.engine.wrong_codes.refused
    assert refused == {"wrong_code": MOST_WRONG, "tries": 1, "other_day": 1}


def test_a_counter_hears_who_is_expected_today_and_nobodys_code(desk: SimpleNamespace) -> None:
    kept, expected = book(desk), book(desk, AT + timedelta(minutes=30))
    book(desk, AT + timedelta(days=1))
    next_day(desk)
    desk.clock.advance(3600)
    number = desk.send("kiosk-1", c.CheckIn, code=kept["code"]).result["number"]
    told = desk.send("counter-6", c.ListAppointments, counter=6).result
    assert (told["day"], told["total"]) == ("2026-11-24", 2)
    assert [(one["appointment"], one.get("ticket")) for one in told["appointments"]] == [
        (kept["appointment"], number),
        (expected["appointment"], None),
    ]
    assert kept["code"] not in str(told)
    assert desk.send("counter-6", c.ListAppointments, counter=5).error is Error.NOT_ALLOWED
    assert desk.send("kiosk-1", c.ListAppointments, counter=6).error is Error.NOT_ALLOWED


def test_a_slip_is_ordered_past_the_log_and_only_where_paper_is(desk: SimpleNamespace) -> None:
    booked = book(desk)
    ask = {"appointment": booked["appointment"], "print_on": "kiosk-1"}
    for _ in range(12):
        assert desk.send("counter-6", c.PrintAppointment, **ask).ok
    assert desk.send("counter-6", c.PrintAppointment, **ask).error is Error.TOO_FAST
    elsewhere = {**ask, "print_on": "board-1"}
    assert desk.send("counter-6", c.PrintAppointment, **elsewhere).error is Error.UNKNOWN
    with desk.reader() as reader:
        assert all(booked["code"].encode() not in (one.body or b"") for one in reader.events())
    desk.send("web", c.CancelAppointment, by="an", appointment=booked["appointment"])
    assert desk.send("counter-6", c.PrintAppointment, **ask).error is Error.NOT_ALLOWED


def test_twenty_at_once_for_the_last_seat(desk: SimpleNamespace) -> None:
    """The engine has one thread; whoever asks has many, as devices have."""
    asked = [desk.make(c.BookAppointment, service="LAND", at=AT) for _ in range(20)]
    turn, replies = threading.Lock(), []

    def ask(command: c.Command) -> None:
        with turn:  # the service's queue: one message after the other
            replies.append(desk.send_again("counter-6", command))

    threads = [threading.Thread(target=ask, args=(command,)) for command in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(str(reply.error) for reply in replies) == ["None"] + ["full"] * 19
    assert desk.engine.wrong_codes.refused == {"slot_full": 19}
    assert list(rows(desk).values()) == ["booked"]


def test_a_seat_that_could_not_be_stored_is_nobodys(desk: SimpleNamespace) -> None:
    def full_disk(name: str) -> None:
        if name == "before_commit":
            raise OSError(28, "No space left on device")

    desk.failpoint = full_disk
    with pytest.raises(OSError, match="No space"):
        book(desk)
    desk.failpoint = lambda _name: None
    book(desk)
    assert len(rows(desk)) == 1


def test_what_an_older_release_did_not_hand_on_is_taken_up(desk: SimpleNamespace) -> None:
    """0.3.0 ran over a night: it opened a day and knew of no appointments."""
    code = book(desk)["code"]
    desk.clock.advance(25 * 3600)
    old = e.DayOpened(business_day=AT.date(), call_seq=0, config_version=desk.state.config_version)
    desk.engine.record([old], "day")
    assert desk.state.appointments == {}
    desk.restart()
    assert desk.send("kiosk-1", c.CheckIn, code=code).ok
    assert [row.state for row in desk.state.appointments.values()] == [AppointmentState.CAME]
    assert proven(desk) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appointment SET late = 1",
        "UPDATE appointment SET service = 'TAX'",
        "UPDATE appointment SET id = 'other'",
        "DELETE FROM appointment",
    ],
)
def test_a_row_that_was_changed_by_hand_is_found(desk: SimpleNamespace, statement: str) -> None:
    book(desk)
    with closing(sqlite3.connect(desk.data / STORE_FILE)) as connection, connection:
        assert connection.execute(statement).rowcount == 1
    assert proven(desk) != ()


def test_a_service_with_open_appointments_stays_until_they_are_cancelled(
    desk: SimpleNamespace,
) -> None:
    booked = book(desk)
    wanted = without_counter(desk.centre, 6, service="LAND")
    version = desk.engine.version.number
    ask = {"by": "ha", "version": version, "centre": wanted}
    reply = desk.send("web", c.ApplyConfig, **ask)
    assert reply.error is Error.NOT_ALLOWED
    problems = c.result_of(reply, c.AppliedConfig).problems
    assert [(one.rule, one.values) for one in problems] == [
        ("booked", {"service": "LAND", "count": 1})
    ]
    desk.send("web", c.CancelAppointment, by="ha", appointment=booked["appointment"])
    assert desk.send("web", c.ApplyConfig, **ask).ok


def test_the_board_explains_appointments_on_their_day_alone(desk: SimpleNamespace) -> None:
    def told() -> bool:
        engine = desk.engine
        view = View(desk.state, engine.rules, engine.ledger.time.present())
        return board_state(view, Header("epoch", 1, AT)).appointments

    booked = book(desk)
    assert not told()
    next_day(desk)
    assert told()
    desk.send("web", c.CancelAppointment, by="an", appointment=booked["appointment"])
    assert not told()
