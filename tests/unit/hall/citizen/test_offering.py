from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from bus.states import ServicesState, ServiceState
from config import load_centre
from hall.citizen.offering import HallSnapshot, Offer, Reach, Standing, Tile, offer
from hall.citizen.session import PageNotice

CENTRE = load_centre()
NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def services(**states: dict[str, Any]) -> ServicesState:
    every = (
        ServiceState(service=service.code, **states.get(service.code, {"open": True}))
        for service in CENTRE.services
    )
    return ServicesState(epoch="E", rev=1, at=NOW, business_day="2026-11-23", services=tuple(every))


def offered(
    at: datetime = NOW,
    lang: str = "vi",
    *,
    up: bool = True,
    states: dict[str, dict[str, Any]] | None = None,
) -> Offer:
    known = HallSnapshot(
        centre=CENTRE, services=services(**states or {}), service_up=up, has_book=True
    )
    return offer(known, at, lang)


def tile(shown: Offer, code: str) -> Tile:
    found = shown.tile(code)
    assert found is not None
    return found


def test_services_stand_in_their_order_and_guidance_apart() -> None:
    shown = offered()
    assert [t.code for t in shown.tiles] == [
        "CERT", "CIVIL", "SOC", "ECON", "LAND", "TAX", "SI", "PICK",
    ]  # fmt: skip
    assert shown.guidance is not None
    assert shown.guidance.code == "HELP"
    assert (tile(shown, "SI").name, tile(shown, "SI").icon) == ("Bảo hiểm xã hội", "shield-plus")
    assert tile(offered(lang="en"), "SI").name == "Social insurance"
    assert shown.tile("NONE") is None


def test_who_waits_and_how_long() -> None:
    shown = offered(states={"CIVIL": {"open": True, "waiting": 2, "wait_min": (5, 10)}})
    assert tile(shown, "CIVIL").standing is Standing.WAITING
    assert (tile(shown, "CIVIL").waiting, tile(shown, "CIVIL").wait_min) == (2, (5, 10))
    assert tile(shown, "TAX").standing is Standing.NOBODY
    assert tile(shown, "TAX").open


@pytest.mark.parametrize(
    ("why", "standing", "notice", "at"),
    [
        ("paused", Standing.PAUSED, PageNotice.PAUSED, "13:30"),
        ("hours", Standing.CLOSED, PageNotice.CLOSED, "13:30"),
        ("holiday", Standing.CLOSED, PageNotice.CLOSED, "13:30"),
        ("last_ticket", Standing.LAST_TICKET, PageNotice.CLOSED, "13:30"),
        ("full", Standing.FULL, PageNotice.FULL, ""),
    ],
)
def test_a_closed_service_says_why_and_until_when(
    why: str, standing: Standing, notice: PageNotice, at: str
) -> None:
    opens = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    shown = tile(offered(states={"SI": {"open": False, "why": why, "opens_at": opens}}), "SI")
    assert (shown.standing, shown.notice, shown.at) == (standing, notice, at)
    assert not shown.open


def test_a_service_the_state_does_not_name_is_open() -> None:
    empty = msgspec.structs.replace(services(), services=())
    known = HallSnapshot(centre=CENTRE, services=empty, service_up=True)
    assert offer(known, NOW, "vi").tiles[0].standing is Standing.QUIET


def test_a_whole_centre_that_is_closed_says_its_hours() -> None:
    closed: dict[str, dict[str, Any]] = {
        service.code: {"open": False, "why": "hours"} for service in CENTRE.services
    }
    assert offered(NOON, states=closed).closed_hours == "Sáng 7:30–11:30, chiều 13:30–17:00"
    closed["TAX"] = {"open": False, "why": "full"}
    assert offered(NOON, states=closed).closed_hours == ""


def test_without_the_service_the_configured_hours_decide() -> None:
    stale: dict[str, dict[str, Any]] = {
        "CIVIL": {"open": False, "why": "hours", "opens_at": NOW - timedelta(hours=1)}
    }
    assert tile(offered(up=False, states=stale), "CIVIL").standing is Standing.QUIET
    noon = offered(NOON, up=False)
    assert tile(noon, "CIVIL").standing is Standing.CLOSED
    assert tile(noon, "CIVIL").at == "13:00"
    assert noon.closed_hours


def test_without_the_service_a_pause_and_a_full_day_hold() -> None:
    later, before = NOW + timedelta(hours=1), NOW - timedelta(minutes=1)
    shown = offered(
        up=False,
        states={
            "SI": {"open": False, "why": "paused", "opens_at": later},
            "TAX": {"open": False, "why": "paused", "opens_at": before},
            "LAND": {"open": False, "why": "full"},
            "CERT": {"open": True, "waiting": 9, "wait_min": (15, 20)},
        },
    )
    standings = {t.code: t.standing for t in shown.tiles}
    assert standings["SI"] is Standing.PAUSED
    assert standings["TAX"] is Standing.QUIET
    assert standings["LAND"] is Standing.FULL
    assert standings["CERT"] is Standing.QUIET, "nobody can say how many wait"


def test_where_numbers_come_from() -> None:
    assert HallSnapshot().reach is Reach.NOWHERE
    assert HallSnapshot(service_up=True).reach is Reach.NOWHERE
    assert HallSnapshot(centre=CENTRE, service_up=True).reach is Reach.SERVICE
    assert HallSnapshot(centre=CENTRE, has_book=True).reach is Reach.BOOK
    assert HallSnapshot(centre=CENTRE).reach is Reach.NOWHERE
    assert offer(HallSnapshot(centre=CENTRE), NOW, "vi") == Offer()


@pytest.mark.parametrize("up", [True, False])
def test_numbers_of_a_roll_are_not_given_here(up: bool) -> None:
    services_of = tuple(
        msgspec.structs.replace(one, roll_last=899) if one.code == "CERT" else one
        for one in CENTRE.services
    )
    centre = msgspec.structs.replace(CENTRE, services=services_of)
    known = HallSnapshot(centre=centre, services=services(), service_up=up, has_book=True)
    cert = tile(offer(known, NOW, "vi"), "CERT")
    assert (cert.standing, cert.open, cert.notice) == (Standing.ROLL, False, PageNotice.ROLL)
    night = offer(known, NOW.replace(hour=14), "vi")
    assert tile(night, "CERT").standing is Standing.ROLL
    assert bool(night.closed_hours) == (not up)  # a service that is there says itself when it opens
