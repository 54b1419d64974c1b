# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py
"""The page "Quầy" without script: who may open it, what is pressed, and what is not done."""

import html
import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from bus.codec import encode
from bus.commands import AnyCommand, CallNext, CallTicket, Reply, decode_command
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.states import CounterState, State
from bus.topics import Topics
from bus.vocabulary import CurrentTo, Error
from provisioning.accounts import Role

TOPICS = Topics("nhi-chieu")
WAIT_S = 30.0


class Service:
    """Answers what pages ask, with an error when it is given one, and not at all when told so."""

    def __init__(self, bus: MemoryBus) -> None:
        self.heard: list[AnyCommand] = []
        self.error: Error | None = None
        self.silent = False
        self._bus = bus
        bus.subscribe(TOPICS.command("web"), self._take)

    def _take(self, message: Incoming) -> None:
        command = decode_command(message.payload)
        self.heard.append(command)
        if not self.silent:
            reply = Reply(id=command.id, ok=self.error is None, error=self.error)
            self._bus.publish(TOPICS.reply("web"), encode(reply))


class Browser:
    """Somebody's browser without script."""

    def __init__(self, address: tuple[str, int], cookie: str) -> None:
        self._address = address
        self._cookie = cookie
        self.page = ""

    def ask(self, method: str, target: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        with closing(HTTPConnection(*self._address, timeout=WAIT_S)) as connection:
            sent = {"Cookie": self._cookie, **headers}
            if body:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, target, body or None, sent)
            with connection.getresponse() as response:
                text = response.read().decode()
                return response.status, response.getheader("Location", ""), text

    def open(self, target: str = "/counter/3") -> int:
        status, _, self.page = self.ask("GET", target)
        return status

    def fields(self) -> dict[str, str]:
        """Return the hidden fields of the form that presses are sent with."""
        form = self.page.partition('<form id="press"')[2].partition("</form>")[0]
        return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))

    def value(self, name: str) -> str:
        """Return what a button sends; it must be there."""
        found = re.search(rf'name="press" value="({re.escape(name)}~\w*)"', self.page)
        assert found, f"no {name}: {self.page}"
        return html.unescape(found[1])

    def press(self, name: str, *, follow: bool = True, **more: str) -> tuple[int, str]:
        """Press a button as the page shows it, and see what comes of it."""
        fields = {**self.fields(), "press": self.value(name), **more}
        status, location, _ = self.ask("POST", "/counter/3/press", urlencode(fields))
        if follow:
            assert status == 303
            self.open(location)
        return status, location

    def press_once_settled(self, name: str, taken: Callable[[], object]) -> None:
        """Press until it is taken: what has just opened takes no press for a moment."""
        deadline = time.monotonic() + WAIT_S
        while not taken():
            assert time.monotonic() < deadline, self.page
            self.press(name)


@pytest.fixture
def service(service_bus: MemoryBus) -> Service:
    return Service(service_bus)


@pytest.fixture
def browser_of(
    server: object, listener: socket.socket, log_in: Callable[..., str]
) -> Callable[..., Browser]:
    """Open the browser of somebody of a role; officers have counter 3."""
    del server

    def browser_of(role: Role = Role.OFFICER, account: str = "") -> Browser:
        host, port = listener.getsockname()[:2]
        return Browser((host, port), log_in(role, account))

    return browser_of


@pytest.fixture
def shows(
    publish: Callable[[State], None], browser_of: Callable[..., Browser]
) -> Callable[..., Browser]:
    """Publish a state of counter 3 and return a browser that shows it."""
    served = count(100)

    def shows(state: CounterState, browser: Browser | None = None) -> Browser:
        number = next(served)
        publish(msgspec.structs.replace(state, rev=number, served_today=number))
        browser = browser or browser_of()
        deadline = time.monotonic() + WAIT_S
        while browser.open() != 200 or f"{number} lượt" not in browser.page:
            assert time.monotonic() < deadline, browser.page
            threading.Event().wait(0.02)
        return browser

    return shows


@pytest.mark.parametrize(
    ("role", "counter", "status"),
    [
        (Role.OFFICER, 3, 200),
        (Role.OFFICER, 4, 403),
        (Role.MANAGER, 4, 403),
        (Role.ADMINISTRATOR, 4, 200),
        (Role.ADMINISTRATOR, 77, 404),
    ],
)
def test_an_account_opens_its_counters_and_an_administrator_all(
    shows: Callable[..., Browser],
    browser_of: Callable[..., Browser],
    scene: Any,
    role: Role,
    counter: int,
    status: int,
) -> None:
    shows(scene.state())
    browser = browser_of(role)
    for place in ("", "/small"):
        assert browser.open(f"/counter/{counter}{place}") == status
    assert browser.open("/counter") == 200
    assert ("/counter/4" in browser.page) is (role is Role.ADMINISTRATOR)


