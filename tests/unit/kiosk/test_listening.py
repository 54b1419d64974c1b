from datetime import UTC, datetime, timedelta

from msgspec import structs

from bus.states import ConfigState, HelpCall, ServicesState, ServiceState
from kiosk.listening import lasting

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
CONFIG = ConfigState(epoch="E", rev=7, at=NOW, version=3, centre={"a": 1})
CIVIL = ServiceState(service="CIVIL", open=True, waiting=4, wait_min=(5, 10))
SERVICES = ServicesState(epoch="E", rev=8, at=NOW, business_day="2026-11-23", services=(CIVIL,))


def test_what_changes_with_every_ticket_is_not_kept() -> None:
    later = structs.replace(
        SERVICES,
        rev=9,
        at=NOW + timedelta(minutes=1),
        services=(structs.replace(CIVIL, waiting=5, wait_min=None),),
        help=(HelpCall(place="Máy lấy số", since=NOW),),
    )
    assert lasting(CONFIG, later) == lasting(CONFIG, SERVICES)


def test_what_is_open_is_kept() -> None:
    closed = structs.replace(SERVICES, services=(structs.replace(CIVIL, open=False, why="full"),))
    assert lasting(CONFIG, closed) != lasting(CONFIG, SERVICES)
    assert not lasting(CONFIG, closed).services.services[0].open
