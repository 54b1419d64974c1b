"""The form of the first start in a real browser, for the keyboard alone and on a phone.

Set DENLUOT_PICTURES=1 to write the pictures to docs/screenshots.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

Check = Callable[[Page], None]
LoggedIn = Callable[..., Page]

SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
DESK, PHONE = (1440, 900), (390, 844)
PICTURED = "centre"


def photograph(page: Page, name: str) -> None:
    if os.environ.get("DENLUOT_PICTURES"):
        page.evaluate("document.fonts.ready")
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("step", ["centre", "services", "counters"])
def test_every_step_is_for_everybody(logged_in: LoggedIn, check_page: Check, step: str) -> None:
    page = logged_in("administrator", DESK)
    page.goto(f"/start/{step}")
    if step == PICTURED:
        photograph(page, f"web-start-{step}")
    check_page(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    if step == PICTURED:
        photograph(page, f"web-start-{step}-phone")
    check_page(page)
    page.goto(f"/start/{step}?lang=en")
    check_page(page)
    page.goto(f"/start/{step}?lang=vi")
