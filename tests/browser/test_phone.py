"""The page of a number in Chromium: three sizes, both languages, and with JavaScript off."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bus.commands import (
    CalledTicket,
    CallNext,
    CallTicket,
    Finish,
    IssuedTicket,
    IssueTicket,
    MarkAbsent,
    StartServing,
    result_of,
)
from bus.paper_code import code_of
from bus.vocabulary import CurrentTo, Language

WITHIN_MS = 60_000
SIZES = {"phone": (412, 892), "small": (360, 640), "desk": (1280, 800)}
MOST_BYTES = 60_000
SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
COUNTER = 7
SERVICE = "TAX"
"""Nobody but these tests is served there."""
_log = logging.getLogger(__name__)
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = pytest.mark.full
expect.set_options(timeout=WITHIN_MS)


@pytest.fixture
def paper(running: Any) -> Callable[..., IssuedTicket]:
    """Give a number and return what its paper knows."""

    def paper(lang: Language = Language.VIETNAMESE, service: str = SERVICE) -> IssuedTicket:
        reply = running.ask("kiosk-1", IssueTicket(service=service, lang=lang))
        return result_of(reply, IssuedTicket)

    return paper


@pytest.fixture
def call(running: Any) -> Callable[[], CalledTicket]:
    """Call who is next at the counter of these tests; whoever waited there before is served."""
    there = running.current.get(COUNTER)
    while running.call_next(COUNTER):
        there = running.current[COUNTER]
    if there:  # nobody else waits, so whoever was called last is there still
        for command in (StartServing, Finish):
            running.ask(f"counter-{COUNTER}", command(counter=COUNTER, ticket=there))

    def call() -> CalledTicket:
        current = running.current.pop(COUNTER, None)
        finished = CallNext(counter=COUNTER, current=current, current_to=CurrentTo.FINISH)
        return result_of(running.ask(f"counter-{COUNTER}", finished), CalledTicket)

    return call


def _check(page: Page) -> None:
    """Have a state looked at in every size: nothing is cut off, and axe finds nothing grave."""
    for size in SIZES.values():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate(_SIDEWAYS) <= 0, (page.url, size)
        found = Axe().run(page).response["violations"]
        grave = [
            f"{rule['id']} {node['html'][:160]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
        assert not grave, "\n".join(grave)


def _shoot(page: Page, name: str) -> None:
    """Keep a picture in every size where pictures are wanted."""
    if "DENLUOT_SCREENSHOTS" in os.environ:
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(100)
            end = "" if size == "phone" else f"-{size}"
            page.screenshot(path=SHOTS / f"phone-{name}{end}.png")


@pytest.mark.parametrize("lang", list(Language))
def test_a_number_from_the_paper_to_the_end(
    new_page: Callable[..., Page],
    running: Any,
    call: Callable[[], CalledTicket],
    paper: Callable[..., IssuedTicket],
    lang: Language,
) -> None:
    mark, device = ("" if lang is Language.VIETNAMESE else "-en"), f"counter-{COUNTER}"
    before, mine = paper(), paper(lang)
    page = new_page(SIZES["phone"])
    page.goto(f"/t/{mine.token}")
    expect(page.locator("html")).to_have_attribute("lang", lang.value)
    expect(page.locator(".number")).to_have_text(mine.number)
    expect(page.locator("#below .facts b").first).to_have_text("1")
    assert page.context.cookies() == []
    page.locator("#sound").click()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    assert page.locator(".cancel").count() == 0, "plain HTTP"
    _check(page)
    _shoot(page, f"waiting{mark}")
    assert running.call_next(COUNTER) == before.number
    expect(page.locator("#below .facts b").first).to_have_text("0")
    called = call()
    assert called.number == mine.number
    expect(page.locator("body")).to_have_attribute("data-state", "called")
    expect(page.locator("#below .counter")).to_have_text(str(COUNTER))
    expect(page.locator("header")).to_be_hidden()
    _check(page)
    _shoot(page, f"called{mark}")
    running.ask(device, MarkAbsent(counter=COUNTER, ticket=called.ticket))
    expect(page.locator("body")).to_have_attribute("data-state", "missed")
    expect(page.locator("#more .warn")).to_contain_text(str(COUNTER))
    _check(page)
    _shoot(page, f"missed{mark}")
    running.ask(device, CallTicket(counter=COUNTER, current=None, ticket=called.ticket))
    expect(page.locator("body")).to_have_attribute("data-state", "called")
    running.ask(device, StartServing(counter=COUNTER, ticket=called.ticket))
    expect(page.locator("body")).to_have_attribute("data-state", "serving")
    _check(page)
    _shoot(page, f"serving{mark}")
    running.ask(device, Finish(counter=COUNTER, ticket=called.ticket))
    expect(page.locator("body")).to_have_attribute("data-state", "served")
    expect(page.locator("#below")).to_contain_text(mine.number)
    _check(page)
    _shoot(page, f"served{mark}")


def test_without_javascript_every_page_says_what_it_can(
    browser: Browser,
    running: Any,
    call: Callable[[], CalledTicket],
    paper: Callable[..., IssuedTicket],
) -> None:
    mine = paper()
    context = browser.new_context(base_url=running.url, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"/t/{mine.token}")
        assert page.locator(".number").inner_text() == mine.number
        assert "người chờ trước" in page.locator("#below").inner_text()
        assert page.locator("#sound").is_hidden(), "it could do nothing"
        refresh = page.locator("meta[http-equiv=refresh]")
        assert refresh.count() == 1
        call()
        page.get_by_role("link", name="Tải lại").click()
        expect(page.locator("body")).to_have_attribute("data-state", "called")
        running.current[COUNTER] = mine.ticket
        page.goto("/t")
        page.locator("#number").fill(mine.number)
        page.locator("#code").fill(code_of(mine.token).lower())
        page.locator("button.main").click()
        expect(page.locator(".number")).to_have_text(mine.number)
    finally:
        context.close()


def test_a_number_is_found_by_its_code(
    new_page: Callable[..., Page], paper: Callable[..., IssuedTicket], faults: Any
) -> None:
    mine = paper()
    faults.forgive("status of 422")
    page = new_page(SIZES["phone"])
    page.goto("/t")
    _check(page)
    _shoot(page, "find")
    page.locator("#number").fill(mine.number)
    page.locator("#code").fill("000 000")
    page.locator("button.main").click()
    expect(page.locator("[role=alert]")).to_contain_text("Chưa đúng số hoặc mã")
    _check(page)
    _shoot(page, "find-wrong")
    page.locator("#code").fill(code_of(mine.token))
    page.locator("button.main").click()
    expect(page.locator(".number")).to_have_text(mine.number)


def test_what_is_no_number_is_said(new_page: Callable[..., Page], faults: Any) -> None:
    faults.forgive("status of 404")
    page = new_page(SIZES["small"])
    page.goto("/t/AAAAAAAAAAAA")
    expect(page.locator("h1")).to_contain_text("Không có số này")
    _check(page)


@pytest.mark.parametrize("is_served", [False, True])
def test_the_page_weighs_sixty_kilobytes_at_most(
    new_page: Callable[..., Page],
    running: Any,
    call: Callable[[], CalledTicket],
    paper: Callable[..., IssuedTicket],
    is_served: bool,
) -> None:
    mine = paper()
    if is_served:
        assert call().ticket == mine.ticket
        running.ask(f"counter-{COUNTER}", StartServing(counter=COUNTER, ticket=mine.ticket))
        running.ask(f"counter-{COUNTER}", Finish(counter=COUNTER, ticket=mine.ticket))
    page = new_page(SIZES["phone"])
    loaded: list[float] = []
    watching = page.context.new_cdp_session(page)
    watching.send("Network.enable")
    watching.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))
    page.goto(f"/t/{mine.token}")
    expect(page.locator("#at")).not_to_be_empty()
    page.evaluate("document.fonts.ready.then(() => null)")
    expect(page.locator(".faces button")).to_have_count(4 if is_served else 0)
    fonts = page.evaluate("[...document.fonts].filter((f) => f.status === 'loaded').length")
    assert fonts >= 3, "the letters of the centre"
    assert len(loaded) >= 6
    _log.info("phone page weighs bytes=%d served=%s", sum(loaded), is_served)
    assert sum(loaded) <= MOST_BYTES, loaded


def test_the_settings_lead_to_the_first_phone(
    logged_in: Callable[..., Page], check_page: Callable[[Page], None]
) -> None:
    page = logged_in("administrator")
    page.goto("/settings/phones")
    expect(page.locator("#reach")).to_contain_text("chưa có địa chỉ")
    check_page(page)
