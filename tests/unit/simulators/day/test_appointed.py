"""A played day in which some have appointments, against the real service and counted again."""

import random
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bus.memory import MemoryBroker, MemoryBus
from bus.session import ServiceClock, Session, at_once, new_id
from bus.topics import Topics
from config import Centre, Clock, load_centre
from queue_service.start import Place, open_engine, open_service
from queue_service.verify import verify
from simulators.day.appointed import Manner
from simulators.day.command import day_clock
from simulators.day.day import draw_day, usual_business
from simulators.day.play import Play, Script, hear_centre, who_has_one
from wait_log.dialects import store_url
from wait_log.figures import Selection, figures
from wait_log.figures.appointments import whole
from wait_log.periods import Period
from wait_log.reader import open_reader

MORNING = datetime(2026, 11, 22, 23, 55, tzinfo=UTC)
DAY = date(2026, 11, 23)
SPEED = 900.0


@pytest.fixture
def centre() -> Centre:
    centre = load_centre()
    hours = ("08:00-11:00", "14:00-16:00")
    services = tuple(
        replace(service, appointment_hours=hours, appointment_min=10, appointment_seats=3)
        if service.code in {"CERT", "LAND", "CIVIL"}
        else service
        for service in centre.services
    )
    return replace(centre, services=services)


def test_days_without_appointments_are_as_they_were(centre: Centre) -> None:
    businesses = {s.code: usual_business(s.code, s.mean_service_min) for s in centre.services}
    visits = draw_day(random.Random(3), 200, businesses)
    script = Script(seed=3, tickets=200)
    assert who_has_one(load_centre(), visits, script, 1.0) == []
    assert who_has_one(centre, visits, script, 2.0) == []
    some = who_has_one(centre, visits, script, 1.0)
    assert 20 < len(some) < 100
    assert {visit.service for visit in some} == {"CERT", "LAND", "CIVIL"}
    assert some == who_has_one(centre, visits, script, 1.0)


@pytest.mark.full
def test_a_day_with_appointments_is_counted_as_the_kiosk_was_answered(
    centre: Centre, tmp_path: Path
) -> None:
    clock, broker = Clock.starting(MORNING, SPEED), MemoryBroker()

    def link(device: str, kind: str = "simulate", *, presence: bool = False) -> Session:
        return Session(
            MemoryBus(broker, f"{device}-{kind}"),
            Topics("nhi-chieu"),
            device,
            kind,
            clock=ServiceClock(clock.now, clock.monotonic),
            real=time.monotonic,
            deliver=at_once,
            new_id=new_id,
            presence=presence,
        )

    service = open_service(
        Place(tmp_path, clock, "boot", new_id),
        centre,
        link("service", "service", presence=True),
        always_open=True,
    )
    service.start()
    heard = hear_centre(link("board-1"), 30.0)
    play = Play(heard, link, day_clock(heard, clock, None), Script(seed=5, tickets=160))
    play.run(lambda _moment: None)
    service.stop()
    assert play.history.problems(heard) == []

    later = Clock.starting(MORNING + timedelta(days=1), 1.0)
    engine = open_engine(Place(tmp_path, later, "boot-2", new_id), centre)
    engine.open_day_if_due()  # whoever has not come by now has missed it
    engine.ledger.store.close()

    came = play.appointed.came
    assert came[Manner.EARLY] > 0
    assert came[Manner.LATE] > 0
    assert came[Manner.STAYS_AWAY] > 0
    with open_reader(store_url(tmp_path), centre.identity.site) as reader:
        assert verify(reader).problems == ()
        found = figures(reader, Selection(Period(DAY, DAY)), centre)
        rows = reader.appointments(DAY.isoformat(), DAY.isoformat())
        tickets = reader.tickets(DAY.isoformat())
    told = whole(found.appointments)
    assert (told.early, told.in_time, told.late) == (
        came[Manner.EARLY],
        came[Manner.IN_TIME],
        came[Manner.LATE],
    )
    assert (told.missed, told.cancelled, told.expected) == (came[Manner.STAYS_AWAY], 0, 0)
    assert told.booked == sum(came.values()) == len(rows)
    assert found.tally.appointments == told.early + told.in_time
    again = Counter(  # from the tickets, which the figures do not read
        "late"
        if tickets[row.ticket].ticket_class != "appointment"
        else "early"
        if tickets[row.ticket].issued_us < row.at_us
        else "in_time"
        for row in rows
        if row.ticket
    )
    assert again == {"early": told.early, "in_time": told.in_time, "late": told.late}
