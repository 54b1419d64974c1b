"""The page "Nhật ký lượt" as managers use it: search, a story, pages, the proof, a phone."""

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
from playwright.sync_api import Page, expect

from bus.broker import PrivateBroker
from bus.commands import (
    CalledTicket,
    CallTicket,
    Command,
    Finish,
    IssuedTicket,
    IssueTicket,
    Recall,
    Reply,
    ReportPrint,
    StartServing,
    result_of,
)
from bus.mqtt import Account
from bus.orders import Acknowledgement
from bus.session import Session, at_once, connect
from bus.vocabulary import AckOutcome, PrintOutcome, TicketClass
from config import Centre, Clock
from wait_log.dialects import store_url
from wait_log.reader import open_reader

LoggedIn = Callable[..., Page]
CheckPage = Callable[[Page], None]
PHONE = (390, 844)
WITHIN_S = 60
SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"


class Running(Protocol):
    """The centre that runs."""

    def give(self, service: str) -> str: ...

    def call_next(self, counter: int) -> str | None: ...

    def ask(self, device: str, command: Command) -> Reply: ...

    centre: Centre
    data: Path
    broker: PrivateBroker
    clock: Clock
    current: dict[int, str]
    links: dict[str, Session]


class Ticket(NamedTuple):
    """A ticket and its number."""

    ticket: str
    number: str


