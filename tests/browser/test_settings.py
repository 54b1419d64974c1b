"""The page "Cấu hình" as an administrator uses it: an error, what changes, and the way back."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

from config import load_centre

LoggedIn = Callable[..., Page]
CheckPage = Callable[[Page], None]
PHONE = (390, 844)


class Running(Protocol):
    """What the fixture runs."""

    data: Path

    def give(self, service: str) -> str: ...

    def call_next(self, counter: int) -> str | None: ...


class Faults(Protocol):
    """What the fixture notes."""

    def forgive(self, part: str) -> None: ...


@pytest.fixture
def administrator(logged_in: LoggedIn) -> LoggedIn:
    """Open a page of an administrator who has no draft."""

    def administrator(*size: tuple[int, int]) -> Page:
        page = logged_in("administrator", *size)
        page.goto("/settings/centre")
        discard = page.get_by_role("button", name="Bỏ các thay đổi")
        if discard.is_enabled():
            discard.click()
            expect(discard).to_be_disabled()
        return page

    return administrator


def applied(page: Page) -> None:
    expect(page.locator(".notice.good")).to_contain_text("Đã áp dụng thành phiên bản")


def test_an_error_is_said_at_its_field_and_a_change_has_a_way_back(
    administrator: LoggedIn, check_page: CheckPage, running: Running
) -> None:
    waiting = running.give("CERT")
    page = administrator()
    page.goto("/settings")
    page.get_by_role("link", name="Lĩnh vực", exact=True).click()
    english = page.locator("#services-0-name-en")
    english.fill("Certification")
    page.get_by_label("4", exact=True).uncheck(force=True)
    page.locator("#services-0-mean_service_min").fill("nhanh")
    page.locator("#services-0-mean_service_min").press("Tab")
    wrong = page.locator("#wrong-services-0-mean_service_min")
    expect(wrong).to_contain_text("Mời nhập số lớn hơn 0, không quá 240.")
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Còn 1 chỗ cần sửa")
    expect(panel.get_by_role("button", name="Áp dụng thành phiên bản")).to_be_disabled()
    expect(panel).to_contain_text("Certification")
    expect(panel).to_contain_text("1, 2, 3, 4")
    expect(panel).to_contain_text("Quầy 4 thôi gọi Chứng thực.")
    check_page(page)
    page.reload()
    expect(page.locator("#services-0-mean_service_min")).to_have_value("nhanh")
    page.locator("#services-0-mean_service_min").fill("5")
    page.locator("#services-0-mean_service_min").press("Tab")
    expect(wrong).to_be_empty()
    panel.get_by_role("button", name="Áp dụng thành phiên bản").click()
    applied(page)
    expect(page.locator(".versions > li").first).to_contain_text("Certification")
    assert waiting
    check_page(page)
    page.get_by_role("button", name="Trở lại phiên bản 1", exact=True).click()
    applied(page)
    page.goto("/settings/services")
    expect(english).to_have_value(load_centre().services[0].name.en)


@pytest.mark.full
def test_two_people_at_once_see_the_changes_of_both(
    administrator: LoggedIn,
    new_page: LoggedIn,
    new_account: Callable[[str], object],
    log_in_as: Callable[[Page, object], None],
    check_page: CheckPage,
) -> None:
    mine, theirs = administrator(), new_page()
    log_in_as(theirs, new_account("administrator"))
    for page, hotline in ((mine, "1022"), (theirs, "1900 1022")):
        page.goto("/settings/centre")
        page.locator("#identity-hotline").fill(hotline)
        page.locator("#identity-hotline").press("Tab")
        expect(page.locator("#panel")).to_contain_text(hotline)
    mine.locator("#targets-target_min").fill("12")
    mine.locator("#targets-target_min").press("Tab")
    expect(mine.locator("#panel")).to_contain_text("12 phút")
    theirs.get_by_role("button", name="Áp dụng thành phiên bản").click()
    applied(theirs)
    mine.goto("/settings/centre")
    conflict = mine.locator(".conflict")
    expect(conflict).to_contain_text("Cả hai cùng sửa 1 chỗ")
    expect(conflict).to_contain_text("1900 1022")
    check_page(mine)
    mine.get_by_role("button", name="Gộp, chỗ trùng giữ của tôi").click()
    expect(mine.locator("#panel")).to_contain_text("1900 1022")
    mine.get_by_role("button", name="Áp dụng thành phiên bản").click()
    applied(mine)


@pytest.mark.full
def test_the_file_comes_back_as_the_same_centre_and_a_wrong_one_is_refused(
    administrator: LoggedIn, tmp_path: Path, faults: Faults, check_page: CheckPage
) -> None:
    page = administrator()
    page.goto("/settings/versions")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về centre.toml").click()
    file = tmp_path / "centre.toml"
    download.value.save_as(file)
    load_centre(file)
    page.goto("/settings/versions")
    page.locator("#upload").set_input_files(file)
    page.get_by_role("button", name="Đưa lên và kiểm tra").click()
    expect(page.locator("#panel")).to_contain_text("Chưa sửa gì")
    faults.forgive("status of 422")
    file.write_text(file.read_text().replace("digit = 2", "digit = 1").replace("07:30-11:30", "7"))
    page.goto("/settings/versions")
    page.locator("#upload").set_input_files(file)
    page.get_by_role("button", name="Đưa lên và kiểm tra").click()
    expect(page.locator(".wrongs")).to_contain_text("hours.mon[0]")
    expect(page.locator(".wrongs")).to_contain_text("đã dùng ở dòng 1")
    check_page(page)


@pytest.mark.parametrize(
    "tab",
    [
        "services",
        *(
            pytest.param(tab, marks=pytest.mark.full)
            for tab in ("centre", "hours", "counters", "boards", "tickets", "notices", "versions")
        ),
    ],
)
def test_every_tab_holds_on_a_phone(
    administrator: LoggedIn, check_page: CheckPage, tab: str
) -> None:
    page = administrator(PHONE)
    page.goto(f"/settings/{tab}")
    check_page(page)


def test_it_works_without_script(administrator: LoggedIn) -> None:
    page = administrator()
    page.route(
        "**/settings.js*", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.goto("/settings/hours")
    page.locator("#hours-sat").fill("7h30-11h30")
    page.get_by_role("button", name="Lưu bản nháp và kiểm tra").click()
    expect(page.locator("#hours-sat")).to_have_value("07:30-11:30")
    page.locator("#hours-sun").fill("8-11")
    page.get_by_role("button", name="Áp dụng thành phiên bản").click()
    expect(page.locator(".notice.good")).to_contain_text("Mời xem lại thay đổi")
    expect(page.locator("#panel")).to_contain_text("08:00-11:00")
    page.get_by_role("button", name="Bỏ các thay đổi").click()
    expect(page.locator("#hours-sat")).to_have_value("")
