"""The page "Máy của trung tâm" in a browser: a machine comes, is looked at, and is revoked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from web.access import SECURE_COOKIE, Role

CHROMIUM = Path("/usr/bin/chromium")
WITHIN_MS = 60_000
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
Site = Any

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]


@pytest.fixture
def page(site: Site) -> Iterator[Page]:
    token = site.cookie(Role.ADMINISTRATOR).partition("=")[2]
    address = f"https://127.0.0.1:{site.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(ignore_https_errors=True, base_url=address)
        context.add_cookies(
            [{"name": SECURE_COOKIE, "value": token, "url": address, "secure": True}]
        )
        context.set_default_timeout(WITHIN_MS)
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page
        browser.close()
        assert wrong == []


def check(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]
    assert grave == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(_SIDEWAYS) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_machine_comes_and_goes_before_the_eyes_of_an_administrator(
    site: Site, page: Page, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost client=board-1", "broker refused client=board-1"]
    page.goto("/devices")
    page.get_by_role("link", name="Máy của trung tâm").click()
    check(page)
    page.get_by_label("Tên máy").fill("Máy sau hai TV")
    page.get_by_label("Bảng gọi số 1").check()
    page.get_by_label("Loa 1").check()
    page.get_by_role("button", name="Tạo mã").click()
    code = page.locator(".code-text").inner_text()
    expect(page.locator("#code-left")).to_contain_text("còn 4:")
    check(page)
    assert site.join(code)[0] == 0
    expect(page.get_by_text("Đã ghép Máy sau hai TV")).to_be_visible(timeout=WITHIN_MS)
    links = site.box("board-1")
    assert links.get(timeout=60) is True
    row = page.locator(".box", has_text="Máy sau hai TV")
    expect(row).to_contain_text("Bảng gọi số 1, Loa 1")
    site.moved_s[0] += 20  # boxes are noted every ten seconds
    expect(row.locator(".state")).to_have_text("Đang dùng", timeout=WITHIN_MS)
    row.get_by_text("Thu hồi…").click()
    check(page)
    row.get_by_role("button", name="Thu hồi Máy sau hai TV ngay").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã thu hồi")
    assert links.get(timeout=60) is False
    expect(row).to_contain_text("administrator thu hồi")
    assert row.get_by_text("Thu hồi…").count() == 0
