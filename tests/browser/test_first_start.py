"""The first start in a real browser: every step, the keyboard alone, and a printer that prints.

Set DENLUOT_PICTURES=1 to write the pictures to docs/screenshots.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from paper import encode_ticket, ticket_for_test
from provisioning.first_start.steps import FirstSteps, Step
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db
from simulators.printer import PROFILES, Machine, Paper, PtyPort, Tray

Check = Callable[[Page], None]
LoggedIn = Callable[..., Page]
Running = Any

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "docs" / "screenshots"
WITHIN_S = 60.0
DESK, PHONE = (1440, 900), (390, 844)
BAUD = 115200
MOST_TABS = 400


_MAKE_UP = """async () => {
    document.activeElement?.blur();
    await document.fonts.ready;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data } = texts.currentNode;
        texts.currentNode.data = data.replace(/\\/\\S*\\/(?=usb-EPSON)/, "/dev/serial/by-id/");
    }
}"""
"""Show where the line would be on a machine with a printer."""


@dataclass
class Printing:
    """A printer at a serial line, with a real kiosk in front of it."""

    machine: Machine
    tray: Tray
    address: str


@pytest.fixture(scope="module")
def printing(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printing]:
    """Run the kiosk of the hall with a simulated printer at a pseudo-terminal."""
    expect.set_options(timeout=WITHIN_S * 1000)
    tmp_path = tmp_path_factory.mktemp("kiosk")
    tray = Tray(576)
    machine = Machine(PROFILES["full"], tray.take, monotonic=time.monotonic, rng=random.Random(7))
    port = PtyPort(machine, tmp_path / "usb-EPSON_TM-T82III-if00", BAUD)
    port.start()
    box = tmp_path / "device.toml"
    box.write_text(
        f'[[kiosk.printers]]\ndriver = "simulated"\n\n[[kiosk.printers]]\ndriver = "serial"\n'
        f'name = "epson-tm-t82iii"\nurl = "{port.address}"\nbaud = {BAUD}\nflow_control = "none"\n'
    )
    if "kiosk-1" in running.links:  # whom the harness has take numbers
        running.links.pop("kiosk-1").stop()
    with (tmp_path / "kiosk.log").open("wb") as log:
        kiosk = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "--device", str(box), "--data", str(tmp_path / "data")],
            cwd=ROOT,
            env={**running.environment("kiosk-1"), "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield Printing(machine, tray, str(port.address))
    finally:
        kiosk.terminate()
        kiosk.wait(WITHIN_S)
        port.stop()


@pytest.fixture(autouse=True)
def steps(running: Running) -> Iterator[FirstSteps]:
    """Return what is done of the first start, which nothing is in the beginning."""
    db = open_site_db(running.data / SITE_DB)
    with db.write() as connection:
        connection.execute("DELETE FROM first_steps")
    yield FirstSteps(db)
    db.close()


@pytest.fixture(autouse=True)
def _new_roll(printing: Printing) -> None:
    printing.machine.change(paper=Paper.OK)
    printing.tray.papers.clear()


def photograph(page: Page, name: str) -> None:
    if os.environ.get("DENLUOT_PICTURES"):
        page.evaluate(_MAKE_UP)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach a control as somebody does who has no mouse."""
    wanted.wait_for()
    page.evaluate("document.activeElement?.blur()")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(control) => control === document.activeElement"):
            outline = wanted.evaluate("(control) => getComputedStyle(control).outlineStyle")
            assert outline != "none", "who is somewhere sees where"
            return
    raise AssertionError(f"Tab never reaches {wanted}")


