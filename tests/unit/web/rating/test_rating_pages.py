"""A tablet over a real socket: pairing, the question, and who is refused."""

import re
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from bus.states import CounterState
from bus.vocabulary import Language
from provisioning.accounts import Role
from provisioning.ratings import Face, Ratings, ServedTicket
from provisioning.site_db import SiteDb
from provisioning.tablets import Tablets
from web.rating.door import COOKIE

DAY = "2026-11-23"
THE_DAY = date.fromisoformat(DAY)
WAIT_S = 60.0
MakeCounter = Callable[..., CounterState]
Publish = Callable[[object], None]


@dataclass
class Browser:
    """A browser that keeps its cookie and sends the forms of the page it has."""

    port: int
    cookie: str = ""
    page: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, target: str, body: str = "") -> tuple[int, str]:
        """Ask once; return the status and where it leads."""
        form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)) as connection:
            sent = {"Cookie": self.cookie, **form, **self.headers}
            connection.request(method, target, body or None, sent)
            answer = connection.getresponse()
            self.page = answer.read().decode()
            if came := answer.getheader("Set-Cookie"):
                self.cookie = came.partition(";")[0]
            return answer.status, answer.getheader("Location", "")

    def send(self, target: str, **fields: str) -> tuple[int, str]:
        """Send the form of the page as it is, with other fields added."""
        found = re.findall(r'name="(_csrf|ticket)" value="([^"]*)"', self.page)
        return self.ask("POST", target, urlencode({**dict(found[:2]), **fields}))

    def wait_for(self, target: str, wanted: str) -> None:
        """Ask until the page says what is wanted."""
        deadline = time.monotonic() + WAIT_S
        while self.ask("GET", target) and wanted not in self.page:
            assert time.monotonic() < deadline, f"never said {wanted!r}: {self.page}"


@pytest.fixture
def port(server: object, listener: socket.socket, publish: Publish, services: object) -> int:
    del server
    publish(services)
    port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def tablet(port: int, site_db: SiteDb) -> Browser:
    """Return the paired tablet of counter 3."""
    secret = Tablets(site_db).pair(3, by="an", address="")
    return Browser(port, f"{COOKIE}={secret}")


def votes(site_db: SiteDb) -> dict[str, int]:
    rows = site_db.read("SELECT ticket, face FROM ratings")
    return {row["ticket"]: row["face"] for row in rows}


def test_a_tablet_is_paired_by_a_code_and_asks_whoever_was_served(
    port: int,
    publish: Publish,
    counter_state: MakeCounter,
    site_db: SiteDb,
    post: Callable[..., tuple[int, str]],
    get: Callable[..., tuple[object, str]],
) -> None:
    assert post("/devices/tablets", role=Role.MANAGER, counter="3")[0] == 403
    assert post("/devices/tablets", role=Role.ADMINISTRATOR, counter="3")[0] == 303
    page = get("/devices/tablets")[1]
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    assert code
    browser = Browser(port)
    assert browser.ask("GET", "/rate/3") == (303, "/rate")
    assert browser.ask("POST", "/rate", urlencode({"code": "AAAA-AAAA"}))[0] == 422
    assert browser.ask("POST", "/rate", urlencode({"code": code[0]})) == (303, "/rate/3")
    assert browser.ask("GET", "/rate") == (303, "/rate/3")
    browser.wait_for("/rate/3", "Kính chào quý vị")
    publish(counter_state("T1"))
    browser.wait_for("/rate/3", "Quý vị thấy phục vụ thế nào?")
    assert "Lượt số <b>11</b> vừa xong" in browser.page
    assert browser.send("/rate/3/vote", face="2") == (303, "/rate/3")
    assert votes(site_db) == {"T1": 2}
    browser.ask("GET", "/rate/3")
    assert "Cảm ơn quý vị." in browser.page
    assert browser.send("/rate/3/reasons", reason="wait") == (303, "/rate/3")
    assert Ratings(site_db).figures(THE_DAY, THE_DAY).reasons == {"wait": 1}
    assert "an</" not in browser.page
    assert "đang dùng" in get("/devices/tablets")[1].lower()


@pytest.mark.full
def test_the_page_speaks_the_language_of_the_ticket(
    tablet: Browser, publish: Publish, counter_state: MakeCounter
) -> None:
    publish(counter_state("T1", lang=Language.ENGLISH))
    tablet.wait_for("/rate/3", "How was our service?")
    assert '<html lang="en">' in tablet.page


@pytest.mark.full
def test_the_first_of_two_votes_counts_and_the_other_is_told(
    tablet: Browser, publish: Publish, counter_state: MakeCounter, site_db: SiteDb
) -> None:
    publish(counter_state("T1"))
    tablet.wait_for("/rate/3", "T1")
    # From the telephone of the same person, while the tablet asks.
    assert Ratings(site_db).vote(ServedTicket(DAY, "T1", 3, "CERT"), Face.UNSATISFIED)
    assert tablet.send("/rate/3/vote", face="4") == (303, "/rate/3")
    tablet.ask("GET", "/rate/3")
    assert "Lượt này đã được đánh giá." in tablet.page
    assert votes(site_db) == {"T1": 1}


@pytest.mark.full
def test_a_form_that_is_sent_again_and_again_is_one_vote(
    tablet: Browser, publish: Publish, counter_state: MakeCounter, site_db: SiteDb, port: int
) -> None:
    publish(counter_state("T1"))
    tablet.wait_for("/rate/3", "T1")

    def send(face: int) -> int:
        again = Browser(port, tablet.cookie, tablet.page)
        return again.send("/rate/3/vote", face=str(face))[0]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, [4, 3, 2, 1] * 5))
    assert set(answers) == {303, 429}, "what goes beyond the pace is refused"
    assert len(votes(site_db)) == 1
    assert _refused(port, "twice") + _refused(port, "too_fast") == 19


