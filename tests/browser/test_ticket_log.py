"""The page "Nhật ký lượt" as managers use it: search, a story, pages, the proof, a phone."""

import re
from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

LoggedIn = Callable[..., Page]
CheckPage = Callable[[Page], None]
PHONE = (390, 844)


class Running(Protocol):
    """The centre that runs."""

    def give(self, service: str) -> str: ...

    def call_next(self, counter: int) -> str | None: ...


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


@pytest.mark.parametrize("lang", ["vi", "en"])
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
    for _ in range(300):
        if wanted():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.content())
