"""A counter added while the centre runs: its account, the board in a browser, the way back."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from appliance.connection import Connection, read_connection
from bus.commands import (
    AppliedConfig,
    ApplyConfig,
    Command,
    IssueTicket,
    OpenCounter,
    Reply,
    result_of,
)
from bus.session import Session, at_once, connect
from config import Clock, Role, Text, centre_to_wire, load_centre
from config.settings import Counter, KnownDevice

RunCentre = Callable[..., Connection]
WITHIN_S = 60.0


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def join(connection: Connection, device: str, ending: ExitStack) -> Session:
    clock = Clock.starting(None, 1.0)
    link = connect(
        connection.account(device, "test"),
        connection.site,
        device.rpartition("-")[0] or device,
        now=clock.now,
        monotonic=clock.monotonic,
        deliver=at_once,
        presence=False,
    )
    link.start()
    ending.callback(link.stop)
    return link


def ask(link: Session, command: Command) -> Reply:
    replies: queue.Queue[Reply] = queue.Queue()
    link.ask(command, replies.put, WITHIN_S)
    return replies.get(timeout=WITHIN_S)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


def board_says(connection: Connection, wanted: str) -> bool:
    """Return whether the board's page, as a TV opens it now, comes to say `wanted`."""
    page = HTTPConnection(urlsplit(connection.web).netloc, timeout=WITHIN_S)
    try:
        page.request("GET", "/board/events?screen=tv-1")
        answer = page.getresponse()
        text = b""
        while wanted.encode() not in text:
            line = answer.readline()
            text += line
            if not line or len(text) > 200_000:
                return False
        return True
    finally:
        page.close()


def test_a_counter_is_added_live_and_taken_back(
    run_centre: RunCentre, tmp_path: Path, ending: ExitStack, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker link lost client=counter-12-test")
    connection = run_centre("--always-open")
    web = join(connection, "web", ending)
    kiosk = join(connection, "kiosk-1", ending)
    ticket = ask(kiosk, IssueTicket(service="CERT"))
    assert ticket.ok, ticket
    before = load_centre()
    services = (replace(before.services[0], name=Text(vi="Sao y lưu động", en="Copies")),)
    after = replace(
        before,
        services=services + before.services[1:],
        counters=(*before.counters, Counter(number=12, serves={"CERT": 0})),
        devices=(
            *before.devices,
            KnownDevice(id="counter-12", role=Role.COUNTER, counters=(12,)),
        ),
    )
    applied = ask(web, ApplyConfig(version=1, centre=centre_to_wire(after), by="ha"))
    assert applied.ok, applied
    wait_until(lambda: "counter-12" in read_connection(tmp_path / "data").devices)
    assert board_says(connection, "Sao y lưu động")
    now_known = read_connection(tmp_path / "data")
    assert now_known.devices["web"] == connection.devices["web"]
    desk = join(now_known, "counter-12", ending)
    assert ask(desk, OpenCounter(counter=12)).ok
    back = ask(web, ApplyConfig(version=2, centre=centre_to_wire(before), by="ha"))
    assert back.ok, back
    assert result_of(back, AppliedConfig).version == 3
    wait_until(lambda: "counter-12" not in read_connection(tmp_path / "data").devices)
    assert board_says(connection, before.services[0].name.vi)
