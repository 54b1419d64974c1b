"""What phones may ask for: a page by its code, an end of the wait, and that they came at all."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from socket import socket
from urllib.parse import urlencode

import msgspec
import pytest

from bus.codec import encode
from bus.commands import MAX_CONFIG_BYTES, AnyCommand, ApplyConfig, Reply, decode_command
from bus.memory import MemoryBus
from bus.paper_code import code_of
from bus.port import Incoming
from bus.session import ServiceClock, Session
from bus.states import ConfigState, ServicesState, State
from bus.topics import Topics
from bus.vocabulary import Error
from config import Centre, centre_to_wire
from provisioning.site_db import SiteDb
from web.site import Sources

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
TOPICS = Topics("nhi-chieu")
SECURE = "https://so.nhichieu.vn"
Ask = Callable[..., tuple[int, str, str]]
AddTickets = Callable[..., None]
Publish = Callable[[State], None]


class Service:
    """Answers phones and administrators; what it was asked is kept."""

    def __init__(self, bus: MemoryBus) -> None:
        self.heard: list[AnyCommand] = []
        self.error: Error | None = None
        self._bus = bus
        for device in ("web", "web-public"):
            bus.subscribe(TOPICS.command(device), self._take)

    def _take(self, message: Incoming) -> None:
        command = decode_command(message.payload, MAX_CONFIG_BYTES)
        self.heard.append(command)
        result = {"version": 2} if isinstance(command, ApplyConfig) else None
        reply = Reply(id=command.id, ok=not self.error, error=self.error, result=result)
        device = message.topic.rpartition("/")[2]
        self._bus.publish(TOPICS.reply(device), encode(reply))


@pytest.fixture
def service(service_bus: MemoryBus) -> Service:
    return Service(service_bus)


@pytest.fixture
def trust() -> list[str]:
    """Return the addresses that every phone trusts."""
    return []


@pytest.fixture
def sources(sources: Sources, service_bus: MemoryBus, trust: list[str]) -> Sources:
    ids = count(1)
    link = Session(
        MemoryBus(service_bus._broker, "web-public-web"),
        TOPICS,
        "web-public",
        "web-public",
        clock=ServiceClock(sources.clock.now, time.monotonic),
        real=time.monotonic,
        deliver=sources.owner,
        new_id=lambda: f"phone-{next(ids)}",
        presence=False,
    )

    async def trusted(url: str) -> bool:
        return url in trust

    return replace(sources, phones_link=link, check_trust=trusted)


@pytest.fixture
def ask(server: object, board_listener: socket) -> Ask:
    """Ask the public listener by a name; return status, text and where it leads."""
    assert server

    def ask(target: str, host: str = "10.0.0.5", **fields: str) -> tuple[int, str, str]:
        headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
        origin = fields.pop("origin", "")
        headers |= {"Origin": origin} if origin else {}
        address, port = board_listener.getsockname()
        with closing(HTTPConnection(address, port, timeout=60)) as connection:
            body = urlencode(fields) if fields else None
            connection.request("POST" if fields else "GET", target, body, headers)
            answer = connection.getresponse()
            assert answer.getheader("Set-Cookie") is None
            return answer.status, answer.read().decode(), answer.getheader("Location", "")

    return ask


@pytest.fixture
def centre_is(service_bus: MemoryBus, centre: Centre, ask: Ask) -> Callable[..., None]:
    """Have the centre's identity changed, and wait until the pages have heard of it."""
    revs = count(2)

    def centre_is(**identity: object) -> None:
        changed = msgspec.structs.replace(centre.identity, **identity)
        rev = next(revs)
        state = ConfigState(
            epoch="E",
            rev=rev,
            at=NOW,
            version=rev,
            centre=centre_to_wire(msgspec.structs.replace(centre, identity=changed)),
        )
        service_bus.publish(TOPICS.config(), encode(state), retain=True)
        deadline = time.monotonic() + 60
        while str(changed.place.vi) not in ask("/t")[1]:
            assert time.monotonic() < deadline

    return centre_is


def test_number_and_code_lead_to_the_page(
    ask: Ask, add_tickets: AddTickets, publish: Publish, services: ServicesState
) -> None:
    add_tickets({"number": "2005"}, {"number": "2006"})
    publish(services)
    wrong = "000000"
    status, page, _ = ask("/t", number="2005", code=wrong)
    assert status == 422
    assert "Chưa đúng số hoặc mã" in page
    said = ask("/t", number="9999", code=wrong)
    assert said[:2] == (422, page.replace("2005", "9999")), "nobody learns which numbers exist"
    assert ask("/t", number="2005", code=code_of("paper-T0002"))[0] == 422
    status, _, place = ask("/t", number=" 2005", code=code_of("paper-T0001").lower())
    assert (status, place) == (303, "/t/paper-T0001")
    statuses = [ask("/t", number="2006", code=wrong)[0] for _ in range(10)]
    assert statuses == [422] * 8 + [429] * 2
    assert ask("/t", number="2006", code=code_of("paper-T0002"))[0] == 429