def test_a_press_is_a_command_in_the_officers_name(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    browser = shows(scene.state(), shows(scene.state()))
    browser.press("primary")
    (heard,) = service.heard
    assert isinstance(heard, CallNext)
    assert (heard.counter, heard.current, heard.current_to) == (3, "T1017", CurrentTo.FINISH)
    assert heard.by == "officer"
    assert heard.expires_at
    assert heard.expires_at > heard.ts


def test_what_is_sent_twice_is_done_once(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    browser = shows(scene.state(current=scene.choosing()))
    for _ in range(3):
        assert browser.press("recall", follow=False)[0] == 303
    assert len(service.heard) == 1


def test_a_press_whose_meaning_has_changed_is_not_taken(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    browser, other = shows(scene.state()), shows(scene.state())
    following = scene.current(ticket="T1018", number="1018")
    shows(scene.state(current=following), other)
    browser.press("primary")
    assert not service.heard
    assert "Số ở quầy vừa thay đổi" in browser.page


def test_a_press_that_comes_late_is_never_done(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    browser = shows(scene.state())
    late = str(round((time.monotonic() - 4.5) * 1000))
    assert browser.press("primary", follow=False, pressed=late)[0] == 409
    assert not service.heard
    now = str(round(time.monotonic() * 1000))
    assert browser.press("primary", follow=False, pressed=now)[0] == 303
    assert len(service.heard) == 1


def test_a_press_that_nobody_answers_is_given_up_and_said(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    service.silent = True
    browser = shows(scene.state())
    browser.press("primary")
    assert "Chưa gửi được. Xin bấm lại." in browser.page
    assert len({command.id for command in service.heard}) == 1


def test_a_refusal_is_said(shows: Callable[..., Browser], service: Service, scene: Any) -> None:
    service.error = Error.STALE
    browser = shows(scene.state())
    browser.press("primary")
    assert "Số ở quầy vừa thay đổi. Xin xem lại rồi bấm tiếp." in browser.page


def test_a_sheet_opens_and_leads_on_without_script(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    browser = shows(scene.state())
    browser.press("row:T2005")
    assert "Số 2005" in browser.page
    assert " inert" in browser.page
    browser.press_once_settled("choose:0", lambda: service.heard)
    (heard,) = service.heard
    assert isinstance(heard, CallTicket)
    assert heard.ticket == "T2005"
    assert 'id="sheet-title"' not in browser.page


def test_a_row_is_called_at_once_where_nobody_is_served(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    shows(scene.idle()).press("call:T2005")
    (heard,) = service.heard
    assert isinstance(heard, CallTicket)
    assert (heard.current, heard.ticket) == (None, "T2005")


def test_a_row_asks_first_where_somebody_is_served(
    shows: Callable[..., Browser], service: Service, scene: Any
) -> None:
    browser = shows(scene.state())
    browser.press("call:T2005")
    assert not service.heard
    assert "số 1017 tính là xong" in browser.page


def test_a_number_is_typed(shows: Callable[..., Browser], service: Service, scene: Any) -> None:
    browser = shows(scene.idle())
    browser.press("more")
    index = re.findall(r'value="(choose:\d+)~\w+"[^>]*><span>Gọi một số…', browser.page)[0]
    browser.press_once_settled(index, lambda: 'name="number"' in browser.page)
    assert "noscript" not in browser.page, "the page must not load itself while one types"
    browser.press("number", number=" 2005 ")
    (heard,) = service.heard
    assert isinstance(heard, CallTicket)
    assert heard.number == "2005"


@pytest.mark.parametrize(
    "press", ["", "~", "primary", "choose:999999~", "choose:x~", "tab:nothing~", "row:../..~", "§~"]
)
def test_nonsense_is_no_press(
    shows: Callable[..., Browser], service: Service, scene: Any, press: str
) -> None:
    browser = shows(scene.state())
    fields = {**browser.fields(), "press": press}
    assert browser.ask("POST", "/counter/3/press", urlencode(fields))[0] == 303
    assert not service.heard


def test_a_page_belongs_to_its_session(
    shows: Callable[..., Browser], browser_of: Callable[..., Browser], service: Service, scene: Any
) -> None:
    browser, other = shows(scene.state()), browser_of(Role.OFFICER, "another")
    other.open()
    fields = {
        **browser.fields(),
        "_csrf": other.fields()["_csrf"],
        "press": browser.value("primary"),
    }
    sent = other.ask("POST", "/counter/3/press", urlencode(fields), Accept="application/json")
    assert sent[0] == 410
    assert other.ask("POST", "/counter/3/press", urlencode(fields))[:2] == (303, "/counter/3")
    told = other.ask("GET", f"/counter/3/events?page={browser.fields()['page']}")[2]
    assert "event: gone" in told
    assert not service.heard


@pytest.mark.full
def test_lists_are_chosen_for_each_page_alone(shows: Callable[..., Browser], scene: Any) -> None:
    browser, other = shows(scene.state()), shows(scene.state())
    browser.press("tab:absent")
    assert "late:T1011" in browser.page
    assert "late:T1011" not in other.page
    other.press("tab:parked")
    assert "row:T2001" in other.page
