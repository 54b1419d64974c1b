from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bus.vocabulary import WhyClosed
from queue_service.domain.hours import Standing, serving, standing
from queue_service.domain.rules import Rules, Span
from queue_service.domain.values import ServiceCode

A = ServiceCode("A")


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "why", "changes"),
    [
        ("2026-11-23T06:59:59", WhyClosed.HOURS, "2026-11-23T07:00"),
        ("2026-11-23T07:00", None, "2026-11-23T11:15"),
        ("2026-11-23T11:14:59", None, "2026-11-23T11:15"),
        ("2026-11-23T11:15", WhyClosed.LAST_TICKET, "2026-11-23T13:00"),
        ("2026-11-23T11:30", WhyClosed.HOURS, "2026-11-23T13:00"),
        ("2026-11-23T13:00", None, "2026-11-23T16:45"),
        ("2026-11-23T16:50", WhyClosed.LAST_TICKET, "2026-11-24T07:00"),
        ("2026-11-27T20:00", WhyClosed.HOURS, "2026-11-30T07:00"),
        ("2026-11-25T09:00", WhyClosed.HOLIDAY, "2026-11-26T07:00"),
    ],
)
def test_when_numbers_are_given(rules: Rules, at: str, why: WhyClosed | None, changes: str) -> None:
    hours = replace(rules.hours, holidays=frozenset({date(2026, 11, 25)}))
    rules = replace(rules, hours=hours)
    now = standing(rules, A, local(at))
    assert (now.open, now.why, now.changes_at) == (why is None, why, local(changes))


def test_a_service_may_have_its_own_hours(rules: Rules) -> None:
    own = replace(rules.services[A], issue=(Span(time(8), time(9)),))
    rules = replace(rules, services={A: own})
    assert not standing(rules, A, local("2026-11-23T07:59")).open
    assert standing(rules, A, local("2026-11-23T08:59")).open
    assert standing(rules, A, local("2026-11-23T09:00")).why is WhyClosed.HOURS
    assert standing(rules, A, local("2026-11-28T08:30")).why is WhyClosed.HOURS


def test_always_open(rules: Rules) -> None:
    rules = replace(rules, hours=replace(rules.hours, always_open=True))
    midnight = local("2026-11-29T00:00")
    assert standing(rules, A, midnight).open
    assert serving(rules, midnight).open


def test_a_centre_that_never_opens(rules: Rules) -> None:
    rules = replace(rules, hours=replace(rules.hours, week=((),) * 7))
    now = local("2026-11-23T09:00")
    assert standing(rules, A, now).changes_at is None
    assert (serving(rules, now).open, serving(rules, now).changes_at) == (False, None)


@pytest.mark.parametrize(
    ("at", "serves", "until"),
    [
        ("2026-11-23T07:10", False, "2026-11-23T07:30"),
        ("2026-11-23T08:00", True, "2026-11-23T11:30"),
        ("2026-11-23T12:00", False, "2026-11-23T13:30"),
        ("2026-11-27T18:00", False, "2026-11-30T07:30"),
    ],
)
def test_when_counters_serve(rules: Rules, at: str, serves: bool, until: str) -> None:
    assert serving(rules, local(at)) == Standing(open=serves, changes_at=local(until))
