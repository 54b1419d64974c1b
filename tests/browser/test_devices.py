"""The page "Thiết bị": what is seen of devices, and what a manager has them do."""

import os
import queue
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Page, expect

from bus import health, orders
from bus.mqtt import Account
from bus.session import Session, at_once, connect
from bus.vocabulary import (
    OrderOutcome,
    PrinterState,
    SignState,
    SoundState,
    UnitState,
)
from provisioning.backup.status import STATUS_FILE, BackupStatus, write_status
from provisioning.site_db import FILE_NAME

LoggedIn = Callable[..., Page]


class Faults(Protocol):
    """What went wrong in the pages of a test."""

    def forgive(self, part: str) -> None: ...


class Centre(Protocol):
    """The running centre of the harness."""

    broker: Any
    centre: Any
    clock: Any
    links: dict[str, Session]
    data: Path


WITHIN_S = 60.0
SCRIPT = "<script>document.title='lost'</script> & \"xe\" 15A"


class Player:
    """A device of the hall in the test's hand."""

    def __init__(self, running: Centre, device: str, version: str | None = None) -> None:
        broker = running.broker
        account = Account(broker.host, broker.port, "player", device, broker.passwords[device])
        self.link: Session = connect(
            account,
            running.centre.identity.site,
            device.rsplit("-", 1)[0],
            now=running.clock.now,
            monotonic=running.clock.monotonic,
            deliver=at_once,
            version=version,
        )
        self.told: queue.Queue[orders.AnyOrder] = queue.Queue()
        self.link.follow_orders(self.told.put)

    def start(self, state: health.AnyHealth) -> None:
        self.link.set_health(state)
        self.link.start()

    def order(self) -> orders.AnyOrder:
        return self.told.get(timeout=WITHIN_S)


Hall = dict[str, Player]


@pytest.fixture(scope="module")
def hall(running: Centre) -> Iterator[Hall]:
    expect.set_options(timeout=WITHIN_S * 1000)
    at = running.clock.now()
    states: dict[str, health.AnyHealth] = {
        "kiosk-1": health.KioskHealth(
            printer=PrinterState.PAPER_LOW,
            printers={
                "main": health.PrinterHealth(
                    state=PrinterState.PAPER_LOW, capability="full", last_proof=at
                )
            },
        ),
        "board-1": health.BoardHealth(screen="HDMI-1", exposed=True),
        "announcer-1": health.AnnouncerHealth(sound=SoundState.OK, output="USB Audio", volume=0.7),
        "sign-1": health.SignHealth(signs={1: SignState.OK, 2: SignState.DEAD}),
        "keypad-1": health.KeypadHealth(
            units={"a": health.KeypadUnit(counter=4, state=UnitState.READY)}
        ),
    }
    if "kiosk-1" in running.links:  # whom the harness has take numbers
        running.links.pop("kiosk-1").stop()
    hall = {
        device: Player(running, device, "0.0.9" if device == "board-1" else None)
        for device in states
    }
    for device, player in hall.items():
        player.start(states[device])
    yield hall
    for player in hall.values():
        player.link.stop()


def row(page: Page, device: str) -> Any:  # noqa: ANN401 - a locator
    return page.locator(f"#device-{device}")


def test_a_viewer_sees_how_every_device_is_and_can_do_nothing(
    hall: Hall, logged_in: LoggedIn, check_page: Callable[[Page], None]
) -> None:
    assert hall
    page = logged_in("viewer")
    page.goto("/devices")
    expect(row(page, "kiosk-1")).to_contain_text("Sắp hết giấy")
    expect(row(page, "kiosk-1")).to_contain_text("chuẩn bị cuộn mới")
    expect(row(page, "kiosk-1")).to_contain_text("máy in xác nhận từng phiếu")
    expect(row(page, "sign-1")).to_contain_text("Bảng LED quầy 2 không sáng số")
    expect(row(page, "keypad-1")).to_contain_text("Quầy 4: tốt")
    expect(row(page, "announcer-1")).to_contain_text("Âm lượng 70 %")
    expect(row(page, "board-1")).to_contain_text("Phiên bản 0.0.9, khác trung tâm")
    expect(row(page, "board-2")).to_contain_text("Chưa kết nối")
    assert page.locator("main form").count() == 0
    assert int(page.locator("nav .badge").inner_text()) >= 2
    check_page(page)
    page.goto("/devices?lang=en")
    expect(row(page, "kiosk-1")).to_contain_text("the printer confirms each ticket")
    page.goto("/devices?lang=vi")


