from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given as every
from hypothesis import strategies as st

from bus.commands import IssueTicket
from bus.states import BookMark, ServicesState
from bus.vocabulary import TicketClass
from config import Centre, load_centre
from config.settings import OfflineBook
from kiosk.offline_book import Book, BookError, day_of, given, has_pages, learned, refused, without

CENTRE = load_centre()
ZONE = CENTRE.identity.zone
MORNING = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
DAY = "2026-11-23"


def request(number: int = 1, service: str = "CIVIL") -> IssueTicket:
    return IssueTicket(
        id=f"r{number}", ts=MORNING, service=service, ticket_class=TicketClass.PRIORITY
    )


def services(day: str = DAY, **marks: int) -> ServicesState:
    books = tuple(
        BookMark(kiosk="kiosk-1", service=service, highest=highest)
        for service, highest in marks.items()
    )
    return ServicesState(epoch="E", rev=1, at=MORNING, business_day=day, books=books)


def fresh(day: str = DAY) -> Book:
    return learned(None, services(day), "kiosk-1")


def give(book: Book, number: int = 1, service: str = "CIVIL", now: datetime = MORNING) -> Book:
    book, _ = given(
        book,
        CENTRE,
        "kiosk-1",
        unanswered=request(number, service),
        delivery=f"d{number}",
        now=now,
    )
    return book


def numbers(book: Book) -> list[str | None]:
    return [command.number for command in book.deliveries]


def test_the_first_number_opens_the_range_and_carries_its_delivery() -> None:
    book, delivery = given(
        fresh(), CENTRE, "kiosk-1", unanswered=request(), delivery="d1", now=MORNING
    )
    assert (delivery.number, delivery.business_day) == ("2901", DAY)
    assert (delivery.id, delivery.supersedes, delivery.issued_at) == ("d1", "r1", MORNING)
    assert delivery.ticket_class is TicketClass.PRIORITY
    assert book.deliveries == (delivery,)


def test_numbers_run_on_per_service_and_wait_in_order() -> None:
    book = give(give(give(fresh(), 1), 2, "LAND"), 3)
    assert numbers(book) == ["2901", "5901", "2902"]
    assert numbers(without(book, "d2")) == ["2901", "2902"]
    assert numbers(give(without(book, "d3"), 4)) == ["2901", "5901", "2903"]


def test_a_used_up_book_gives_nothing() -> None:
    book = learned(None, services(CIVIL=949), "kiosk-1")
    with pytest.raises(BookError, match="used up at 949"):
        give(book)
    assert numbers(give(book, service="CERT")) == ["1901"]


def test_the_service_restores_the_highest_number() -> None:
    book = learned(None, services(CIVIL=912), "kiosk-1")
    assert numbers(give(book)) == ["2913"]


def test_what_the_service_has_not_seen_yet_is_kept() -> None:
    book = learned(give(give(fresh(), 1), 2), services(CIVIL=901), "kiosk-1")
    assert numbers(give(book, 3)) == ["2901", "2902", "2903"]


def test_another_kiosks_marks_are_not_ours() -> None:
    marks = (BookMark(kiosk="kiosk-2", service="CIVIL", highest=979),)
    state = msgspec.structs.replace(services(), books=marks)
    assert numbers(give(learned(None, state, "kiosk-1"))) == ["2901"]


def test_a_new_day_begins_the_range_anew() -> None:
    book = learned(give(fresh()), services("2026-11-24"), "kiosk-1")
    book = give(book, 2, now=MORNING + timedelta(days=1))
    assert [(d.number, d.business_day) for d in book.deliveries] == [
        ("2901", "2026-11-23"),
        ("2901", "2026-11-24"),
    ]


def test_the_day_turns_at_three_without_the_service() -> None:
    night = datetime(2026, 11, 23, 19, 59, tzinfo=UTC)
    assert day_of(fresh(), night, ZONE) == "2026-11-23"
    assert day_of(fresh(), night + timedelta(minutes=1), ZONE) == "2026-11-24"


def test_a_clock_that_is_behind_never_dates_back() -> None:
    assert day_of(fresh(), MORNING - timedelta(days=400), ZONE) == DAY


def test_a_clock_that_runs_ahead_of_the_services_own_day_begins_no_new_one() -> None:
    jumped = MORNING + timedelta(hours=20)
    ahead = msgspec.structs.replace(services(), at=jumped)
    book = learned(give(fresh()), ahead, "kiosk-1")
    assert day_of(book, jumped + timedelta(minutes=5), ZONE) == DAY
    book = give(book, 2, now=jumped + timedelta(minutes=5))
    assert numbers(book) == ["2901", "2902"]
    assert {delivery.business_day for delivery in book.deliveries} == {DAY}
    assert day_of(book, jumped + timedelta(days=1), ZONE) == "2026-11-24"
    put_right = learned(book, services(), "kiosk-1")
    assert day_of(put_right, MORNING + timedelta(days=1), ZONE) == "2026-11-24"


