"""The page "Thời gian chờ" as a person uses it."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page

LoggedIn = Callable[..., Page]
CheckPage = Callable[[Page], None]
DAYS = "first=2026-11-01&last=2026-11-22"
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def issued(page: Page) -> int:
    return int(page.locator(".cards .value").first.inner_text().replace(".", ""))


def test_the_page_has_no_faults_and_the_keyboard_suffices(
    logged_in: LoggedIn, check_page: CheckPage
) -> None:
    page = logged_in("viewer")
    page.goto(f"/waits?{DAYS}")
    assert page.locator("svg.chart").count() == 3
    for figures in page.locator("details.figures summary").all():
        figures.click()
    check_page(page)


@pytest.mark.parametrize("width", [390, 820, 1440, 2560])
def test_no_width_scrolls_sideways(logged_in: LoggedIn, width: int) -> None:
    page = logged_in("viewer", (width, 1000))
    page.goto(f"/waits?{DAYS}")
    assert page.evaluate(_SIDEWAYS) <= 0


def test_filters_work_by_keyboard_and_stay_chosen(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.goto(f"/waits?{DAYS}")
    everything = issued(page)
    page.locator(".choose summary").first.press("Enter")
    box = page.get_by_role("checkbox", name="Chứng thực")
    box.press("Space")
    box.press("Enter")
    page.wait_for_url("**/waits?*service=CERT*")
    assert 0 < issued(page) < everything
    assert page.locator(".choose summary").first.inner_text().startswith("Chứng thực")
    assert page.locator("table").nth(2).locator("tbody tr").count() == 1


def test_choices_close_by_escape_and_by_pointer(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.goto(f"/waits?{DAYS}")
    second = page.locator(".choose").nth(1)
    second.locator("summary").click()
    assert second.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert second.get_attribute("open") is None
    second.locator("summary").click()
    page.locator("h1").click()
    assert second.get_attribute("open") is None


def test_a_named_period_and_typed_days(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.goto("/waits")
    page.get_by_label("Kỳ", exact=True).select_option("last_week")
    page.get_by_role("button", name="Xem").click()
    page.wait_for_url("**/waits?*period=last_week*")
    assert "16/11/2026 – 22/11/2026" in page.locator(".as-of").inner_text()
    page.get_by_label("Từ ngày").fill("2026-11-18")
    page.get_by_label("Đến ngày").fill("2026-11-18")
    page.get_by_role("button", name="Xem").click()
    page.wait_for_url("**/waits?*first=2026-11-18*")
    assert "Ngày 18/11/2026" in page.locator(".as-of").inner_text()
    assert page.get_by_label("Kỳ", exact=True).input_value() == "days"


def test_the_files_are_of_the_same_selection(logged_in: LoggedIn, tmp_path: Path) -> None:
    page = logged_in("viewer")
    page.goto(f"/waits?{DAYS}&service=CERT")
    count = issued(page)
    with page.expect_download() as csv_file:
        page.get_by_role("link", name="Tải CSV").click()
    saved = tmp_path / csv_file.value.suggested_filename
    csv_file.value.save_as(saved)
    text = saved.read_text("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["Lượt giao dịch (lượt)"] == str(count)
    assert saved.name == "thoi-gian-cho-2026-11-01--2026-11-22.csv"
    with page.expect_download() as xlsx_file:
        page.get_by_role("link", name="Tải Excel").click()
    book_path = tmp_path / "book.xlsx"
    xlsx_file.value.save_as(book_path)
    sheet = openpyxl.load_workbook(book_path)["Tổng hợp"]
    values = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert values["Lượt giao dịch"] == count


def test_cells_lead_to_their_tickets(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.goto(f"/waits?{DAYS}")
    cell = page.locator("svg.heat a").first
    count = re.findall(r"(\d+) lượt$", cell.get_attribute("aria-label") or "")
    cell.click()
    page.wait_for_url("**/log?*weekday=*")
    assert page.get_by_text("Chỉ gồm số lấy trong khoảng").is_visible()
    assert count == re.findall(r"cả thảy (\d+)", page.locator(".pages p").inner_text())
    page.goto(f"/waits?{DAYS}")
    page.get_by_role("rowheader", name="Chứng thực").get_by_role("link").click()
    page.wait_for_url("**/log?*service=CERT*")
    assert page.locator(".tickets tbody tr").count() > 0


def test_it_works_without_script(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"/waits?{DAYS}")
    page.locator(".choose summary").nth(1).click()
    page.get_by_role("checkbox", name="Quầy 2", exact=True).check()
    page.get_by_role("button", name="Xem").click()
    page.wait_for_url("**/waits?*counter=2*")
    assert page.locator(".choose summary").nth(1).inner_text().startswith("Quầy 2")


def test_print_unfolds_the_tables(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.goto(f"/waits?{DAYS}")
    table = page.locator("details.figures table").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    assert not page.locator(".filter").is_visible()


def test_an_empty_period_and_nonsense_are_calm(logged_in: LoggedIn, check_page: CheckPage) -> None:
    page = logged_in("viewer")
    page.goto("/waits?first=2020-01-01&last=2020-01-02&counter=x")
    assert "không có lượt giao dịch nào" in page.locator("main").inner_text()
    assert page.get_by_role("alert").count() == 1
    assert page.locator("svg.chart").count() == 0
    check_page(page)


def test_english_is_whole(logged_in: LoggedIn) -> None:
    page = logged_in("viewer")
    page.goto(f"/waits?{DAYS}&lang=en")
    assert page.locator("h1").inner_text() == "Waits"
    assert "Visits" in page.locator(".cards").inner_text()
    page.goto(f"/waits?{DAYS}&lang=vi")
    assert page.locator("h1").inner_text() == "Thời gian chờ"
