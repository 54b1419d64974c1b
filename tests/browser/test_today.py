"""Today's page in a browser: it follows the hall, and managers act on it."""

import os
import re
from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

from bus.commands import CallColleague, Command, Reply, RequestHelp, TellManagers
from bus.vocabulary import Colleague

LoggedIn = Callable[..., Page]
CheckPage = Callable[[Page], None]
PHONE = (390, 844)


class Running(Protocol):
    """The centre that runs."""

    def give(self, service: str) -> str: ...

    def call_next(self, counter: int) -> str | None: ...

    def ask(self, device: str, command: Command) -> Reply: ...


@pytest.mark.parametrize("lang", ["vi", pytest.param("en", marks=pytest.mark.full)])
def test_it_is_a_page_for_everybody(logged_in: LoggedIn, check_page: CheckPage, lang: str) -> None:
    page = logged_in("manager")
    page.goto(f"/?lang={lang}")
    expect(page.locator(".counter")).to_have_count(9)
    expect(page.locator(".figures .card")).to_have_count(6)
    check_page(page)
    page.goto("/?lang=vi")


def test_it_follows_the_hall_by_itself(logged_in: LoggedIn, running: Running) -> None:
    page = logged_in("viewer")
    page.goto("/")
    number = running.call_next(1)
    assert number is not None
    expect(page.locator(".counter .ticket").first).to_have_text(number)
    waiting = page.locator(".figures .card").nth(1).locator("strong")
    before = int(waiting.inner_text())
    running.give("CERT")
    expect(waiting).to_have_text(str(before + 1))
    expect(page).to_have_title(re.compile(rf"^{before + 1} đang chờ"))


def test_who_waits_in_vain_and_who_needs_help_stand_on_top(
    logged_in: LoggedIn, running: Running
) -> None:
    page = logged_in("viewer", PHONE)
    page.goto("/")
    running.give("HELP")
    strips = page.locator("#notices")
    expect(strips).to_contain_text("Có người chờ, chưa quầy nào mở: Hướng dẫn")
    assert running.ask("kiosk-1", RequestHelp(place="kiosk-1")).ok
    helped = page.locator("#helped")
    expect(helped).to_contain_text("chưa ai nhận")
    assert page.locator("#notices form, #helped form").count() == 0


@pytest.mark.full
def test_a_helper_goes_prepares_the_kiosk_and_takes_the_number(
    logged_in: LoggedIn, check_page: CheckPage, running: Running
) -> None:
    page = logged_in("manager")
    page.goto("/")
    assert running.ask("kiosk-1", RequestHelp(place="Máy lấy số")).ok
    helped = page.locator("#helped")
    helped.get_by_role("button", name="Tôi đến giúp").click()
    expect(helped).to_contain_text("người của trung tâm đang đến")
    helped.get_by_role("button", name="Người không nghe được (mẫu)").click()
    expect(helped).to_contain_text("Đã gửi, máy chưa nhận: diện ưu tiên")
    helped.get_by_role("button", name="Đọc gọi chậm", exact=True).click()
    expect(helped).to_contain_text("phiếu chữ lớn, đọc gọi chậm, mời tận nơi")
    helped.get_by_role("button", name=re.compile("^Diện ưu tiên")).click()
    expect(helped).to_contain_text("Đã gửi, máy chưa nhận: phiếu chữ lớn, đọc gọi chậm")
    check_page(page)
    folder = os.environ.get("DENLUOT_SCREENSHOTS")
    if folder:
        for lang, part in (("en", "-en"), ("vi", "")):
            page.goto(f"/?lang={lang}")
            page.set_viewport_size({"width": 1440, "height": 900})
            page.screenshot(path=f"{folder}/web-today-visit{part}.png", full_page=True)
            page.set_viewport_size({"width": 390, "height": 844})
            helped.screenshot(path=f"{folder}/web-today-visit{part}-390.png")
    helped.get_by_role("button", name="Hộ tịch").click()
    expect(page.get_by_role("status").filter(has_text="Đã lấy số")).to_be_visible()
    helped.get_by_role("button", name="Đã giúp xong").click()
    expect(helped.locator("section")).to_have_count(0)


@pytest.mark.full
def test_a_manager_records_an_outage_and_its_end(
    logged_in: LoggedIn, check_page: CheckPage
) -> None:
    page, viewer = logged_in("manager"), logged_in("viewer")
    viewer.goto("/")
    page.goto("/")
    page.get_by_label("Hệ thống chậm hoặc không vào được").select_option(index=0)
    page.get_by_role("button", name="Bắt đầu tính phút gián đoạn").click()
    expect(page.get_by_role("status").filter(has_text="Đã ghi nhận gián đoạn")).to_be_visible()
    strip = page.locator(".strip").filter(has_text="gián đoạn từ")
    expect(strip).to_have_count(1)
    expect(viewer.locator("#notices")).to_contain_text("gián đoạn từ")
    assert viewer.get_by_role("button", name="Đã hoạt động lại").count() == 0
    check_page(page)
    strip.get_by_role("button", name="Đã hoạt động lại").click()
    expect(page.get_by_role("status").filter(has_text="hoạt động lại")).to_be_visible()
    expect(strip).to_have_count(0)
    expect(viewer.locator("#notices")).not_to_contain_text("gián đoạn từ")


def test_an_oldest_wait_is_said_by_a_word_too(logged_in: LoggedIn, running: Running) -> None:
    running.give("TAX")
    page = logged_in("viewer")
    page.goto("/")
    badge = page.locator(".lines .badge").first
    verdict = r"trong mục tiêu \d+ phút|\d+–\d+ phút|quá 20 phút"
    expect(badge).to_contain_text(re.compile(verdict))  # whoever has waited here by now
    expect(page.locator(".legend li")).to_have_text(
        [re.compile(r"trong mục tiêu \d+ phút"), re.compile(r"\d+–\d+ phút"), "quá 20 phút"]
    )


def test_a_manager_comes_and_tells_counters_something(
    logged_in: LoggedIn, running: Running, check_page: CheckPage
) -> None:
    page = logged_in("manager")
    page.goto("/")
    assert running.ask("counter-5", CallColleague(counter=5, whom=Colleague.GUARD)).ok
    strips = page.locator("#notices")
    expect(strips).to_contain_text("Quầy 5 cần bảo vệ")
    sound = page.get_by_role("button", name="Âm báo")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    strips.get_by_role("button", name="Tôi đến giúp").click()
    expect(strips).to_contain_text("Quản lý đang đến")
    page.get_by_label("Tin nhắn, đến 120 chữ").fill("Họp giao ban lúc 11:30")
    page.get_by_label("5", exact=True).check()
    page.get_by_role("button", name="Gửi tin nhắn").click()
    said = page.locator("#messages")
    expect(said).to_contain_text("Gửi quầy 5")
    assert running.ask("counter-5", TellManagers(counter=5, text="Vâng, đã rõ.")).ok
    expect(said).to_contain_text("Vâng, đã rõ.")
    check_page(page)
    folder = os.environ.get("DENLUOT_SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/web-today-messages.png", full_page=True)
