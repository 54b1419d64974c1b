"""What an address of the page asks for."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from hall.words import Words
from wait_log.figures import Origin
from wait_log.periods import Period
from web.waits.query import WaitsQuery, period_choices, read_query, shown_days

VI = Words("vi")
TODAY = date(2026, 11, 12)
MONTH = Period(date(2026, 10, 15), date(2026, 11, 14))
BEFORE = Period(date(2026, 9, 15), date(2026, 10, 14))


def read(query: str) -> WaitsQuery:
    params: dict[str, list[str]] = {}
    for name, value in parse_qsl(query):
        params.setdefault(name, []).append(value)
    return read_query(params, TODAY, VI)


@pytest.mark.parametrize(
    ("query", "preset", "period"),
    [
        ("", "month", MONTH),
        ("period=last_month", "last_month", BEFORE),
        ("period=last_today", "last_today", Period(date(2026, 11, 11), date(2026, 11, 11))),
        ("first=2026-11-02&last=2026-11-03", "days", Period(date(2026, 11, 2), date(2026, 11, 3))),
        ("last=2026-11-03", "days", Period(date(2026, 11, 3), date(2026, 11, 3))),
    ],
)
def test_a_period_is_named_or_typed(query: str, preset: str, period: Period) -> None:
    found = read(query)
    assert (found.preset, found.selection.period, found.wrong) == (preset, period, ())


def test_the_form_sends_both_and_what_was_changed_wins() -> None:
    form = f"first=2026-10-15&last=2026-11-14&shown={shown_days(MONTH)}"
    assert read(f"{form}&period=last_month").selection.period == BEFORE
    typed = form.replace("first=2026-10-15", "first=2026-11-01")
    assert read(f"{typed}&period=month").selection.period.first == date(2026, 11, 1)
    assert read(f"{typed}&period=month").preset == "days"


def test_every_name_in_the_form_is_understood() -> None:
    for _, choices in period_choices(read(""), TODAY, VI):
        for choice in choices:
            found = read(f"period={choice.value}")
            assert not found.wrong
            assert choice.value in (found.preset, "days")


def test_an_address_asks_for_the_same_again() -> None:
    query = "first=2026-11-02&last=2026-11-03&service=A%26B&service=CERT&counter=3&class=priority"
    found = read(f"{query}&origin=offline&lunch=0")
    again = read(urlsplit(found.address()).query)
    assert again.selection == found.selection
    assert found.selection.services == {"A&B", "CERT"}
    assert found.selection.origins == {Origin.OFFLINE}
    assert not found.selection.lunch


def test_tickets_of_a_part_keep_the_other_choices() -> None:
    found = read("first=2026-11-02&last=2026-11-03&service=CERT&service=LAND&class=priority")
    day = Period(date(2026, 11, 2), date(2026, 11, 2))
    pairs = parse_qsl(urlsplit(found.tickets(period=day, service="LAND", doubtful="clock")).query)
    assert pairs == [
        ("first", "2026-11-02"),
        ("last", "2026-11-02"),
        ("service", "LAND"),
        ("class", "priority"),
        ("doubtful", "clock"),
    ]


def test_what_is_too_much_is_left_out() -> None:
    found = read("&".join(f"service=S{n}" for n in range(500)) + f"&service={'x' * 5000}")
    assert len(found.selection.services) <= 60
    assert read("counter=٣&counter=100&counter=0").selection.counters == frozenset()
