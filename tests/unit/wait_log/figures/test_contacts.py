"""Second contacts, ways and outcomes from the events of tickets."""

# ruff: noqa: ANN401 - events are told in short

from datetime import date
from typing import Any

import msgspec
import pytest

from wait_log.figures.contacts import Contact, MatterCell, added_up, matter_cells
from wait_log.figures.matters import matter_figures
from wait_log.figures.sheet import kind_of
from wait_log.figures.values import MatterFigures, Origin, Selection
from wait_log.periods import Period

DAY = date(2026, 11, 23)
PRIORITY = kind_of(0, 1, 0)


def events(*told: Any) -> list[Contact]:
    """Return events: second, kind, service, counter, and what else there is to say."""
    found = []
    for step, (second, kind, service, counter, *more) in enumerate(told):
        given: dict[str, Any] = dict(more[0]) if more else {}
        boot = str(given.pop("boot", "boot"))
        contact = Contact(kind, step, int(second * 1e6), second, boot, service, counter, **given)
        found.append(contact)
    return found


def figures_of(*tickets: list[Contact], sure: bool = True) -> MatterFigures:
    contacts = {f"T{index}": one for index, one in enumerate(tickets)}
    cells = matter_cells(DAY, contacts, dict.fromkeys(contacts, (0, sure)))
    return matter_figures(cells, Selection(Period(DAY, DAY))).whole


SECOND = (
    (0, "ticket_called", "CERT", 1),
    (60, "ticket_parked", "CERT", 1),
    (960, "ticket_called", "CERT", 2),
)
TRIP = (
    (0, "ticket_called", "CIVIL", 3),
    (300, "ticket_transferred", "CIVIL", 3, {"back_to": 3}),
    (700, "ticket_called", "LAND", 6),
    (720, "serving_started", "LAND", 6),
    (1320, "ticket_transferred", "LAND", 6, {"came_back": True, "outcome": "received"}),
    (1400, "ticket_called", "CIVIL", 3),
    (1500, "ticket_finished", "CIVIL", 3, {"outcome": "result"}),
)


def test_each_counter_has_the_ends_of_its_own() -> None:
    contacts = {
        "T0": events(*TRIP),
        "T1": events((0, "ticket_called", "LAND", 3), (9, "ticket_finished", "LAND", 3)),
        "T2": events((0, "ticket_called", "LAND", 5), (9, "ticket_absent", "LAND", 5)),
    }
    cells = matter_cells(DAY, contacts, dict.fromkeys(contacts, (0, True)))
    found = matter_figures(cells, Selection(Period(DAY, DAY)))
    ends = dict(found.ends_by_counter)
    assert (ends[3], 5 in ends) == (2, False)
    assert sum(ends.values()) == found.whole.ends


def test_a_second_contact_that_is_the_last_keeps_the_promise() -> None:
    found = figures_of(events(*SECOND, (1000, "ticket_finished", "CERT", 2)))
    assert (found.parked, found.again, found.ended_again) == (1, 1, 1)
    assert (found.away.count, found.away.mean_s) == (1, 900)
    assert (found.ends, found.recorded, found.outcomes) == (1, 0, ())


@pytest.mark.parametrize(
    "after", ["ticket_parked", "ticket_absent", "ticket_transferred", "ticket_returned"]
)
def test_one_that_is_not_the_last_does_not(after: str) -> None:
    found = figures_of(
        events(
            *SECOND,
            (1000, after, "CERT", 2),
            (1100, "ticket_called", "CERT", 2),
            (1200, "ticket_finished", "CERT", 2),
        )
    )
    assert found.again >= 1
    assert found.ended_again == (1 if after == "ticket_parked" else 0)
    assert found.parked == (2 if after == "ticket_parked" else 1)


@pytest.mark.parametrize("end", ["ticket_voided", "ticket_returned", "ticket_transferred"])
def test_who_is_never_called_again_is_counted_as_parked(end: str) -> None:
    found = figures_of(events(*SECOND[:2], (900, end, "CERT", 1), (990, "ticket_called", "X", 1)))
    assert (found.parked, found.again, found.away.count) == (1, 0, 0)