def test_a_book_of_another_version_counts_from_the_known_day() -> None:
    book = msgspec.structs.replace(fresh(), named_at=None)
    assert day_of(book, MORNING + timedelta(days=1), ZONE) == "2026-11-24"


def test_the_present_is_written_down_once_an_hour() -> None:
    soon = msgspec.structs.replace(services(), at=MORNING + timedelta(minutes=59))
    later = msgspec.structs.replace(services(), at=MORNING + timedelta(minutes=60))
    assert learned(fresh(), soon, "kiosk-1") == fresh()
    assert learned(fresh(), later, "kiosk-1") != fresh()


def test_a_clock_that_jumps_back_does_not_give_a_number_twice() -> None:
    book = give(fresh(), 1, now=MORNING + timedelta(days=2))
    book = give(book, 2)
    book = give(book, 3, now=MORNING + timedelta(days=2))
    assert [(d.business_day, d.number) for d in book.deliveries] == [
        ("2026-11-25", "2901"),
        ("2026-11-23", "2901"),
        ("2026-11-25", "2902"),
    ]


def test_a_clock_far_ahead_is_not_believed() -> None:
    assert day_of(fresh(), MORNING + timedelta(days=7), ZONE) == "2026-11-30"
    with pytest.raises(BookError, match="clock"):
        give(fresh(), now=MORNING + timedelta(days=8))


def test_an_older_day_of_a_restored_service_does_not_turn_back() -> None:
    book = learned(give(fresh()), services("2026-11-20", CIVIL=930), "kiosk-1")
    assert book.known_day == DAY
    assert numbers(give(book, 2))[-1] == "2902"


def test_a_refused_number_stays_until_its_day_ends() -> None:
    book = refused(give(give(fresh(), 1), 2), "d1", "again-1")
    assert [one.number for one in book.refused_numbers] == ["2901"]
    same_day = learned(book, services(), "kiosk-1")
    assert same_day == book
    assert [same_day.attempt(d).id for d in same_day.deliveries] == ["again-1", "d2"]
    next_day = learned(book, services("2026-11-24"), "kiosk-1")
    assert (numbers(next_day), next_day.refused) == (["2902"], {})


def test_a_range_that_was_moved_is_followed() -> None:
    moved = msgspec.structs.replace(
        CENTRE.numbering, books=(OfflineBook(kiosk="kiosk-1", first=950, last=960),)
    )
    centre: Centre = msgspec.structs.replace(CENTRE, numbering=moved)
    _, delivery = given(
        give(fresh()), centre, "kiosk-1", unanswered=request(2), delivery="d2", now=MORNING
    )
    assert delivery.number == "2950"


def test_a_kiosk_without_a_range_has_no_book() -> None:
    assert has_pages(CENTRE, "kiosk-1")
    assert not has_pages(CENTRE, "kiosk-2")
    with pytest.raises(BookError, match="kiosk-2"):
        given(fresh(), CENTRE, "kiosk-2", unanswered=request(), delivery="d", now=MORNING)


@every(
    st.lists(
        st.one_of(
            st.tuples(st.just("give"), st.sampled_from(["CIVIL", "CERT"]), st.integers(-3, 3)),
            st.tuples(st.just("settle"), st.integers(0, 40), st.just(0)),
            st.tuples(st.just("learn"), st.integers(-1, 2), st.integers(901, 940)),
        ),
        max_size=40,
    )
)
def test_no_number_is_ever_given_twice_for_a_day(steps: list[tuple[str, object, int]]) -> None:
    book, seen = fresh(), set()
    for index, (what, subject, extra) in enumerate(steps):
        if what == "give":
            now = MORNING + timedelta(days=extra)
            try:
                book = give(book, index, str(subject), now)
            except BookError:
                continue
            last = book.deliveries[-1]
            assert (last.business_day, last.number) not in seen
            assert (last.business_day or "") >= book.known_day
            seen.add((last.business_day, last.number))
        elif what == "settle" and book.deliveries:
            book = without(book, book.deliveries[int(str(subject)) % len(book.deliveries)].id)
        elif what == "learn":
            day = (MORNING + timedelta(days=int(str(subject)))).date().isoformat()
            book = learned(book, services(day, CIVIL=extra), "kiosk-1")