@pytest.mark.parametrize(
    "step",
    [
        "printer",
        *(pytest.param(step.value, marks=pytest.mark.full) for step in Step if step != "printer"),
    ],
)
def test_every_step_is_for_everybody(logged_in: LoggedIn, check_page: Check, step: str) -> None:
    page = logged_in("administrator", DESK)
    page.goto(f"/start/{step}")
    if step == Step.PRINTER:
        expect(page.get_by_text("epson-tm-t82iii")).to_be_visible()
        page.locator("details.wire summary").click()
    is_pictured = step in (Step.CENTRE, Step.PRINTER)
    if is_pictured:
        photograph(page, f"web-start-{step}")
    check_page(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    if is_pictured:
        photograph(page, f"web-start-{step}-phone")
    check_page(page)
    page.goto(f"/start/{step}?lang=en")
    check_page(page)
    page.goto(f"/start/{step}?lang=vi")


@pytest.mark.full
def test_what_the_printer_prints_is_what_the_page_shows(
    logged_in: LoggedIn, printing: Printing, running: Running, check_page: Check, steps: FirstSteps
) -> None:
    """Page, service, kiosk, driver and line are the real ones; only the paper is not."""
    page = logged_in("administrator", DESK)
    page.goto("/start/printer")
    page.get_by_role("radio", name="epson-tm-t82iii").check()
    printing.machine.change(paper=Paper.OUT)
    page.get_by_role("button", name="in phiếu thử").click()
    outcome = page.locator("#outcome-kiosk-1")
    expect(outcome).to_contain_text("Không in được: hết giấy")
    expect(outcome).to_contain_text("Mời lắp cuộn giấy mới")
    expect(page.get_by_role("button", name="Giống")).to_be_disabled()
    assert printing.tray.papers == []
    photograph(page, "web-start-paper-out")
    check_page(page)
    printing.machine.change(paper=Paper.OK)
    expect(page.locator("#condition-kiosk-1")).to_contain_text("Tốt")
    before = running.clock.now()
    page.get_by_role("button", name="in phiếu thử").click()
    expect(page.get_by_role("button", name="Giống")).to_be_enabled()
    photograph(page, "web-start-printed")
    check_page(page)
    (paper,) = printing.tray.papers
    minutes = (before + timedelta(minutes=more) for more in range(3))
    jobs = [encode_ticket(ticket_for_test(running.centre, at), 576) for at in minutes]
    assert any(paper in job for job in jobs)
    page.get_by_role("button", name="Giống").click()
    page.wait_for_url("**/start/boards")
    assert steps.answers() == {Step.PRINTER: "good"}
    expect(page.locator(".steps .done")).to_contain_text("Máy in")


@pytest.mark.full
def test_the_keyboard_alone_goes_through_all_steps(
    logged_in: LoggedIn, printing: Printing, steps: FirstSteps
) -> None:
    page = logged_in("administrator", DESK)

    def press(name: str) -> None:
        tab_to(page, page.get_by_role("button", name=name, exact=True))
        page.keyboard.press("Enter")

    page.goto("/start")
    page.wait_for_url("**/start/centre")
    hotline = page.locator("input[name='identity.hotline']")
    tab_to(page, hotline)
    number = hotline.input_value()
    page.keyboard.press("Control+A")
    page.keyboard.type(number)
    for step in ("services", "counters", "printer"):
        press("Lưu và tiếp tục")
        page.wait_for_url(f"**/start/{step}")
    tab_to(page, page.locator("input[type=radio]:checked"))
    for _ in range(page.get_by_role("radio").count()):
        page.keyboard.press("ArrowUp")
        if page.get_by_role("radio", name="epson-tm-t82iii").is_checked():
            break
    press("Dùng máy in này và in phiếu thử")
    by = time.monotonic() + WITHIN_S
    while not printing.tray.papers and time.monotonic() < by:
        page.wait_for_timeout(50)
    assert len(printing.tray.papers) == 1
    expect(page.get_by_role("button", name="Giống")).to_be_enabled()
    press("Giống")
    page.wait_for_url("**/start/boards")
    press("Làm bước này sau")
    page.wait_for_url("**/start/administrator")
    press("Tạo cụm từ khôi phục")
    expect(page.locator(".phrase li").first).to_be_visible()
    press("Đã chép ra giấy")
    page.wait_for_url(lambda url: "/start" not in url)
    assert set(Step) - set(steps.answers()) == {Step.BOARDS}