def test_nobody_else_can_vote(
    tablet: Browser,
    publish: Publish,
    counter_state: MakeCounter,
    site_db: SiteDb,
    port: int,
    log_in: Callable[..., str],
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("refused")
    publish(counter_state("T1"))
    publish(counter_state("T5", counter=5))
    tablet.wait_for("/rate/3", "T1")
    other = Browser(port, f"{COOKIE}={Tablets(site_db).pair(5, by='an', address='')}", tablet.page)
    assert other.send("/rate/3/vote", face="4")[0] == 403
    other.wait_for("/rate/5", "T5")
    assert other.send("/rate/5/vote", face="4", ticket="T1")[0] == 303
    for cookie in ("", f"{COOKIE}=guess", log_in(Role.ADMINISTRATOR)):
        stranger = Browser(port, cookie, tablet.page)
        assert stranger.send("/rate/3/vote", face="4") == (303, "/rate")
        assert stranger.ask("GET", "/rate/3/events") == (303, "/rate")
    assert tablet.send("/rate/3/vote", face="4", _csrf="0" * 64)[0] == 403
    tablet.wait_for("/rate/3", "T1")
    elsewhere = Browser(port, tablet.cookie, tablet.page, {"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.send("/rate/3/vote", face="4")[0] == 403
    tablet.wait_for("/rate/3", "T1")
    for face in ("", "0", "5", "x"):
        assert tablet.send("/rate/3/vote", face=face)[0] == 303
        tablet.wait_for("/rate/3", "T1")
    assert votes(site_db) == {}
    refused = {"unpaired": 3, "other_counter": 1, "form": 2, "no_face": 4}
    assert {why: _refused(port, why) for why in refused} == refused


@pytest.mark.full
def test_what_was_not_served_here_or_long_ago_has_no_vote(
    tablet: Browser, publish: Publish, counter_state: MakeCounter, site_db: SiteDb, port: int
) -> None:
    publish(counter_state("T1"))
    tablet.wait_for("/rate/3", "T1")
    page = tablet.page
    publish(counter_state(current="T1"))  # the end was taken back
    tablet.wait_for("/rate/3", "Kính chào quý vị")
    tablet.page = page
    assert tablet.send("/rate/3/vote", face="4")[0] == 303
    tablet.ask("GET", "/rate/3")
    assert "Lượt này đã đóng." in tablet.page
    tablet.page = page
    assert tablet.send("/rate/3/vote", face="4", ticket="T99")[0] == 303
    assert votes(site_db) == {}
    assert _refused(port, "not_served") == 2


@pytest.mark.full
def test_a_vote_stays_when_the_end_is_taken_back_and_is_not_asked_for_again(
    tablet: Browser, publish: Publish, counter_state: MakeCounter, site_db: SiteDb
) -> None:
    publish(counter_state("T1"))
    tablet.wait_for("/rate/3", "T1")
    tablet.send("/rate/3/vote", face="1")
    publish(counter_state(current="T1"))
    publish(counter_state("T1"))
    publish(counter_state("T5", counter=5))
    tablet.send("/rate/3/skip")
    tablet.ask("GET", "/rate/3")
    assert "Kính chào quý vị" in tablet.page
    assert votes(site_db) == {"T1": 1}


@pytest.mark.full
def test_who_skips_is_not_asked_again(
    tablet: Browser, publish: Publish, counter_state: MakeCounter, site_db: SiteDb
) -> None:
    publish(counter_state("T1"))
    tablet.wait_for("/rate/3", "T1")
    assert tablet.send("/rate/3/skip")[0] == 303
    tablet.ask("GET", "/rate/3")
    assert "Kính chào quý vị" in tablet.page
    assert votes(site_db) == {}


@pytest.mark.full
def test_a_revoked_tablet_is_out_with_its_next_request_and_its_line_ends(
    tablet: Browser, publish: Publish, counter_state: MakeCounter, site_db: SiteDb, port: int
) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=WAIT_S)) as line:
        line.request("GET", "/rate/3/events", headers={"Cookie": tablet.cookie})
        news = line.getresponse()
        assert b"hello" in news.readline()
        Tablets(site_db).revoke(1, by="an", address="")
        publish(counter_state("T1"))
        assert b"event: gone" in news.read()
    assert tablet.ask("GET", "/rate/3") == (303, "/rate")


@pytest.mark.full
def test_five_wrong_codes_end_the_right_one_and_are_written_down(
    port: int, site_db: SiteDb, post: Callable[..., tuple[int, str]]
) -> None:
    post("/devices/tablets", role=Role.ADMINISTRATOR, counter="3")
    browser = Browser(port)
    for _ in range(5):
        assert browser.ask("POST", "/rate", urlencode({"code": "AAAAAAAA"}))[0] == 422
    actions = [row["action"] for row in site_db.read("SELECT action FROM audit")]
    assert actions.count("tablet_refused") == 5
    for _ in range(20):
        status, _ = browser.ask("POST", "/rate", urlencode({"code": "AAAAAAAA"}))
    assert status == 429


def _refused(port: int, why: str) -> int:
    browser = Browser(port)
    browser.ask("GET", "/metrics")
    found = re.search(rf'denluot_ratings_refused_total{{why="{why}"}} (\d+)', browser.page)
    return int(found[1]) if found else 0
