"""The maintenance menu, touched as technicians touch it, over a citizen's screen."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bus.codec import encode
from bus.commands import IssueTicket, SetDeviceVolume
from bus.health import AnnouncerHealth
from bus.states import DeviceStatus
from bus.vocabulary import Error, PrinterState, PrintOutcome
from config.watchdog import Watchdog
from hall.citizen.session import Page as CitizenPage
from hall.maintenance.menu import CODE_LENGTH, CODE_LETTERS, IDLE_S, Page
from hall.words.arguments import start
from hardware.printer import Level, PrinterHealth, PrintResult, Reason, StationHealth
from kiosk.machine import own_addresses, this_machine
from kiosk.maintenance import TOUCHES, WITHIN_S
from provisioning.errors import ProvisioningError
from provisioning.maintenance_pin import FREE
from provisioning.pairing.codes import LETTERS, new_code

PIN = "471986"
SIZES = [(1080, 1920), (1366, 768), (1920, 1080), (1280, 720), (720, 1280)]
PAGES = ["menu", "volume", "printer", "network", "pairing", "restart", "ask_machine"]
_TOUCH_MM = 81


@pytest.fixture
def shown(show: Callable[..., Any]) -> Any:
    screen = show()
    screen.hall.machine.pin.set(PIN)
    return screen


def gesture(shown: Any) -> None:
    for _ in range(TOUCHES):
        shown.touch_at(shown.centre_of("emblem"))
        shown.hall.clock.advance(WITHIN_S / TOUCHES / 2)
    shown.hall.until(lambda: shown.visible("close"))


def type_in(shown: Any, keys: str) -> None:
    for key in keys:
        shown.touch(f"key-{key}")


def enter(shown: Any, page: str = "menu") -> None:
    """Get in, and turn to a page."""
    gesture(shown)
    type_in(shown, PIN)
    shown.touch("key-enter")
    shown.hall.until(lambda: shown.hall.maintenance.menu.page is Page.MENU)
    ways = {"menu": [], "ask_machine": ["restart", "ask_machine"]}
    for step in ways.get(page, [page]):
        shown.hall.until(lambda step=step: shown.visible(step))
        shown.touch(step)
    shown.hall.until(lambda: shown.hall.maintenance.menu.page.value == page)


def announcer(shown: Any, volume: float) -> None:
    hall = shown.hall
    status = DeviceStatus(
        online=True, kind="announcer", at=hall.clock.now(), health=AnnouncerHealth(volume=volume)
    )
    topics = hall.service.link.topics
    hall.service.link.bus.publish(topics.status("announcer-1"), encode(status), retain=True)


def test_five_touches_of_the_emblem_open_it_and_four_do_not(shown: Any) -> None:
    for _ in range(TOUCHES - 1):
        shown.touch_at(shown.centre_of("emblem"))
    shown.hall.clock.advance(WITHIN_S + 0.1)
    shown.touch_at(shown.centre_of("emblem"))
    assert not shown.hall.maintenance.menu.open
    gesture(shown)
    assert shown.hall.maintenance.menu.page is Page.PIN


def test_without_a_pin_it_says_how_to_set_one_and_closes(show: Callable[..., Any]) -> None:
    shown = show()
    gesture(shown)
    assert "sudo denluot pin" in shown.words()
    shown.touch("close")
    assert not shown.hall.maintenance.menu.open


def test_wrong_pins_make_wait_and_the_menu_stays_shut(
    shown: Any, expected_warnings: list[str]
) -> None:
    expected_warnings.append("wrong maintenance pin")
    gesture(shown)
    for _ in range(FREE):
        type_in(shown, "000111")
        shown.touch("key-enter")
    shown.hall.until(lambda: "Mời thử lại sau" in shown.words())
    assert not shown.visible("key-1")
    shown.hall.clock.advance(31)
    shown.hall.maintenance.tick()
    shown.hall.until(lambda: shown.visible("key-1"))
    type_in(shown, PIN)
    shown.touch("key-enter")
    shown.hall.until(lambda: shown.visible("volume"))


def test_nothing_behind_the_pin_is_done_before_it(shown: Any) -> None:
    gesture(shown)
    for what in ("volume", "test", "restart_machine", "restart_program", "menu", "pairing"):
        shown.hall.pause()
        shown.screens.maintenance.act(what)
    assert shown.hall.maintenance.menu.page is Page.PIN
    assert shown.hall.machine.asked == []
    assert shown.hall.printer.papers == []


@pytest.mark.full
def test_a_menu_that_is_closed_does_nothing_either(shown: Any) -> None:
    for what in ("volume", "test", "restart_machine", "key:1", "enter", "nonsense", ""):
        shown.hall.pause()
        shown.screens.maintenance.act(what)
    assert not shown.hall.maintenance.menu.open
    assert shown.hall.machine.asked == []


def test_it_closes_by_itself_and_the_citizen_goes_on(shown: Any) -> None:
    shown.touch("large")
    enter(shown)
    shown.hall.clock.advance(IDLE_S)
    shown.hall.maintenance.tick()
    shown.hall.until(lambda: not shown.visible("close"))
    assert shown.hall.kiosk.session.sight.large, "what the citizen chose stays"
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.hall.kiosk.session.page is CitizenPage.TICKET)


def test_a_number_that_is_on_its_way_arrives_beneath_it(shown: Any) -> None:
    hall = shown.hall
    hall.service.answering = False
    gesture(shown)
    hall.kiosk.choose("CIVIL")
    hall.until(lambda: bool(hall.service.of(IssueTicket)))
    for command in hall.service.received:
        hall.service.answer(command)
    hall.until(lambda: hall.kiosk.session.page is CitizenPage.TICKET)
    assert len(hall.printer.papers) == 1
    shown.touch("close")
    hall.until(lambda: shown.visible("number"))


def test_the_volume_of_the_halls_loudspeaker_is_set_by_the_service(shown: Any) -> None:
    enter(shown, "volume")
    assert not shown.visible("louder:announcer-1")
    announcer(shown, 0.5)
    shown.hall.until(lambda: bool(shown.hall.maintenance.facts.voices[0].volume))
    shown.hall.maintenance.tick()
    shown.hall.until(lambda: shown.visible("louder:announcer-1"))
    shown.touch("louder:announcer-1")
    shown.touch("louder:announcer-1")
    shown.hall.until(lambda: "70 %" in shown.words())
    shown.hall.until(lambda: len(shown.hall.service.of(SetDeviceVolume)) == 2)
    sent = [(c.device, c.volume, c.by) for c in shown.hall.service.of(SetDeviceVolume)]
    assert sent == [("announcer-1", 0.6, None), ("announcer-1", 0.7, None)]


@pytest.mark.full
def test_a_volume_that_was_refused_is_not_shown(shown: Any) -> None:
    shown.hall.service.errors[SetDeviceVolume] = Error.UNAVAILABLE
    enter(shown, "volume")
    announcer(shown, 0.5)
    shown.hall.until(lambda: bool(shown.hall.maintenance.facts.voices[0].volume))
    shown.hall.maintenance.tick()
    shown.touch("quieter:announcer-1")
    shown.hall.until(lambda: "Chưa gửi được" in shown.words())
    assert "50 %" in shown.words()


def test_a_test_page_comes_from_the_real_desk_and_is_no_number(shown: Any) -> None:
    enter(shown, "printer")
    shown.touch("test")
    shown.hall.until(lambda: "xác nhận đã in" in shown.words())
    assert [paper.service for paper in shown.hall.printer.papers] == ["PHIẾU IN THỬ"]
    assert shown.hall.service.results == [], "nobody but who stands there asked for it"
    shown.hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    shown.touch("test")
    shown.hall.until(lambda: "thay cuộn giấy mới" in shown.words())


@pytest.mark.full
def test_one_test_page_at_a_time(shown: Any) -> None:
    shown.hall.printer.result = None
    enter(shown, "printer")
    shown.touch("test")
    shown.touch("test")
    assert len(shown.hall.printer.papers) == 1
    shown.hall.printer.held[0](PrintResult(PrintOutcome.UNKNOWN, None, "fake"))
    shown.hall.until(lambda: "mời nhìn giấy" in shown.words())


def test_pairing_hands_the_code_on_and_says_what_came_of_it(shown: Any) -> None:
    enter(shown, "pairing")
    type_in(shown, "AB2")
    shown.touch("key-enter")
    shown.hall.until(lambda: "8 ký tự" in shown.item("maintenanceNote").property("text"))
    type_in(shown, "CD3EF")
    shown.hall.machine.join_error = ProvisioningError("mã đã hết hạn")
    shown.touch("key-enter")
    shown.hall.until(lambda: "mã đã hết hạn" in shown.words())
    shown.hall.machine.join_error = None
    shown.touch("key-enter")
    shown.hall.until(lambda: "Đã ghép" in shown.words())
    assert shown.hall.machine.asked == ["join AB2CD3EF vi", "join AB2CD3EF vi"]


@pytest.mark.full
def test_an_error_of_ours_while_pairing_leaves_a_menu_that_works(
    shown: Any, expected_warnings: list[str]
) -> None:
    expected_warnings.append("pairing failed")
    enter(shown, "pairing")
    type_in(shown, "AB2CD3EF")
    shown.hall.machine.join_error = KeyError("bug")
    shown.touch("key-enter")
    shown.hall.until(lambda: "Chưa ghép được" in shown.words())
    shown.touch("back")
    shown.hall.until(lambda: shown.visible("volume"))


def test_a_restart_is_asked_for_and_confirmed(shown: Any) -> None:
    enter(shown, "ask_machine")
    shown.touch("keep")
    assert shown.hall.machine.asked == []
    shown.touch("ask_program")
    shown.touch("restart_program")
    shown.hall.until(lambda: "Đang khởi động lại" in shown.words())
    assert shown.hall.machine.asked == ["program"]


def test_a_double_tap_does_not_confirm_what_it_opened(shown: Any) -> None:
    enter(shown, "restart")
    shown.hall.pause()
    shown.screens.maintenance.act("ask_machine")
    shown.screens.maintenance.act("restart_machine")
    assert shown.hall.machine.asked == []
    assert shown.hall.maintenance.menu.page is Page.ASK_MACHINE


@pytest.mark.full
def test_a_machine_that_cannot_be_asked_says_why(shown: Any) -> None:
    shown.hall.machine.restart_error = OSError(30, "Read-only file system")
    enter(shown, "ask_machine")
    shown.touch("restart_machine")
    shown.hall.until(lambda: "Read-only file system" in shown.words())


def test_without_systemd_it_says_so(shown: Any) -> None:
    shown.hall.maintenance._box = replace(shown.hall.maintenance._box, restart_program=None)
    enter(shown, "restart")
    shown.touch("ask_program")
    shown.touch("restart_program")
    shown.hall.until(lambda: "systemd" in shown.words())


def test_no_key_of_a_keyboard_gets_in_or_out(shown: Any) -> None:
    gesture(shown)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_1):
        QTest.keyClick(shown.window, key)
    assert shown.hall.maintenance.menu.page is Page.PIN
    assert shown.hall.maintenance.menu.typed == ""


def test_a_code_is_typed_with_the_letters_it_is_made_of() -> None:
    assert set(CODE_LETTERS) == set(LETTERS)
    assert len(new_code()) == CODE_LENGTH


def test_a_kiosk_without_a_device_file_says_that_it_cannot_be_paired(tmp_path: Path) -> None:
    launch = start("kiosk", "", ["--data", str(tmp_path)], {})
    join = this_machine(launch, lambda: None).join
    assert join is not None
    with pytest.raises(ProvisioningError, match="--device"):
        join("AB2CD3EF", "vi")


def test_only_under_systemd_a_restart_is_possible(tmp_path: Path) -> None:
    alone = start("kiosk", "", ["--data", str(tmp_path)], {})
    assert this_machine(alone, lambda: None).restart_program is None
    assert this_machine(alone, lambda: None).restart_machine is None
    watched = replace(alone, watchdog=Watchdog(str(tmp_path / "notify")))
    assert this_machine(watched, lambda: None).restart_program is not None
    assert this_machine(watched, lambda: None).restart_machine is not None


def test_own_addresses_are_those_others_can_reach() -> None:
    assert not {"127.0.0.1", "::1"} & set(own_addresses())
    assert not [each for each in own_addresses() if each.startswith("fe80")]


@pytest.mark.parametrize(
    ("size", "language"),
    [
        ((1080, 1920), "vi"),
        ((1366, 768), "en"),
        *(
            pytest.param(size, language, marks=pytest.mark.full)
            for size in SIZES
            for language in ("vi", "en")
        ),
    ],
)
def test_every_page_fits_and_can_be_touched(
    shown: Any, size: tuple[int, int], language: str
) -> None:
    hall = shown.hall
    if language == "en":
        shown.touch("language")
    shown.resize(*size)
    hall.kiosk.printing.tell_health(
        StationHealth(
            PrinterState.PAPER_OUT,
            {
                "front": PrinterHealth(PrinterState.PAPER_OUT, Level.FULL),
                "back": PrinterHealth(PrinterState.WRONG_BAUD, Level.NONE),
            },
        )
    )
    announcer(shown, 0.5)
    enter(shown)
    scale = (
        min(size[0] / 1920, size[1] / 1080)
        if size[0] > size[1]
        else min(size[0] / 1080, size[1] / 1920)
    )
    for page in [Page.PIN, *(Page(each) for each in PAGES)]:
        hall.maintenance._play(
            hall.maintenance.menu.__class__(page=page, touched_s=hall.clock.monotonic(), typed="4")
        )
        hall.until(lambda page=page: shown.screens.maintenance.state.page == page.value)
        hall.qtbot.waitUntil(lambda: check(shown, size, scale), timeout=30_000)


def check(shown: Any, size: tuple[int, int], scale: float) -> None:
    shown.window.grabWindow()
    for text in shown.texts():
        words = text.property("text")
        if not inside_menu(text):
            continue
        assert not text.property("truncated"), words
        assert text.property("contentWidth") <= text.width() + 1, words
        corner = text.mapToScene(text.boundingRect().bottomRight())
        assert corner.x() <= size[0] + 1, words
        assert corner.y() <= size[1] + 1, words
    for target in targets(shown):
        name = target.objectName()
        assert min(target.width(), target.height()) >= _TOUCH_MM * scale - 1, name
        corner = target.mapToScene(target.boundingRect().bottomRight())
        assert corner.y() <= size[1] + 1, name


def inside_menu(item: Any) -> bool:
    while item is not None:
        if "Maintenance" in item.metaObject().className():
            return True
        item = item.parentItem()
    return False


def targets(shown: Any) -> list[Any]:
    found: list[Any] = []
    waiting = [shown.window.contentItem()]
    while waiting:
        item = waiting.pop()
        if not item.isVisible():
            continue
        if item.inherits("QQuickAbstractButton") and inside_menu(item):
            found.append(item)
        waiting.extend(item.childItems())
    assert found
    return found


@pytest.mark.full
@pytest.mark.parametrize("size", [(1080, 1920), (1366, 768)])
def test_pictures(shown: Any, size: tuple[int, int]) -> None:
    """Write the pictures of docs/screenshots when DENLUOT_SCREENSHOTS names a directory."""
    shown.resize(*size)
    announcer(shown, 0.6)
    shown.hall.kiosk.printing.tell_health(
        StationHealth(
            PrinterState.PAPER_LOW, {"Khe trước": PrinterHealth(PrinterState.PAPER_LOW, Level.FULL)}
        )
    )
    gesture(shown)
    type_in(shown, "4719")
    keep(shown, "pin", size)
    type_in(shown, "86")
    shown.touch("key-enter")
    for page in PAGES:
        shown.hall.until(lambda: shown.hall.maintenance.menu.admitted)
        if page == "ask_machine":
            shown.touch("restart")
        if page != "menu":
            shown.touch(page)
        shown.hall.until(lambda page=page: shown.hall.maintenance.menu.page.value == page)
        if page == "volume":
            shown.hall.until(lambda: bool(shown.hall.maintenance.facts.voices[0].volume))
            shown.hall.maintenance.tick()
        if page == "pairing":
            type_in(shown, "K7MW2")
        keep(shown, page, size)
        while shown.hall.maintenance.menu.page is not Page.MENU:
            shown.touch("keep" if shown.visible("keep") else "back")


def keep(shown: Any, name: str, size: tuple[int, int]) -> None:
    image = shown.window.grabWindow()
    assert (image.width(), image.height()) == size
    directory = os.environ.get("DENLUOT_SCREENSHOTS")
    if directory:
        form = "" if size[1] > size[0] else "-landscape"
        assert image.save(str(Path(directory) / f"kiosk-maintenance-{name}{form}.png"))
