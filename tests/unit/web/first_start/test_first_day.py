"""What tests/site does on the pages of an installed server, on pages that are here at once."""

import importlib.util
import socket
import threading
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from types import ModuleType

import pytest

from bus import codec, commands, health
from bus.health import PrinterChoice
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.states import DevicesState, DeviceStatus, OrderProgress
from bus.topics import Topics
from bus.vocabulary import OrderOutcome, PrinterLine
from config import Centre, load_centre
from provisioning.accounts import Accounts
from provisioning.first_start.steps import FirstSteps, Step
from provisioning.one_time import OneTimeCodes
from provisioning.site_db import SiteDb

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
TOPICS = Topics("nhi-chieu")
FILE = Path(__file__).parents[3] / "site" / "first_day.py"


@pytest.fixture
def first_day(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    specification = importlib.util.spec_from_file_location("first_day", FILE)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    host, port = listener.getsockname()
    monkeypatch.setattr(module, "ADDRESS", f"http://{host}:{port}")
    return module


@pytest.mark.usefixtures("server")
def test_a_day_begins_with_the_code_and_a_test_ticket(
    first_day: ModuleType,
    service_bus: MemoryBus,
    site_db: SiteDb,
    store_version: Callable[[int, Centre], None],
) -> None:
    store_version(1, load_centre())
    here = health.KioskHealth(prints_on=PrinterChoice(line=PrinterLine.SIMULATED))
    printed = play_hall(service_bus, here)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    code = OneTimeCodes(site_db).begin_first_start()
    assert code
    first_day.make_account(browser, code)
    assert Accounts(site_db).find(first_day.ACCOUNT)
    first_day.log_in(browser)
    first_day.print_test(browser)
    assert printed.wait(30)
    assert FirstSteps(site_db).answers() == {Step.PRINTER: "good"}


def play_hall(bus: MemoryBus, kiosk: health.KioskHealth) -> threading.Event:
    """Play service and kiosk: what is told to print is printed."""
    printed = threading.Event()

    def take(message: Incoming) -> None:
        command = commands.decode_command(message.payload)
        bus.publish(TOPICS.reply("web"), codec.encode(commands.Reply(id=command.id, ok=True)))
        if isinstance(command, commands.TestDevice):
            progress = OrderProgress(
                order="E-1", device="kiosk-1", does="print_test", at=NOW, outcome=OrderOutcome.DONE
            )
            state = DevicesState(epoch="E", rev=1, at=NOW, orders=(progress,))
            bus.publish(TOPICS.devices(), codec.encode(state), retain=True)
            printed.set()

    bus.subscribe(TOPICS.command("web"), take)
    status = DeviceStatus(online=True, kind="kiosk", at=NOW, health=kiosk)
    bus.publish(TOPICS.status("kiosk-1"), codec.encode(status), retain=True)
    return printed
