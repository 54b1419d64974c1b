"""The sheet "Lịch hẹn" of `/counter/N` in Chromium: booked, found, printed, ended."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bus.commands import OpenCounter

pytestmark = pytest.mark.full
COUNTER = 3
SETTLED_MS = 750
"""A button that means something else takes no press for so long."""
SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_FOCUSED = "document.activeElement.textContent.replaceAll(/\\s+/g, ' ').trim()"
OpenCounterPage = Callable[..., Page]


@pytest.fixture
def at_counter(
    logged_in: Callable[..., Page],
    new_page: Callable[..., Page],
    new_account: Callable[..., Any],
    log_in_as: Callable[..., None],
    browser: Any,
    running: Any,
) -> OpenCounterPage:
    """Open a counter's page in a hall whose first service appoints people."""
    manager = logged_in("administrator")
    manager.goto("/settings/services")
    hours = manager.locator("#services-0-appointment_hours")
    if not hours.input_value():
        hours.fill("08:00-11:00, 14:00-16:30")
        manager.locator("#services-0-appointment_seats").fill("20")
        manager.locator("#services-0-appointment_seats").press("Tab")
        manager.get_by_role("button", name="Áp dụng thành phiên bản").click()
        expect(manager.locator(".notice.good")).to_contain_text("Đã áp dụng thành phiên bản")
    running.ask(f"counter-{COUNTER}", OpenCounter(counter=COUNTER))

    def at_counter(lang: str = "vi", *, script: bool = True) -> Page:
        page = new_page((1440, 900))
        log_in_as(page, new_account("officer", counters=(COUNTER,)))
        if not script:
            context = browser.new_context(
                base_url=running.url,
                java_script_enabled=False,
                viewport={"width": 1440, "height": 900},
            )
            context.set_default_timeout(60_000)
            context.add_cookies(page.context.cookies())
            page.context.close()
            page = context.new_page()
        page.goto(f"/counter/{COUNTER}?lang={lang}")
        return page

    return at_counter


def choose(page: Page, words: str) -> None:
    """Press a button of the sheet once it has settled."""
    button = page.locator(".over").get_by_role("button", name=re.compile(f"^{words}")).first
    expect(button).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)
    button.click()


def choose_by_keys(page: Page, words: str) -> None:
    """Go to a button of the sheet by Tab and press it by Enter."""
    wanted = page.locator(".over").get_by_role("button", name=re.compile(f"^{words}")).first
    expect(wanted).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED).startswith(words):
            break
    assert page.evaluate(_FOCUSED).startswith(words)
    page.keyboard.press("Enter")


def open_list(page: Page, words: str) -> None:
    more = page.locator("#page [data-key=more]")
    expect(more).not_to_have_attribute("aria-disabled", "true")
    page.wait_for_timeout(SETTLED_MS)
    more.click()
    choose(page, words)


def sound(page: Page, name: str) -> None:
    """See that axe finds nothing and nothing scrolls sideways; keep the picture."""
    page.evaluate("document.fonts.ready.then(() => null)")
    found = [rule["id"] for rule in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate(_SIDEWAYS) <= 0
    if "DENLUOT_PICTURES" in os.environ:
        page.screenshot(path=SHOTS / f"web-counter-{name}.png")


WORDS = {
    "vi": ("Lịch hẹn", "Đặt hẹn cho", "ngày mai", "09:00", "Hủy lịch hẹn", "Tìm theo mã"),
    "en": ("Appointments", "Book ", "tomorrow", "09:00", "Cancel th", "Find by"),
}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_officer_books_prints_finds_and_cancels(at_counter: OpenCounterPage, lang: str) -> None:
    appointments, book, tomorrow, nine, cancel, find = WORDS[lang]
    page = at_counter(lang)
    open_list(page, appointments)
    choose(page, book)
    page.locator(".over button", has_text=tomorrow).wait_for()
    page.wait_for_timeout(SETTLED_MS)
    page.locator(".over button", has_text=tomorrow).click()
    expect(page.locator(".over button", has_text=nine)).to_be_visible()
    sound(page, f"slots-{lang}")
    choose(page, nine)
    code = page.locator(".over .figure")
    expect(code).to_have_text(re.compile(r"^[0-9A-Z]{3}-[0-9A-Z]{3}$"))
    said = code.inner_text()
    sound(page, f"code-{lang}")
    with page.context.expect_page() as opened:
        page.locator("[data-key=slip]").click()
    slip = opened.value
    expect(slip.locator(".slip-code")).to_have_text(said)
    assert said not in slip.url
    sound(slip, f"slip-{lang}")
    slip.close()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet-title")).to_have_count(0)
    open_list(page, appointments)
    choose(page, find)
    field = page.locator("input[name=code]")
    expect(field).to_be_focused()
    field.press_sequentially("000000")
    page.wait_for_timeout(SETTLED_MS)
    field.press("Enter")
    expect(page.locator(".toast")).to_be_visible()
    field.fill(said.lower())
    page.wait_for_timeout(SETTLED_MS)
    field.press("Enter")
    expect(page.locator(".over .figure")).to_have_text(said)
    choose(page, cancel)
    choose(page, cancel)
    expect(page.locator("#sheet-title")).to_have_count(0)


def test_an_appointment_is_booked_by_keys_alone(at_counter: OpenCounterPage) -> None:
    page = at_counter()
    page.locator("#page [data-key=more]").focus()
    page.wait_for_timeout(SETTLED_MS)
    page.keyboard.press("Enter")
    choose_by_keys(page, "Lịch hẹn")
    choose_by_keys(page, "Đặt hẹn cho")
    choose_by_keys(page, "Thứ Tư")
    choose_by_keys(page, "10:00")
    expect(page.locator(".over .figure")).to_have_text(re.compile(r"^[0-9A-Z]{3}-[0-9A-Z]{3}$"))


def test_an_appointment_is_booked_without_script(at_counter: OpenCounterPage) -> None:
    page = at_counter(script=False)
    open_list(page, "Lịch hẹn")
    choose(page, "Đặt hẹn cho")
    choose(page, "Thứ Tư")
    choose(page, "10:30")
    expect(page.locator(".over .figure")).to_have_text(re.compile(r"^[0-9A-Z]{3}-[0-9A-Z]{3}$"))
    said = page.locator(".over .figure").inner_text()
    page.goto(page.locator("[data-key=slip]").get_attribute("href") or "")
    expect(page.locator(".slip-code")).to_have_text(said)