def test_a_test_is_pressed_carried_out_and_its_end_is_seen(hall: Hall, logged_in: LoggedIn) -> None:
    page = logged_in("manager")
    page.goto("/devices")
    for device, kind, outcome, said in (
        ("kiosk-1", orders.PrintTest, OrderOutcome.DONE, "Đã in trang thử, máy in xác nhận"),
        ("announcer-1", orders.Speak, OrderOutcome.DONE, "Đã đọc xong"),
        ("board-1", orders.Blink, OrderOutcome.DONE, "Đã hiện"),
        ("sign-1", orders.Blink, OrderOutcome.FAILED, "Không hiện được"),
    ):
        row(page, device).get_by_role("button", name="Thử", exact=False).first.click()
        expect(page.get_by_role("status")).to_contain_text("Đã yêu cầu thử")
        order = hall[device].order()
        assert isinstance(order, kind)
        outcome_line = page.locator(f"#outcome-{device}")
        expect(outcome_line).not_to_be_empty()
        page.evaluate("document.body.dataset.kept = 'yes'")
        hall[device].link.report(order.id, outcome)
        expect(outcome_line).to_contain_text(said)
        assert page.evaluate("document.body.dataset.kept") == "yes", "told without a reload"


def test_the_volume_is_set(hall: Hall, logged_in: LoggedIn) -> None:
    page = logged_in("manager")
    page.goto("/devices")
    row(page, "announcer-1").get_by_label("Âm lượng", exact=True).select_option("40")
    row(page, "announcer-1").get_by_role("button", name="Đặt âm lượng Loa 1").click()
    order = hall["announcer-1"].order()
    assert isinstance(order, orders.SetVolume)
    assert order.volume == 0.4
    hall["announcer-1"].link.report(order.id, OrderOutcome.DONE)
    expect(page.locator("#outcome-announcer-1")).to_contain_text("Đã đặt âm lượng")


