"""What a phone is told of its number, and what it is promised."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bus.states import BoardState, Outage, ServicesState
from hall.model import HallState
from hall.words import Words
from wait_log.followed import Called, FollowedTicket
from web.phone.promise import Promise, Promises
from web.phone.view import Kind, Known, phone_view, places_of, range_of

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
VI, EN = Words("vi"), Words("en")


def us(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000


TICKET = FollowedTicket(
    id="T2",
    business_day="2026-11-23",
    number="2005",
    service="CIVIL",
    lang="vi",
    state="waiting",
    order_key_us=us(NOW),
    counter=None,
    to_counter=None,
    issued_us=us(NOW),
    wait_s=None,
    served_s=None,
    clock_suspect=False,
    reason="",
    day_closed=False,
)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("waiting", Kind.WAITING),
        ("called", Kind.CALLED),
        ("serving", Kind.SERVING),
        ("parked", Kind.PARKED),
        ("absent", Kind.MISSED),
        ("finished", Kind.SERVED),
        ("void", Kind.CANCELLED),
    ],
)
def test_every_state_has_a_page(hall_state: HallState, state: str, kind: Kind) -> None:
    known = Known(replace(TICKET, state=state, counter=2))
    view = phone_view(known, hall_state, VI, stale=False)
    assert view.kind is kind
    assert view.title != phone_view(known, hall_state, EN, stale=False).title


def test_the_page_ends_with_the_day(hall_state: HallState, services: ServicesState) -> None:
    closed = Known(replace(TICKET, state="void", day_closed=True))
    assert phone_view(closed, hall_state, VI, stale=False).kind is Kind.OVER
    tomorrow = replace(
        hall_state, services=msgspec.structs.replace(services, business_day="2026-11-24")
    )
    assert phone_view(Known(TICKET), tomorrow, VI, stale=True).kind is Kind.OVER


def test_who_missed_their_turn_is_told_when_and_where(hall_state: HallState) -> None:
    calls = (Called(us(NOW), 2), Called(us(NOW + timedelta(minutes=1)), 2))
    view = phone_view(
        Known(replace(TICKET, state="absent"), calls=calls), hall_state, VI, stale=False
    )
    assert (view.called, view.counter) == ("Đã mời 2 lần, lúc 08:24 và 08:25", 2)


def test_waits_over_a_doubtful_clock_are_not_told(hall_state: HallState) -> None:
    served = replace(TICKET, state="finished", counter=2, wait_s=540.0, served_s=720.0)
    said = phone_view(Known(served), hall_state, VI, stale=False).times
    assert said == "Chờ 9 phút, phục vụ 12 phút"
    doubtful = Known(replace(served, clock_suspect=True))
    assert not phone_view(doubtful, hall_state, VI, stale=False).times


def test_people_before_are_counted_by_line() -> None:
    tickets = [
        replace(TICKET, id="A", order_key_us=3),
        replace(TICKET, id="B", order_key_us=1),
        replace(TICKET, id="C", order_key_us=2, to_counter=4),
        replace(TICKET, id="D", order_key_us=1, service="LAND"),
        replace(TICKET, id="E", order_key_us=0, state="called"),
    ]
    places = places_of({each.id: each for each in tickets})
    assert places == {"A": 1, "B": 0, "C": 0, "D": 0}


def test_the_range_is_the_services_own(hall_state: HallState, services: ServicesState) -> None:
    civil = msgspec.structs.replace(
        services.services[0], service="CIVIL", wait_min=(20, 30), waits=((0, 0, 5), (3, 5, 10))
    )
    hall = replace(hall_state, services=msgspec.structs.replace(services, services=(civil,)))
    ranges = [range_of(TICKET, ahead, hall) for ahead in (0, 2, 3, 40)]
    assert ranges == [(0, 5), (0, 5), (5, 10), (5, 10)]
    assert range_of(replace(TICKET, to_counter=2), 0, hall) is None
    assert range_of(replace(TICKET, service="gone"), 0, hall) is None


def test_a_range_only_gets_shorter_until_it_cannot_be_kept() -> None:
    told = Promise.made((20, 30), NOW)
    assert told.later((30, 45), NOW + timedelta(minutes=1)).slower
    for after_min, found in ((2, (20, 30)), (5, (20, 30)), (8, (15, 20)), (29, (0, 5))):
        told = told.later(found, NOW + timedelta(minutes=after_min))
        assert (told.shown, told.slower) == (found, False), after_min
    assert told.latest == NOW + timedelta(minutes=34)


def test_a_longer_range_within_what_was_said_is_not_shown() -> None:
    told = Promise.made((5, 10), NOW).later((10, 15), NOW)
    assert (told.shown, told.slower) == ((5, 10), False)
    late = told.later((10, 15), NOW + timedelta(seconds=1))
    assert (late.shown, late.slower, late.first) == ((10, 15), True, (5, 10))
    kept = late.later((0, 5), NOW + timedelta(minutes=2))
    assert not kept.slower


def test_who_is_sent_elsewhere_is_told_anew() -> None:
    promises = Promises()
    promises.tell("T", "CIVIL", (5, 10), NOW)
    later = NOW + timedelta(minutes=9)
    assert promises.tell("T", "LAND", (30, 45), later).slower is False
    promises.keep(())
    assert promises.tell("T", "CIVIL", (30, 45), later).slower is False


def test_slower_says_what_was_said_and_which_system_is_the_reason(hall_state: HallState) -> None:
    late = Promise.made((20, 30), NOW).later((45, 60), NOW)
    known = Known(replace(TICKET, service="LAND"), 4, late)
    said = phone_view(known, hall_state, VI, stale=False)
    assert said.slower == "Lúc lấy số dự kiến 20–30 phút. Mong quý vị thông cảm."
    assert said.wait == "45–60 phút"
    board = hall_state.board or BoardState(epoch="E", rev=1, at=NOW)
    outage = Outage(system="Hệ thống của ngành", since=datetime(2026, 11, 23, 1, 10, tzinfo=UTC))
    hall = replace(hall_state, board=msgspec.structs.replace(board, outages=(outage,)))
    assert "Hệ thống của ngành chậm từ 08:10" in phone_view(known, hall, VI, stale=False).slower
    old = replace(known, ticket=replace(TICKET, issued_us=us(NOW - timedelta(hours=1))))
    assert "Lúc 08:24 dự kiến" in phone_view(old, hall, VI, stale=False).slower
