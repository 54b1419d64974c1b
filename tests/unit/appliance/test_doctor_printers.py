import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.doctor.finding import Level
from appliance.doctor.printers import check_printers, printer_in_use, printer_state
from bus.health import KioskHealth, PrinterChoice, PrinterHealth
from bus.states import DeviceStatus
from bus.vocabulary import PrinterLine, PrinterState
from config import Device
from config.settings import (
    FilePrinter,
    KioskBox,
    NetworkPrinter,
    Printer,
    SerialPrinter,
)
from hardware.printer import Level as Says
from hardware.printer.choosing import ChosenPrinter

AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


def box(*printers: Printer) -> Device:
    return Device(kiosk=KioskBox(printers=printers))


@pytest.fixture
def deaf_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def test_the_simulated_printer_says_where_its_papers_are(tmp_path: Path) -> None:
    (found,) = check_printers(Device(), tmp_path, {})
    assert (found.level, found.values["path"]) == (Level.OK, tmp_path / "paper")


def test_printers_that_cannot_be_reached_are_errors(tmp_path: Path, deaf_port: int) -> None:
    device = box(
        NetworkPrinter(host="127.0.0.1", port=deaf_port, timeout_s=0.5),
        SerialPrinter(url=str(tmp_path / "ttyUSB0")),
        FilePrinter(path=str(tmp_path / "no" / "lp0")),
    )
    findings = list(check_printers(device, tmp_path, {}))
    assert [(f.level, f.says) for f in findings] == [(Level.ERROR, "printer_gone")] * 3
    assert [f.values["name"] for f in findings] == ["network", "serial", "file"]


def test_the_printer_that_was_chosen_is_asked_instead_of_that_of_the_settings(
    tmp_path: Path, deaf_port: int
) -> None:
    device = box(FilePrinter(name="lp1", path=str(tmp_path / "lp0")))
    chosen = ChosenPrinter(tmp_path, device.kiosk.device, device.kiosk.printers)
    chosen.keep(PrinterChoice(line=PrinterLine.NETWORK, address=f"127.0.0.1:{deaf_port}"))
    (found,) = check_printers(device, tmp_path, {})
    assert (found.says, found.values["name"]) == ("printer_gone", "network")


def test_a_printer_that_takes_the_connection_is_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        device = box(NetworkPrinter(host="127.0.0.1", port=port, timeout_s=0.3))
        (found,) = check_printers(device, tmp_path, {})
    assert (found.level, found.says) == (Level.OK, "printer_unknown")


def test_of_a_printer_in_use_the_kiosk_knows(tmp_path: Path, deaf_port: int) -> None:
    device = box(NetworkPrinter(host="127.0.0.1", port=deaf_port))
    health = KioskHealth(printer=PrinterState.PAPER_OUT)
    status = DeviceStatus(online=True, kind="kiosk", at=AT, health=health)
    (found,) = check_printers(device, tmp_path, {"kiosk-1": status})
    assert (found.level, found.says) == (Level.ERROR, "paper_out")


@pytest.mark.parametrize("state", PrinterState)
@pytest.mark.parametrize("says", Says)
def test_every_state_of_a_printer_has_words(state: PrinterState, says: Says) -> None:
    found = printer_state("quầy", state, says)
    assert (found.level is Level.ERROR) == (not state.can_print)


def test_every_printer_in_use_is_told() -> None:
    health = KioskHealth(
        printer=PrinterState.READY,
        printers={
            "epson": PrinterHealth(state=PrinterState.CUTTER_ERROR, capability="full"),
            "clone": PrinterHealth(state=PrinterState.UNKNOWN, capability="none"),
            "plain": PrinterHealth(state=PrinterState.READY, capability="basic"),
            "newer": PrinterHealth(state=PrinterState.UNKNOWN, capability="clairvoyant"),
        },
    )
    said = {name: printer_in_use(name, health).says for name in (*health.printers, "absent")}
    assert said == {
        "epson": "cutter_error",
        "clone": "printer_silent",
        "plain": "printer_basic",
        "newer": "printer_unknown",
        "absent": "ok",
    }


def test_a_name_that_depends_on_the_order_of_plugging_is_noted(tmp_path: Path) -> None:
    device = box(
        SerialPrinter(url="/dev/ttyUSB7"), SerialPrinter(name="b", url="/dev/serial/by-id/x")
    )
    noted = [f for f in check_printers(device, tmp_path, {}) if f.level is Level.NOTE]
    assert [(f.says, f.values["name"]) for f in noted] == [("path_by_order", "serial")]