def test_the_end_of_the_day_ends_nothing() -> None:
    closed = (2000, "ticket_finished", "CERT", 2, {"day_closed": True})
    found = figures_of(events(*SECOND, closed))
    assert (found.ends, found.ended_again) == (0, 0)


def test_each_leg_of_a_way_is_measured() -> None:
    found = figures_of(events(*TRIP))
    assert (found.sent, found.back, found.trip.mean_s) == (1, 1, 1100)
    assert (found.leg_waits.count, found.leg_waits.mean_s) == (2, (400 + 80) / 2)
    assert (found.leg_service.count, found.leg_service.mean_s) == (2, (600 + 100) / 2)
    assert (found.ends, found.outcomes) == (2, (("received", 1), ("result", 1)))


def test_contacts_are_of_the_counter_and_service_that_had_them() -> None:
    cells = matter_cells(DAY, {"T": events(*TRIP)}, {"T": (PRIORITY, True)})
    period = Period(DAY, DAY)
    found = matter_figures(cells, Selection(period))
    whole, services = found.whole, found.by_service
    assert [(code, one.outcomes) for code, one in services] == [
        ("CIVIL", (("result", 1),)),
        ("LAND", (("received", 1),)),
    ]
    chosen = matter_figures(cells, Selection(period, counters=frozenset({6}))).whole
    assert (chosen.ends, chosen.leg_waits.mean_s, chosen.sent) == (1, 400, 0)
    nobody = matter_figures(cells, Selection(period, classes=frozenset({"normal"}))).whole
    assert nobody == MatterFigures()
    everyone = matter_figures(cells, Selection(period, classes=frozenset({"priority"}))).whole
    assert everyone == whole
    offline = Selection(period, origins=frozenset({Origin.OFFLINE}))
    assert matter_figures(cells, offline).whole == MatterFigures()


def test_times_without_a_clock_that_vouches_are_counted_but_not_averaged() -> None:
    rebooted = (*SECOND[:2], (10, "ticket_called", "CERT", 2, {"boot": "other"}))
    found = figures_of(events(*rebooted))
    assert (found.again, found.away.count) == (1, 0)
    assert figures_of(events(*SECOND), sure=False).away.count == 0


def test_who_waits_already_goes_on_waiting() -> None:
    """A transfer within the line is no leg: the wait of the first call has it."""
    found = figures_of(
        events((5, "ticket_transferred", "CERT", 1), (60, "ticket_called", "CIVIL", 2))
    )
    assert found.leg_waits.count == 0


def test_days_add_up_and_are_kept() -> None:
    one = matter_cells(DAY, {"T": events(*TRIP)}, {"T": (0, True)})
    other = matter_cells(DAY, {"T": events(*SECOND)}, {"T": (0, True)})
    both = added_up([*one, *other, *one], DAY)
    found = matter_figures(both, Selection(Period(DAY, DAY))).whole
    assert (found.ends, found.parked, found.sent, found.trip.count) == (4, 1, 2, 2)
    kept = msgspec.msgpack.encode(both)
    assert msgspec.msgpack.decode(kept, type=tuple[MatterCell, ...]) == both
    assert one == matter_cells(DAY, {"T": events(*TRIP)}, {"T": (0, True)}), "nothing was changed"


def test_a_ticket_without_a_row_is_left_out() -> None:
    assert matter_cells(DAY, {"T": events(*TRIP)}, {}) == ()


def test_who_is_absent_by_the_clock_is_counted_apart() -> None:
    by_time = (500, "ticket_absent", "CERT", 1, {"by_time": True})
    found = figures_of(events((100, "ticket_called", "CERT", 1), by_time))
    assert found.by_time == 1
    pressed = (500, "ticket_absent", "CERT", 1)
    assert figures_of(events((100, "ticket_called", "CERT", 1), pressed)).by_time == 0