def test_a_ticket_is_found_and_its_story_is_told(
    logged_in: LoggedIn, running: Running, check_page: CheckPage
) -> None:
    page = logged_in("viewer")
    number = running.call_next(2)
    assert number is not None
    page.goto("/log")
    page.get_by_role("searchbox").fill(number)
    page.get_by_role("button", name="Tìm", exact=True).click()
    row = page.locator(".tickets tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("link", name=number).click()
    story = page.locator("#story")
    expect(story.locator("h2")).to_have_text(number)
    expect(story.locator(".steps")).to_contain_text("Mời đến quầy 2")
    expect(story.locator(".steps")).to_contain_text("Công dân đã đến quầy 2")
    assert re.search(r"\d\d:\d\d:\d\d", story.locator("time").first.inner_text())
    assert page.get_by_role("button", name="Kiểm tra lại chuỗi").count() == 0
    check_page(page)
    page.emulate_media(media="print")
    expect(story).to_be_visible()
    expect(page.locator(".list")).to_be_hidden()


@pytest.fixture
def announced(running: Running) -> Ticket:
    """Return a ticket that was printed, shown, spoken, called again, served and finished."""
    give = IssueTicket(service="PICK", ticket_class=TicketClass.PRIORITY, print_on="kiosk-1")
    issued = result_of(running.ask("kiosk-1", give), IssuedTicket)
    report = ReportPrint(ticket=issued.ticket, outcome=PrintOutcome.PRINTED)
    assert running.ask("kiosk-1", report).ok
    current = running.current.get(5)
    call = CallTicket(counter=5, current=current, ticket=issued.ticket)
    called = result_of(running.ask("counter-5", call), CalledTicket)
    running.current[5] = issued.ticket
    _acknowledge(running, called.call_seq)
    again = result_of(
        running.ask("counter-5", Recall(counter=5, ticket=issued.ticket)), CalledTicket
    )
    _acknowledge(running, again.call_seq)
    assert running.ask("counter-5", StartServing(counter=5, ticket=issued.ticket)).ok
    assert running.ask("counter-5", Finish(counter=5, ticket=issued.ticket)).ok
    del running.current[5]
    return Ticket(issued.ticket, issued.number)


def _acknowledge(running: Running, call_seq: int) -> None:
    """Say as a board and an announcer that a call was shown and spoken."""
    with open_reader(store_url(running.data), running.centre.identity.site) as reader:
        epoch = reader.meta("epoch") or ""
    for device, outcome in (("board-1", AckOutcome.SHOWN), ("announcer-1", AckOutcome.SPOKEN)):
        ack = Acknowledgement(epoch=epoch, call_seq=call_seq, outcome=outcome)
        _link(running, device).acknowledge(ack)


def _link(running: Running, device: str) -> Session:
    if device not in running.links:
        broker, clock = running.broker, running.clock
        account = Account(broker.host, broker.port, "test", device, broker.passwords[device])
        link = connect(
            account,
            running.centre.identity.site,
            device.rsplit("-", 1)[0],
            now=clock.now,
            monotonic=clock.monotonic,
            deliver=at_once,
        )
        up = threading.Event()
        link.on_link(lambda linked: up.set() if linked else None)
        link.start()
        assert up.wait(60)
        running.links[device] = link
    return running.links[device]


def test_what_was_shown_spoken_and_done_is_told(
    logged_in: LoggedIn, announced: Ticket, check_page: CheckPage
) -> None:
    page = logged_in("manager")
    page.goto(f"/log?ticket={announced.ticket}")
    steps = page.locator(".steps li")
    expect(steps.locator(".what")).to_have_text(
        [
            "Lấy số ở máy lấy số",
            "Gửi lệnh in đến máy lấy số",
            "Đã in phiếu",
            "Mời đến quầy 5",
            "Mời lại đến quầy 5, lần 2",
            "Công dân đã đến quầy 5",
            "Xong",
        ]
    )
    _until(page, lambda: _has_all_marks(page))
    expect(page.locator("#story .outcome")).to_contain_text("Đã phục vụ")
    check_page(page)


def _has_all_marks(page: Page) -> bool:
    page.reload()
    return page.locator(".proof-mark.ok").count() == 4


@pytest.mark.full
def test_the_pictures_of_the_documentation(logged_in: LoggedIn, announced: Ticket) -> None:
    for name, size, lang in (
        ("web-log", (1440, 1000), "vi"),
        ("web-log-en", (1440, 1000), "en"),
        ("web-log-phone", (390, 1400), "vi"),
    ):
        page = logged_in("manager", size)
        part = "#story" if "phone" in name else ""
        page.goto(f"/log?ticket={announced.ticket}&lang={lang}{part}")
        _until(page, lambda page=page: _has_all_marks(page))  # type: ignore[misc]
        page.evaluate("document.fonts.ready")
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.goto("/log?lang=vi")


def test_pages_go_on_by_key_and_come_back(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.goto("/log?first=2026-10-20&last=2026-11-22")
    first = page.locator(".tickets tbody th").all_inner_texts()
    page.get_by_role("link", name="Cũ hơn").click()
    page.wait_for_url("**after=**")
    second = page.locator(".tickets tbody tr").all_inner_texts()
    assert second
    assert "offset" not in page.url
    page.get_by_role("link", name="Mới hơn").click()
    page.wait_for_url("**before=**")
    assert page.locator(".tickets tbody th").all_inner_texts() == first


@pytest.mark.full
def test_states_and_filters_are_addresses(logged_in: LoggedIn, check_page: CheckPage) -> None:
    page = logged_in("viewer")
    page.goto("/log")
    page.locator(".states").get_by_role("link", name="Đang chờ").click()
    page.wait_for_url("**state=waiting**")
    assert set(page.locator(".condition").all_inner_texts()) == {"Đang chờ"}
    page.goto("/log?first=2026-10-20&last=2026-11-22&service=LAND&origin=kiosk&class=normal")
    assert set(page.locator(".tickets .service").all_inner_texts()) == {"Đất đai"}
    expect(page.locator("details")).to_have_attribute("open", "")
    check_page(page)
    page.goto("/log?first=hôm qua&counter=1000&find=gỗ")
    assert page.locator(".notice.warn").count() == 3
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải CSV").click()
    assert download.value.suggested_filename.startswith("nhat-ky-luot-2026-11-23")


def test_the_proof_is_made_and_made_again(logged_in: LoggedIn) -> None:
    page = logged_in("manager")

    def proven() -> bool:
        page.goto("/log")
        return "Nhật ký nguyên vẹn đến số" in page.locator(".chain").inner_text()

    _until(page, proven)
    page.get_by_role("button", name="Kiểm tra lại chuỗi").click()
    page.wait_for_url("**/log?**")
    _until(page, proven)
    expect(page.locator(".chain.ok")).to_contain_text("kiểm tra lúc 08:")


@pytest.mark.parametrize("lang", ["vi", pytest.param("en", marks=pytest.mark.full)])
def test_on_a_phone(
    logged_in: LoggedIn, check_page: CheckPage, running: Running, lang: str
) -> None:
    running.give("CERT")
    page = logged_in("manager", PHONE)
    page.goto(f"/log?lang={lang}")
    page.locator(".tickets tbody a").first.click()
    expect(page.locator("#story h2")).to_be_in_viewport()
    check_page(page)
    page.goto("/log?lang=vi")


def _until(page: Page, wanted: Callable[[], bool]) -> None:
    """Ask again and again; to answer, `wanted` loads the page each time."""
    deadline = time.monotonic() + WITHIN_S
    while not wanted():
        assert time.monotonic() < deadline, page.content()