def test_over_plain_http_nothing_can_be_cancelled(
    ask: Ask, add_tickets: AddTickets, service: Service, centre_is: Callable[..., None]
) -> None:
    add_tickets({})
    plain = "http://10.0.0.5:8081"
    centre_is(public_url=plain, reached_url=plain, reached_trusted=True)
    assert "hủy số" not in ask("/t/paper-T0001", "10.0.0.5:8081")[1]
    assert ask("/t/paper-T0001/cancel", "10.0.0.5:8081")[0] == 403
    assert ask("/t/paper-T0001/cancel", "10.0.0.5:8081", sure="1")[0] == 403
    assert service.heard == []


def test_a_number_is_given_up_by_who_holds_its_paper(
    ask: Ask, add_tickets: AddTickets, service: Service, centre_is: Callable[..., None]
) -> None:
    add_tickets({})
    centre_is(public_url=SECURE, reached_url=SECURE, reached_trusted=True)
    name = "so.nhichieu.vn"
    deadline = time.monotonic() + 60
    while "hủy số" not in ask("/t/paper-T0001", name)[1]:
        assert time.monotonic() < deadline
    assert "Quý vị muốn hủy số 1001?" in ask("/t/paper-T0001/cancel", name)[1]
    cancel = "/t/paper-T0001/cancel"
    for stranger, host, origin, status in (
        ("/t/paper-T0007/cancel", name, "", 404),
        ("/t/T0001/cancel", name, "", 404),
        (cancel, "10.0.0.5:8081", "", 403),
        (cancel, name, "https://other.example", 403),
    ):
        assert ask(stranger, host, sure="1", origin=origin)[0] == status
    assert service.heard == []
    service.error = Error.NOT_ALLOWED
    assert ask(cancel, name, sure="1")[0] == 409
    service.error = None
    status, _, place = ask(cancel, name, sure="1", origin=SECURE)
    assert (status, place) == (303, "/t/paper-T0001?lang=vi")
    assert [type(command).__name__ for command in service.heard] == ["CancelTicket"] * 2


@pytest.mark.parametrize(
    ("url", "host", "is_trusted", "status", "said"),
    [
        ("http://10.0.0.5:8081", "10.0.0.5:8081", False, 200, "Đã xác nhận"),
        ("http://10.0.0.5:8081", "10.0.0.6:8081", False, 409, "địa chỉ khác"),
        (SECURE, "so.nhichieu.vn", True, 200, "Đã xác nhận"),
        (SECURE, "so.nhichieu.vn", False, 409, "Chứng thư"),
    ],
)
def test_a_phone_says_that_it_came(
    ask: Ask,
    service: Service,
    centre: Centre,
    centre_is: Callable[..., None],
    store_version: Callable[[int, Centre], None],
    send: Callable[..., tuple[int, str, str]],
    trust: list[str],
    site_db: SiteDb,
    url: str,
    host: str,
    is_trusted: bool,
    status: int,
    said: str,
) -> None:
    identity = msgspec.structs.replace(centre.identity, public_url=url)
    store_version(7, msgspec.structs.replace(centre, identity=identity))
    centre_is(public_url=url)
    trust += [url] if is_trusted else []
    deadline = time.monotonic() + 60
    while "Chưa có điện thoại nào mở được" not in send("/settings/phones")[1]:
        assert time.monotonic() < deadline
    assert send("/settings/phones/invite", now="1")[0] == 303
    code = send("/settings/phones")[1].split("/reach/")[1].split("<")[0]
    assert ask("/reach/another", host)[0] == 404
    assert "mở được trang" in ask(f"/reach/{code}", host)[1]
    answer = ask(f"/reach/{code}", host, yes="1")
    assert (answer[0], said in answer[1]) == (status, True)
    applied = [command for command in service.heard if isinstance(command, ApplyConfig)]
    audited = site_db.read("SELECT * FROM audit WHERE action = 'phones_reach'")
    assert len(applied) == len(audited) == (status == 200)
    if applied:
        told = applied[0].centre["identity"]
        assert (told["reached_url"], told["reached_trusted"]) == (url, url == SECURE)
        assert applied[0].by == "administrator"
        assert ask(f"/reach/{code}", host)[0] == 404, "a code is for one phone"
