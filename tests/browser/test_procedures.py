"""`/thu-tuc` and its tab of the settings in Chromium: phones, a PC, without script, on paper."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from hall.procedures.table import COLUMNS
from hall.words import Words
from web.export.csv_file import csv_file

pytestmark = pytest.mark.full
SIZES = {"360": (360, 640), "412": (412, 892), "1280": (1280, 800)}
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BIRTH = {
    "service": "Hộ tịch",
    "name": "Đăng ký khai sinh",
    "name_en": "Birth registration",
    "who": "Cha hoặc mẹ. Nếu cha, mẹ không thể đi: ông, bà hoặc người thân thích khác.",
    "papers": "Tờ khai đăng ký khai sinh\nGiấy chứng sinh, bản chính",
    "fee": "Miễn lệ phí khi đăng ký đúng hạn",
    "fee_source": "Luật Hộ tịch 2014, Điều 11",
    "fee_date": "20/11/2014",
    "days": "Trong ngày làm việc",
    "online": "https://dichvucong.gov.vn",
}


def table(*rows: dict[str, str]) -> bytes:
    head = [Words("vi")(column.label) for column in COLUMNS]
    return csv_file([head, *([row.get(c.key, "") for c in COLUMNS] for row in rows)])


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    if directory := os.environ.get("DENLUOT_SCREENSHOTS"):
        page.screenshot(path=str(Path(directory) / f"web-procedures{name}.png"), full_page=whole)


def upload(page: Page, content: bytes) -> None:
    page.goto("/settings/procedures")
    page.locator("#upload").set_input_files(
        {"name": "thu-tuc.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator("form.upload button").click()


def grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.fixture
def listed(logged_in: Callable[..., Page]) -> Page:
    """Open a page of an administrator."""
    page = logged_in("administrator")
    page.context.set_default_timeout(60_000)
    return page


@pytest.fixture
def without_script(browser: Browser, running: object) -> Iterator[Callable[[int, int], Page]]:
    contexts = []

    def open_page(width: int, height: int) -> Page:
        context = browser.new_context(
            base_url=running.url,  # type: ignore[attr-defined]
            viewport={"width": width, "height": height},
            java_script_enabled=False,
            locale="vi-VN",
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def test_a_list_is_uploaded_shown_searched_and_printed(
    listed: Page,
    faults: object,
    check_page: Callable[[Page], None],
    new_page: Callable[..., Page],
    without_script: Callable[[int, int], Page],
) -> None:
    faults.forgive("status of 422")  # type: ignore[attr-defined]
    upload(listed, table(BIRTH | {"fee_date": "", "service": "Hải quan"}))
    listed.locator(".wrongs").wait_for()
    assert listed.locator(".wrongs li").count() == 2
    keep(listed, "-wrong", whole=True)
    check_page(listed)

    more = [{"service": "Chứng thực", "name": f"Chứng thực việc số {at}"} for at in range(1, 6)]
    upload(listed, table(BIRTH, {"service": "CIVIL", "name": "Đăng ký kết hôn"}, *more))
    listed.locator("#draft").wait_for()
    keep(listed, "-draft", whole=True)
    check_page(listed)
    listed.get_by_role("button", name="Áp dụng danh mục này").click()
    listed.locator(".notice.good").wait_for()
    keep(listed, "-settings", whole=True)

    for name, size in SIZES.items():
        page = new_page(size)
        page.goto("/thu-tuc")
        assert not grave(page), grave(page)
        assert page.evaluate(_SIDEWAYS) <= 0
        keep(page, f"-{name}")
        page.locator("#q").fill("khai sinh")
        page.locator("#q").press("Enter")
        page.get_by_role("link", name="Đăng ký khai sinh").click()
        page.locator(".one").wait_for()
        assert not grave(page), grave(page)
        assert page.evaluate(_SIDEWAYS) <= 0
        keep(page, f"-one-{name}", whole=True)
    page.goto(page.url + "?lang=en")
    assert page.locator("h1").inner_text() == "Birth registration"
    keep(page, "-one-en")
    page.emulate_media(media="print")
    assert not page.locator(".search").count()
    assert not page.locator(".back").is_visible()

    plain = without_script(360, 640)
    plain.goto("/thu-tuc")
    plain.locator("#q").fill("dang ky")
    plain.locator(".search button").click()
    plain.get_by_role("link", name="Đăng ký kết hôn").wait_for()
    plain.goto("/thu-tuc")
    plain.locator(".fields a").first.click()
    plain.get_by_role("link", name="Chứng thực việc số 3").click()
    expect(plain.locator(".one")).to_contain_text("Mời quý vị hỏi tại quầy")
