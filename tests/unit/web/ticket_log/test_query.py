from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bus.vocabulary import TicketState
from config import Centre
from hall.words import Words
from wait_log.figures import Doubt, Origin
from wait_log.periods import Period
from wait_log.ticket_log import IssueHour, PageKey
from web.ticket_log.query import LogQuery, read_query

TODAY = date(2026, 11, 23)
VI = Words("vi")


def _read(address: str, centre: Centre | None = None) -> LogQuery:
    return read_query(parse_qs(address), centre, TODAY, VI)


def test_without_a_word_it_is_today() -> None:
    query = _read("")
    assert query.period == Period(TODAY, TODAY)
    assert (query.start, query.ticket, query.wrong, query.dated) == (None, "", (), False)


def test_all_that_may_be_asked_comes_back_in_the_address() -> None:
    asked = (
        "first=2026-10-15&last=2026-11-14&service=CERT&service=TAX&counter=3&class=priority"
        "&origin=offline&state=void&doubtful=clock&number=1017&weekday=0&hour=8"
    )
    query = _read(asked + "&after=2026-11-02.17000.T1&ticket=T9")
    chosen = query.search.selection
    assert chosen.period == Period(date(2026, 10, 15), date(2026, 11, 14))
    assert (set(chosen.services), set(chosen.counters)) == ({"CERT", "TAX"}, {3})
    assert (set(chosen.classes), set(chosen.origins)) == ({"priority"}, {Origin.OFFLINE})
    assert set(query.search.states) == {TicketState.VOID}
    assert set(query.search.doubts) == {Doubt.CLOCK}
    assert query.search.issued_in == IssueHour(0, 8, timedelta(hours=7))
    assert (query.search.number, query.ticket) == ("1017", "T9")
    assert (query.start, query.newer) == (PageKey("2026-11-02", 17000, "T1"), False)
    again = _read(urlsplit(query.address("T9", query.start)).query)
    assert again == query
    back = _read(urlsplit(query.address(start=query.start, newer=True)).query)
    assert (back.start, back.newer) == (query.start, True)


@pytest.mark.parametrize(
    ("typed", "number", "counters", "services"),
    [
        ("1017", "1017", set(), set()),
        ("a005", "A005", set(), set()),
        ("quầy 3", "", {3}, set()),
        ("Q3", "Q3", set(), set()),
        ("counter 12", "", {12}, set()),
        ("đất đai", "", set(), {"LAND"}),
        ("dat dai", "", set(), {"LAND"}),
        ("civil status", "", set(), {"CIVIL"}),
    ],
)
def test_what_is_typed_is_a_number_a_counter_or_a_service(
    centre: Centre, typed: str, number: str, counters: set[int], services: set[str]
) -> None:
    query = read_query({"find": [typed]}, centre, TODAY, VI)
    assert query.search.number == number
    chosen = query.search.selection
    assert (set(chosen.counters), set(chosen.services)) == (counters, services)
    assert query.wrong == ()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("first=yesterday", "Hai ngày không hợp lệ"),
        ("first=2026-11-30&last=2026-11-01", "Hai ngày không hợp lệ"),
        ("first=0001-01-01&last=9999-12-31", "Hai ngày không hợp lệ"),
        ("counter=100", "Không có quầy “100”"),
        ("counter=%D9%A3", "Không có quầy “٣”"),
        ("number=1%27%20OR%201", "không phải một số thứ tự"),
        ("after=x", "Không rõ trang cần xem"),
        ("after=2026-11-02.99999999999999999999.T", "Không rõ trang cần xem"),
        ("find=gỗ", "Không có số, quầy hay lĩnh vực nào là “gỗ”"),
    ],
)
def test_nonsense_is_said_and_left_out(centre: Centre, address: str, said: str) -> None:
    query = _read(address, centre)
    assert len(query.wrong) == 1
    assert said in query.wrong[0]
    assert query.address() == _read("first=2026-11-23").address()


@pytest.mark.parametrize(
    "address",
    [
        "state=flying&class=royal&origin=moon&doubtful=maybe",
        f"service={'x' * 50}&ticket={'x' * 50}&find={'x' * 50}",
        "service=%00&ticket=%E2%80%AE",
        "&".join(f"counter={number}" for number in range(1, 3)) + "&state=",
    ],
)
def test_what_nobody_knows_asks_for_nothing(address: str) -> None:
    query = _read(address)
    assert query.wrong == ()
    assert query.search.states == frozenset()
    assert query.ticket == ""


def test_doubtful_alone_means_every_doubt() -> None:
    assert _read("doubtful=1").search.doubts == set(Doubt)
    assert _read("doubtful=0").search.doubts == frozenset()


@pytest.mark.parametrize(
    "address", ["weekday=0", "hour=8", "weekday=7&hour=8", "weekday=0&hour=24"]
)
def test_half_an_hour_of_the_week_is_none(address: str) -> None:
    assert _read(address).search.issued_in is None