def test_a_text_is_spoken_and_what_cannot_be_is_said_at_its_field(
    hall: Hall, logged_in: LoggedIn, check_page: Callable[[Page], None], faults: Faults
) -> None:
    faults.forgive("status of 422")
    page = logged_in("manager")
    page.goto("/devices")
    page.get_by_label("Nội dung cần đọc").fill(" \u200e ")
    page.get_by_role("button", name="Đọc", exact=True).click()
    expect(page.locator("#speech-text-wrong")).to_contain_text("ký tự không hiện được")
    check_page(page)
    page.get_by_label("Nội dung cần đọc").fill("Mời chủ xe  15A-123.45\nra cửa chính.")
    page.get_by_role("button", name="Đọc", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("đọc sau các lượt gọi")
    order = hall["announcer-1"].order()
    assert isinstance(order, orders.Speak)
    assert order.text == "Mời chủ xe 15A-123.45 ra cửa chính."
    hall["announcer-1"].link.report(order.id, OrderOutcome.FAILED, "too_old")
    expect(page.locator("#outcome-announcer-1")).to_contain_text("chờ quá lâu")


@pytest.mark.full
def test_texts_run_on_the_boards_until_they_are_taken_off(
    hall: Hall, logged_in: LoggedIn, faults: Faults
) -> None:
    assert hall
    faults.forgive("status of 422")
    page, other = logged_in("manager"), logged_in("viewer")
    page.goto("/devices")
    other.goto("/devices")
    page.get_by_label("Nội dung", exact=True).fill("Nghỉ trưa")
    page.get_by_label("Chạy đến").fill("2020-01-01T08:00")
    page.get_by_role("button", name="Đưa lên bảng").click()
    expect(page.locator("#notice-until-wrong")).to_contain_text("Giờ này đã qua")
    assert page.get_by_label("Nội dung", exact=True).input_value() == "Nghỉ trưa"
    for text in (SCRIPT, "Nghỉ trưa từ 11:30"):
        page.goto("/devices")
        page.get_by_label("Nội dung", exact=True).fill(text)
        page.get_by_role("button", name="Đưa lên bảng").click()
        expect(page.locator(".running")).to_contain_text(text)
    expect(other.locator(".running")).to_contain_text("Nghỉ trưa từ 11:30")
    assert other.locator(".running button").count() == 0
    page.get_by_role("button", name=f"Bỏ: {SCRIPT}").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ dòng chữ")
    expect(page.locator(".running li")).to_have_count(1)
    assert "Thiết bị" in page.title()
    page.get_by_role("button", name="Bỏ: Nghỉ trưa từ 11:30").click()
    expect(page.get_by_text("Chưa có dòng chữ nào đang chạy.")).to_be_visible()


def test_a_device_that_goes_is_told_at_once(
    hall: Hall, logged_in: LoggedIn, running: Centre
) -> None:
    page = logged_in("viewer")
    page.goto("/devices")
    assert hall
    gone = Player(running, "board-2")
    gone.start(health.BoardHealth(screen="HDMI-2", exposed=True))
    expect(row(page, "board-2")).to_contain_text("Tốt")
    gone.link.stop()
    expect(row(page, "board-2")).to_contain_text("Mất kết nối từ")
    expect(page.locator("#device-strips")).to_contain_text("Bảng gọi số 2")


def test_nonsense_is_answered_with_a_sentence(
    hall: Hall, logged_in: LoggedIn, faults: Faults
) -> None:
    assert hall
    faults.forgive("status of 4")
    page = logged_in("manager")
    for query, said in (
        ("refused=<b>", "Không thực hiện được"),
        ("refused=too_fast", "Việc trước chưa xong"),
        ("done=<script>", ""),
    ):
        answer = page.goto(f"/devices?{query}")
        assert answer is not None
        assert answer.status == 200
        expect(page.locator("main")).to_contain_text(said)
    csrf = page.locator("input[name=_csrf]").first.input_value()
    for path, fields, status in (
        ("/devices/test", {"device": "kiosk-99"}, "refused=unknown"),
        ("/devices/test", {"device": "../../etc"}, "refused=unknown"),
        ("/devices/test", {}, "refused="),
        ("/devices/volume", {"device": "announcer-1", "volume": "²"}, "refused=invalid"),
        ("/devices/volume", {"device": "announcer-1", "volume": "101"}, "refused=invalid"),
        ("/devices/notices/withdraw", {"notice": "999999"}, "refused=unknown"),
    ):
        answered = page.request.post(path, form={"_csrf": csrf, **fields})
        assert status in answered.url, (path, answered.url)
    for fields in (
        {"text": "x" * 201, "until": "2030-01-01T00:00"},
        {"text": "x", "until": "nonsense"},
        {"text": "x", "until": "0001-01-01T00:00"},
        {"text": "x", "until": "9999-12-31T23:59"},
    ):
        answered = page.request.post("/devices/notices", form={"_csrf": csrf, **fields})
        assert answered.status == 422, fields
    answered = page.request.post("/devices/test", form={"device": "kiosk-1"})
    assert answered.status == 403


def test_what_managers_did_is_in_the_audit(
    hall: Hall, logged_in: LoggedIn, running: Centre
) -> None:
    assert hall
    page = logged_in("manager")
    page.goto("/devices")
    until = (running.clock.now() + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    page.get_by_label("Nội dung", exact=True).fill("Họp tổ dân phố")
    page.get_by_label("Chạy đến").fill(until)
    page.get_by_role("button", name="Đưa lên bảng").click()
    page.get_by_role("button", name="Bỏ: Họp tổ dân phố").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ")
    with closing(sqlite3.connect(running.data / FILE_NAME)) as db:
        rows = db.execute("SELECT action, detail FROM audit ORDER BY rowid DESC LIMIT 2")
        assert rows.fetchall() == [
            ("withdraw_notice", "Họp tổ dân phố"),
            ("post_notice", "Họp tổ dân phố"),
        ]


def test_the_page_says_how_old_the_last_backup_is(
    logged_in: LoggedIn, hall: Hall, running: Centre
) -> None:
    del hall
    now = running.clock.now()
    good = BackupStatus(good_at=now - timedelta(hours=3), folder="/var/backups/denluot")
    try:
        write_status(running.data, good)
        page = logged_in("manager")
        page.goto("/devices")
        expect(page.locator("#backup")).to_contain_text("bản sao lưu gần nhất: 3 giờ trước")
        keep_picture(page, "devices-backup")
        full = BackupStatus(
            good_at=now - timedelta(hours=50),
            problem="{folder} không ghi được nữa (USB bị rút ra?). Các bản cũ vẫn còn nguyên.",
            values={"folder": "/media/usb"},
        )
        write_status(running.data, full)
        page.goto("/devices")
        expect(page.locator("#backup")).to_contain_text("/media/usb không ghi được nữa")
        page.goto("/")
        expect(page.locator("#notices")).to_contain_text("bản sao lưu gần nhất: 2 ngày trước")
        keep_picture(page, "today-backup")
    finally:
        (running.data / STATUS_FILE).unlink(missing_ok=True)


def keep_picture(page: Page, name: str) -> None:
    """Write a picture where DENLUOT_SCREENSHOTS says."""
    folder = os.environ.get("DENLUOT_SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
