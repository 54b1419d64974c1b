"""The report as a director makes it: few clicks, a live preview, a file, a printed page."""

import io
from collections.abc import Callable
from typing import Protocol

import pytest
from docx import Document
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]


class Faults(Protocol):
    def forgive(self, part: str) -> None: ...


@pytest.fixture
def director(logged_in: OpenPage) -> Page:
    page = logged_in("manager")
    page.goto("/")
    return page


def make_report(page: Page) -> None:
    menu = page.get_by_role("navigation", name="Các trang")
    menu.get_by_role("link", name="Báo cáo").click()
    page.get_by_role("button", name="Lập báo cáo").click()
    page.wait_for_url("**/reports/*")


def test_last_month_signed_in_three_clicks_after_the_login(director: Page) -> None:
    make_report(director)
    with director.expect_download() as download:
        director.get_by_role("button", name="Lưu và tải .docx").click()
    assert download.value.suggested_filename == (
        "bao-cao-thoi-gian-cho-2026-10-15--2026-11-14.docx"
    )
    document = Document(io.BytesIO(download.value.path().read_bytes()))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "BÁO CÁO" in texts
    assert any("lượt giao dịch, bình quân" in text for text in texts)


def test_the_preview_follows_what_is_typed(director: Page) -> None:
    make_report(director)
    director.get_by_label("Số văn bản").fill("7")
    director.get_by_label("Kết thúc").fill("Kính báo <b>cáo</b>./.")
    letter = director.locator(".letter")
    expect(letter).to_contain_text("Số: 07/BC-TTPVHCC")
    expect(letter).to_contain_text("Kính báo <b>cáo</b>./.")
    director.reload()
    expect(letter).to_contain_text("Số: ...../BC-TTPVHCC")


def test_without_script_everything_is_still_there(logged_in: OpenPage) -> None:
    page = logged_in("manager")
    page.route("**/report.js*", lambda route: route.fulfill(body=""))
    page.goto("/")
    make_report(page)
    page.get_by_label("Số văn bản").fill("7")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")
    expect(page.locator(".letter")).to_contain_text("Số: 07/BC-TTPVHCC")


def test_printed_are_the_sheets_alone(director: Page) -> None:
    make_report(director)
    director.emulate_media(media="print")
    expect(director.locator(".letter")).to_be_visible()
    for away in (".side", ".edit", ".title"):
        expect(director.locator(away)).to_be_hidden()
    assert director.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.full
def test_pages_pass_their_checks(
    director: Page, logged_in: OpenPage, check_page: Callable[[Page], None]
) -> None:
    make_report(director)
    check_page(director)
    director.goto("/reports")
    check_page(director)
    page = logged_in("administrator")
    page.goto("/settings/report")
    check_page(page)


def test_settings_are_filled_in_and_followed(logged_in: OpenPage, faults: Faults) -> None:
    faults.forgive("status of 422")
    page = logged_in("administrator")
    page.goto("/settings/report")
    page.get_by_label("Họ tên").first.fill("Phạm Thị Hương Giang")
    page.get_by_label("Mục tiêu: số lượt chờ trong hạn (%)").fill("140")
    page.get_by_role("button", name="Lưu", exact=True).first.click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Mục tiêu: số lượt chờ trong hạn (%)").fill("80")
    page.get_by_role("button", name="Lưu", exact=True).first.click()
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")
    make_report(page)
    expect(page.locator(".letter")).to_contain_text("Phạm Thị Hương Giang")
    expect(page.locator(".letter")).to_contain_text("mục tiêu 80 %")
