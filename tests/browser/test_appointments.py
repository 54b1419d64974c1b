"""`/appointments` in Chromium: a phone, a large phone, a PC; keys alone; without script."""

import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from web.export.csv_file import csv_file

pytestmark = pytest.mark.full
SIZES = {"360": (360, 640), "412": (412, 892), "1280": (1280, 800)}
DAY, FURTHER_DAY = "2026-11-24", "2026-11-26"
"""The hall's today is Monday, the 23rd."""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_FOCUSED = "(wanted) => document.activeElement?.matches(wanted) ?? false"
HEADS = ["Mã bên kia", "Lĩnh vực", "Ngày", "Giờ", "Họ tên", "Điện thoại"]
NOBODY = ["Nguyễn Văn An", "0900 000 000"]

LoggedIn = Callable[..., Page]


def keep(page: Page, name: str) -> None:
    if directory := os.environ.get("DENLUOT_SCREENSHOTS"):
        path = Path(directory) / f"web-appointments{name}.png"
        page.screenshot(path=str(path), full_page=True)


def sound(page: Page, name: str = "") -> None:
    """See that nothing is grave for axe and nothing scrolls sideways; keep the picture."""
    grave = [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert not grave, "\n".join(grave)
    assert page.evaluate(_SIDEWAYS) <= 0, page.url
    if name:
        keep(page, name)


@pytest.fixture
def officer(logged_in: LoggedIn) -> LoggedIn:
    """Open a page of an officer in a hall whose first service appoints people."""
    page = logged_in("administrator")
    page.goto("/settings/services")
    hours = page.locator("#services-0-appointment_hours")
    if not hours.input_value():
        hours.fill("08:00-11:00, 14:00-16:30")
        page.locator("#services-0-appointment_seats").fill("20")
        page.locator("#services-0-appointment_seats").press("Tab")
        page.get_by_role("button", name="Áp dụng thành phiên bản").click()
        expect(page.locator(".notice.good")).to_contain_text("Đã áp dụng thành phiên bản")

    def officer(size: str = "1280") -> Page:
        return logged_in("officer", SIZES[size])

    return officer


@pytest.fixture
def without_script(browser: Browser, running: object) -> Iterator[Callable[[Page], Page]]:
    """Go on as the same person where nothing runs in the browser."""
    contexts = []

    def open_page(page: Page) -> Page:
        context = browser.new_context(
            base_url=running.url,  # type: ignore[attr-defined]
            viewport={"width": 360, "height": 640},
            java_script_enabled=False,
            locale="vi-VN",
            storage_state=page.context.storage_state(),
            accept_downloads=True,
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def free(page: Page) -> Locator:
    return page.locator(".slot:not([disabled])")


def list_of(prefix: str, times: list[str], day: str = "24/11/2026") -> bytes:
    rows = [[f"{prefix}-{at}", "Chứng thực", day, time, *NOBODY] for at, time in enumerate(times)]
    return csv_file([HEADS, *rows])


def upload(page: Page, content: bytes) -> None:
    page.goto("/appointments/import")
    page.locator("#upload").set_input_files(
        {"name": "lich-hen.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Kiểm tra tệp").click()


def codes_of(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải mã hẹn").click()
    content = Path(download.value.path()).read_bytes()
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]


@pytest.mark.parametrize("size", SIZES)
def test_a_seat_is_booked_read_out_moved_and_given_back(
    officer: LoggedIn, size: str, logged_in: LoggedIn
) -> None:
    page = officer(size)
    page.goto("/appointments")
    page.get_by_role("link", name="Ngày sau").click()
    expect(free(page).first).to_be_visible()
    sound(page, f"-{size}")
    time = free(page).first.locator(".num").inner_text()
    free(page).first.click()
    code = page.locator("#code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{3}-[0-9A-Z]{3}", code)
    sound(page, f"-code-{size}")
    with page.expect_popup() as slip:
        page.get_by_role("button", name="In phiếu hẹn").click()
    expect(slip.value.locator(".slip")).to_contain_text(code)
    expect(slip.value.get_by_role("button", name="In phiếu")).to_be_visible()
    sound(slip.value, f"-slip-{size}")
    slip.value.close()
    page.locator("#code-field").fill(code.lower().replace("-", " "))
    page.locator("#code-field").press("Enter")
    card = page.locator(".code-card")
    expect(card).to_contain_text(time)
    card.get_by_role("link", name="Đổi giờ").click()
    free(page).last.click()
    expect(page.locator("#code")).to_have_text(code)
    expect(card).not_to_contain_text(time)
    card.get_by_role("button", name="Hủy hẹn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã hủy lịch hẹn")
    assert code not in page.content()
    administrator = logged_in("administrator", SIZES[size])
    administrator.goto("/settings/services")
    sound(administrator, f"-settings-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_list_is_checked_booked_and_its_codes_come_back(
    officer: LoggedIn, size: str, check_page: Callable[[Page], None]
) -> None:
    page = officer(size)
    content = list_of(f"DVC-{size}", ["08:00", "08:30", "08:10", "19:00"])
    upload(page, content)
    expect(page.locator("#taken-title")).to_contain_text("Đã kiểm tra, chưa đặt gì", timeout=60_000)
    expect(page.locator(".taken")).to_contain_text("Không có khung giờ 08:10")
    expect(page.locator(".taken")).to_contain_text("Họ tên, Điện thoại")
    assert NOBODY[0] not in page.content()
    sound(page, f"-import-{size}")
    check_page(page)
    page.get_by_role("button", name="Đặt 2 lịch hẹn").click()
    expect(page.locator("#taken-title")).to_contain_text("Đã nhập xong", timeout=60_000)
    sound(page, f"-imported-{size}")
    rows = codes_of(page)
    assert [row[0] for row in rows] == [f"DVC-{size}-{at}" for at in range(4)]
    assert [bool(row[4]) for row in rows] == [True, True, False, False]
    page.get_by_role("button", name="Xong, xóa khỏi trang").click()
    expect(page.locator("#taken-title")).to_have_count(0)
    assert rows[0][4] not in page.content()
    page.goto("/appointments")
    page.locator("#code-field").fill(rows[1][4])
    page.locator("#code-field").press("Enter")
    expect(page.locator(".code-card")).to_contain_text("08:30, 24/11/2026")
    upload(page, content)  # the file again books nobody and tells the codes
    expect(page.locator(".counts")).to_contain_text("2 đã nhập trước đó")
    page.get_by_role("button", name="Lấy lại mã").click()
    expect(page.locator("#taken-title")).to_contain_text("Đã nhập xong", timeout=60_000)
    assert [row[4] for row in codes_of(page)] == [row[4] for row in rows]
    page.goto("/appointments/import?lang=en")
    sound(page, f"-imported-en-{size}")
    page.goto("/appointments/import?lang=vi")
    page.get_by_role("button", name="Xong, xóa khỏi trang").click()


def test_a_long_list_tells_how_far_it_is(officer: LoggedIn) -> None:
    page = officer()
    times = [f"{hour:02}:{minute}" for hour in (8, 9, 10, 14, 15) for minute in ("00", "30")]
    upload(page, list_of("LONG", times * 15, "26/11/2026"))
    page.get_by_role("button", name="Đặt 150 lịch hẹn").click()
    expect(page.locator("#progress")).to_be_visible()
    sound(page, "-progress")
    expect(page.locator("#taken-title")).to_contain_text("Đã nhập xong", timeout=60_000)
    assert len({row[4] for row in codes_of(page)}) == 150
    page.get_by_role("button", name="Xong, xóa khỏi trang").click()


def test_keys_alone_book_and_find(officer: LoggedIn) -> None:
    page = officer()
    page.goto(f"/appointments?service=CERT&day={DAY}")

    def to(wanted: str) -> None:
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate(_FOCUSED, wanted):
                return
        raise AssertionError(wanted)

    to(".slot")
    page.keyboard.press("Enter")
    code = page.locator("#code").inner_text()
    to("#code-field")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_have_text(code)
    to(".code-card [action='/appointments/slip'] button")
    with page.expect_popup() as slip:
        page.keyboard.press("Space")
    expect(slip.value.locator(".slip")).to_contain_text(code)
    slip.value.close()
    to(".code-card [action='/appointments/cancel'] button")
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_contain_text("Đã hủy lịch hẹn")


def test_everything_works_without_script(
    officer: LoggedIn, without_script: Callable[[Page], Page]
) -> None:
    page = without_script(officer())
    page.goto(f"/appointments?service=CERT&day={FURTHER_DAY}")
    free(page).first.click()
    code = page.locator("#code").inner_text()
    page.locator("#code-field").fill(code)
    page.get_by_role("button", name="Tìm", exact=True).click()
    with page.expect_popup() as slip:
        page.get_by_role("button", name="In phiếu hẹn").click()
    expect(slip.value.locator(".slip")).to_contain_text(code)
    slip.value.close()
    page.locator(".code-card").get_by_role("button", name="Hủy hẹn").click()
    page.get_by_text("Đã hủy lịch hẹn").wait_for()
    upload(page, list_of("PLAIN", ["09:00", "09:30"]))
    page.get_by_role("button", name="Đặt 2 lịch hẹn").click()
    done = page.get_by_text("Đã nhập xong")
    for _ in range(200):
        if done.count():
            break
        page.get_by_role("link", name="Xem lại tiến độ").click()
    assert [bool(row[4]) for row in codes_of(page)] == [True, True]
    page.get_by_role("button", name="Xong, xóa khỏi trang").click()
