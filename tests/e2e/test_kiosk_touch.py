"""The kiosk's own screen, touched, over a real Mosquitto, the real service and a printer."""

import json
import time
from contextlib import ExitStack

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage

from bus.broker import mosquitto_program
from bus.commands import (
    AppliedConfig,
    ApplyConfig,
    CalledTicket,
    CallNext,
    OpenCounter,
    result_of,
)
from bus.health import KioskHealth, health_as
from config.load import centre_to_wire, load_centre
from config.settings import Text
from hall.citizen.session import Page
from tests.e2e.booth import DAY, Booth, Centre

pytestmark = pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")


def test_ten_touches_are_ten_tickets_and_ten_papers(centre: Centre, ending: ExitStack) -> None:
    centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    services = ["CIVIL", "CERT", "LAND", "CIVIL", "TAX", "SI", "CIVIL", "PICK", "SOC", "ECON"]
    taken = [booth.take(service) for service in services]
    assert taken == [
        "2001", "1001", "5001", "2002", "6001", "7001", "2003", "8001", "3001", "4001",
    ]  # fmt: skip
    assert centre.papers() == sorted(taken)
    centre.until(lambda: centre.waiting() == 10)
    paper = QImage(str(centre.data / "paper/kiosk-1" / DAY / "2001.png"))
    assert paper.width() == 576
    assert printer(centre) == "ready"
    booth.finger.touch("large")
    centre.until(lambda: booth.kiosk.session.sight.large)
    assert booth.take("CIVIL") == "2004"
    large = QImage(str(centre.data / "paper/kiosk-1" / DAY / "2004.png"))
    assert large.height() > 1.2 * paper.height()


def test_a_wrong_choice_leaves_the_line(centre: Centre, ending: ExitStack) -> None:
    centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    booth.finger.touch("service-CIVIL")
    centre.until(lambda: booth.kiosk.session.page is Page.TICKET)
    centre.until(lambda: centre.waiting() == 1)
    booth.finger.touch("askVoid")
    booth.finger.touch("void")
    centre.until(lambda: booth.kiosk.session.page is Page.NOTICE)
    centre.until(lambda: centre.waiting() == 0)


def test_numbers_go_on_while_the_service_is_dead(centre: Centre, ending: ExitStack) -> None:
    service = centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    assert booth.take("CIVIL") == "2001"
    service.kill()
    service.wait(10)
    began = time.monotonic()
    assert booth.take("CIVIL") == "2901"
    assert time.monotonic() - began < 4
    assert booth.take("LAND") == "5901"
    assert centre.papers() == ["2001", "2901", "5901"]
    centre.until(lambda: not centre.online("service"))
    centre.start("queue_service", "service")
    book = centre.data / "kiosk" / "kiosk-1.book.json"
    centre.until(lambda: json.loads(book.read_bytes())["content"]["deliveries"] == [])
    centre.until(lambda: centre.waiting() == 3)
    centre.until(lambda: centre.services is not None and len(centre.services.books) == 2)
    assert centre.services is not None
    marks = {(mark.service, mark.highest) for mark in centre.services.books}
    assert marks == {("CIVIL", 901), ("LAND", 901)}
    assert booth.take("CIVIL") == "2002"


def test_a_changed_service_is_on_its_tile_at_once_and_its_line_keeps_its_terms(
    centre: Centre, ending: ExitStack
) -> None:
    centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    web = centre.link("web", "web")
    web.start()
    ending.callback(web.stop)
    desk = centre.link("counter-7", "counter")
    desk.start()
    ending.callback(desk.stop)
    first = booth.take("CERT")
    before = load_centre()
    services = list(before.services)
    services[0] = replace(services[0], name=Text(vi="Sao y, chứng thực", en="Certified copies"))
    counters = [
        replace(counter, serves={c: m for c, m in counter.serves.items() if c != "CERT"})
        for counter in before.counters
    ]
    counters[0] = replace(counters[0], serves={"PICK": 0})
    counters[6] = replace(counters[6], serves={"TAX": 0, "CERT": 0})
    after = replace(before, services=tuple(services), counters=tuple(counters))
    reply = centre.ask(web, ApplyConfig(version=1, centre=centre_to_wire(after), by="ha"))
    assert reply.ok, reply
    centre.until(lambda: "Sao y, chứng thực" in names(booth))
    second = booth.take("CERT")
    assert (first, second) == ("1001", "1002")
    assert centre.ask(desk, OpenCounter(counter=7)).ok
    called = centre.ask(desk, CallNext(counter=7))
    assert called.ok, called
    assert result_of(called, CalledTicket).number == first
    centre.until(lambda: centre.called() == [(first, 7)])
    back = centre.ask(web, ApplyConfig(version=2, centre=centre_to_wire(before), by="ha"))
    assert back.ok, back
    assert result_of(back, AppliedConfig).version == 3
    centre.until(lambda: before.services[0].name.vi in names(booth))
    assert centre.waiting() == 1


def names(booth: Booth) -> list[str]:
    """Return what stands on the tiles."""
    return [tile.name for tile in booth.kiosk.offer.tiles]


def test_the_process_starts_says_how_it_is_and_ends(centre: Centre) -> None:
    centre.start("queue_service", "service")
    kiosk = centre.start("kiosk", "kiosk-1")
    centre.until(lambda: printer(centre) == "ready")
    kiosk.terminate()
    assert kiosk.wait(5) == 0, (centre.data / "kiosk-1.log").read_text()
    centre.until(lambda: not centre.online("kiosk-1"))
    log = (centre.data / "kiosk-1.log").read_text()
    assert "WARNING" not in log, log
    assert "Traceback" not in log, log


def printer(centre: Centre) -> str:
    """Return the state of the printer that citizens meet."""
    return health_as(KioskHealth, centre.statuses["kiosk-1"].health).printer
