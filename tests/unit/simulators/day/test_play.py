"""Whole days against the real service, in one process and very fast."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.errors import ApplianceError
from bus.commands import IssueTicket, Reply
from bus.memory import MemoryBroker, MemoryBus
from bus.session import ServiceClock, Session, at_once, new_id
from bus.topics import Topics
from config import Clock, load_centre
from queue_service.service import Service
from queue_service.start import Place, open_service
from simulators.day.command import day_clock
from simulators.day.history import End
from simulators.day.play import Moment, Play, Script, Tell, hear_centre
from wait_log.dialects import store_url
from wait_log.reader import open_reader

DEVICES = ("service", *(device.id for device in load_centre().devices))

MORNING = datetime(2026, 11, 22, 23, 55, tzinfo=UTC)
SPEED = 6000.0

swiftly = pytest.mark.parametrize("hall", [24_000.0], indirect=True)


class Hall:
    """A broker in memory and the real service, which can be stopped and started again."""

    def __init__(self, data: Path, speed: float) -> None:
        self.clock = Clock.starting(MORNING, speed)
        self.broker = MemoryBroker()
        self._place = Place(data, self.clock, "boot", new_id)
        self._service: Service | None = None

    def link(self, device: str, kind: str = "simulate", *, presence: bool = False) -> Session:
        return Session(
            MemoryBus(self.broker, f"{device}-{kind}"),
            Topics("nhi-chieu"),
            device,
            kind,
            clock=ServiceClock(self.clock.now, self.clock.monotonic),
            real=time.monotonic,
            deliver=at_once,
            new_id=new_id,
            presence=presence,
        )

    def start(self) -> None:
        link = self.link("service", "service", presence=True)
        self._service = open_service(self._place, load_centre(), link, always_open=True)
        self._service.start()

    def stop(self) -> None:
        if self._service:
            self._service.stop()
            self._service = None

    def play(self, script: Script, tell: Tell = lambda _moment: None) -> Play:
        centre = hear_centre(self.link("board-1"), 5.0)
        play = Play(centre, self.link, day_clock(centre, self.clock, None), script)
        play.run(tell)
        self.centre = centre
        return play


@pytest.fixture(params=[SPEED])
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hall]:
    hall = Hall(tmp_path, request.param)
    hall.start()
    yield hall
    hall.stop()


def test_a_day_ends_with_everybody_served_and_every_counter_closed(
    hall: Hall, tmp_path: Path
) -> None:
    moments: list[Moment] = []
    play = hall.play(Script(seed=1, tickets=30), moments.append)
    history = play.history
    assert history.problems(hall.centre) == []
    assert len({record.number for record in history.tickets.values()}) == 30
    served = [record for record in history.tickets.values() if record.end is End.FINISHED]
    assert len(served) >= 20
    assert all(record.called_at and record.counter for record in served)
    assert (moments[-1].issued, moments[-1].gone) == (30, 0)
    kinds = _logged(tmp_path)
    assert kinds["ticket_issued"] == kinds["print_requested"] == 30
    assert kinds["ticket_parked"] > 0
    assert 0 < kinds["with an outcome"] < kinds["ticket_finished"]
    assert kinds["counter_paused"] > 0
    assert kinds["counter_closed"] >= 9


@swiftly
def test_no_client_of_the_play_touches_a_devices_status_nor_prints_unasked(
    hall: Hall, tmp_path: Path
) -> None:
    heard: list[str] = []
    listener = hall.link("web", "listener")
    listener.follow_devices(DEVICES, lambda device, _status: heard.append(device))
    listener.start()
    hall.play(Script(seed=2, tickets=3, on_paper=False))
    listener.stop()
    assert set(heard) == {"service"}
    assert "print_requested" not in _logged(tmp_path)


def test_a_service_that_starts_again_loses_nobody(hall: Hall, expected_warnings: list[str]) -> None:
    expected_warnings.append("service")
    restarts: list[float] = []

    def interrupt(moment: Moment) -> None:
        if moment.issued >= 6 and not restarts:
            restarts.append(moment.day_s)
            hall.stop()
            hall.start()

    play = hall.play(Script(seed=3, tickets=20), interrupt)
    assert restarts
    assert play.history.problems(hall.centre) == []
    assert len(play.history.tickets) == 20


@swiftly
def test_a_persons_ticket_is_served_too(hall: Hall) -> None:
    replies: list[Reply] = []
    kiosk = hall.link("kiosk-1", "person")
    kiosk.start()
    command = IssueTicket(id=new_id(), ts=kiosk.now(), service="TAX")
    kiosk.ask(command, replies.append)
    play = hall.play(Script(seed=4, tickets=4))
    kiosk.stop()
    assert replies[0].ok
    assert play.history.problems(hall.centre) == []


@swiftly
def test_a_service_that_is_not_there_is_said(hall: Hall) -> None:
    hall.stop()
    with pytest.raises(ApplianceError, match="does not answer"):
        hear_centre(hall.link("board-1"), 0.3)


def _logged(data: Path) -> dict[str, int]:
    reader = open_reader(store_url(data), "nhi-chieu")
    kinds: dict[str, int] = {}
    for event in reader.events():
        kinds[event.kind] = kinds.get(event.kind, 0) + 1
        if b'"outcome":"re' in (event.body or b""):
            kinds["with an outcome"] = kinds.get("with an outcome", 0) + 1
    reader.close()
    return kinds
