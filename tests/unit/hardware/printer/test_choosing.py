"""Which printers a machine has, and which of them a kiosk prints on after somebody chose."""

from pathlib import Path

import pytest

from bus.health import PrinterChoice
from bus.vocabulary import PrinterLine
from config import settings
from config.address import host_and_port
from hardware.printer.choosing import ChosenPrinter, choice_of, printer_settings
from hardware.printer.finding import find_printers, lines_in_use

LP = settings.FilePrinter(name="lp1", path="/dev/usb/lp0")
SPARE = settings.SerialPrinter(name="spare", url="/dev/ttyS1", baud=9600)
NETWORK = PrinterChoice(line=PrinterLine.NETWORK, address="192.168.1.50:9100", dots=384)


@pytest.fixture
def machine(tmp_path: Path) -> tuple[Path, Path]:
    """A machine's `/dev` and `/sys/class`."""
    dev, classes = tmp_path / "dev", tmp_path / "class"
    for file, text in {
        dev / "usb/lp0": "",
        dev / "usb/lp1": "",
        dev / "usb/hiddev0": "",
        dev / "serial/by-id/usb-FTDI_FT232R_USB_UART_A10K-if00-port0": "",
        dev / "ttyS0": "",
        dev / "ttyS1": "",
        classes / "usbmisc/lp0/device/ieee1284_id": "MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;\n",
        classes / "usbmisc/lp1/device/ieee1284_id": "garbage;;MFG:\x1b[31m;" + "x" * 500,
        classes / "tty/ttyS0/type": "4\n",
        classes / "tty/ttyS1/type": "0\n",
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return dev, classes


def test_the_lines_of_a_machine_are_found_with_what_they_say(machine: tuple[Path, Path]) -> None:
    dev, _ = machine
    found = [(each.line, each.address, each.name) for each in find_printers(*machine)]
    assert found == [
        ("file", f"{dev}/usb/lp0", "EPSON TM-T82III"),
        ("file", f"{dev}/usb/lp1", "[31m"),
        (
            "serial",
            f"{dev}/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K-if00-port0",
            "FTDI FT232R USB UART A10K-if00-port0",
        ),
        ("serial", f"{dev}/ttyS0", ""),
    ]


def test_what_keypads_and_signs_are_on_is_no_printer(machine: tuple[Path, Path]) -> None:
    dev, _ = machine
    keypads = settings.SerialKeypads(
        url=f"{dev}/ttyS0", units=(settings.KeypadUnit(address=1, counter=1),)
    )
    signs = settings.ModbusSigns(url=f"{dev}/usb/lp1")
    box = settings.Device(
        keypads=(settings.KeypadBox(call_devices=(keypads,)),),
        signs=(settings.SignBox(line=signs, signs=(settings.Sign(counter=1, address=1),)),),
    )
    left = {each.address for each in find_printers(*machine, lines_in_use(box))}
    assert f"{dev}/ttyS0" not in left
    assert f"{dev}/usb/lp1" not in left
    assert len(left) == 2


def test_a_machine_without_any_finds_none(tmp_path: Path) -> None:
    assert find_printers(tmp_path / "dev", tmp_path / "class") == ()


def test_a_choice_outlives_a_restart_and_stands_alone(tmp_path: Path) -> None:
    chosen = ChosenPrinter(tmp_path, "kiosk-1", (LP, SPARE))
    assert chosen.printers() == (LP, SPARE)
    chosen.keep(NETWORK)
    (printer,) = ChosenPrinter(tmp_path, "kiosk-1", (LP, SPARE)).printers()
    assert printer == settings.NetworkPrinter(host="192.168.1.50", port=9100, dots=384)
    assert choice_of(printer) == NETWORK
    assert ChosenPrinter(tmp_path, "kiosk-2", (LP,)).printers() == (LP,)


def test_one_of_the_settings_is_only_put_first(tmp_path: Path) -> None:
    chosen = ChosenPrinter(tmp_path, "kiosk-1", (LP, SPARE))
    spare = choice_of(SPARE)
    assert spare
    chosen.keep(spare)
    assert chosen.printers() == (SPARE, LP)


def test_settings_that_were_changed_later_are_the_later_word(tmp_path: Path) -> None:
    ChosenPrinter(tmp_path, "kiosk-1", (LP,)).keep(NETWORK)
    assert ChosenPrinter(tmp_path, "kiosk-1", (SPARE,)).printers() == (SPARE,)


@pytest.mark.parametrize("torn", [b"", b"{", b'{"choice":{"line":"x"},"instead_of":[]}', b"\xff"])
def test_a_torn_choice_leaves_the_settings(
    tmp_path: Path, torn: bytes, expected_warnings: list[str]
) -> None:
    expected_warnings.append("chosen printer not read")
    chosen = ChosenPrinter(tmp_path, "kiosk-1", (LP,))
    chosen.keep(NETWORK)
    chosen.path.write_bytes(torn)
    assert chosen.printers() == (LP,)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("192.168.1.50", ("192.168.1.50", 9100)),
        ("192.168.1.50:515", ("192.168.1.50", 515)),
        ("may-in.lan:9100", ("may-in.lan", 9100)),
        ("[fd00::5]", ("fd00::5", 9100)),
        ("[fd00::5]:9101", ("fd00::5", 9101)),
    ],
)
def test_an_address_is_read_as_people_write_it(address: str, where: tuple[str, int]) -> None:
    assert host_and_port(address, 9100) == where
    printer = printer_settings(PrinterChoice(line=PrinterLine.NETWORK, address=address))
    again = choice_of(printer)
    assert again
    assert host_and_port(again.address, 9100) == where


@pytest.mark.parametrize(
    "address",
    [
        "",
        ":",
        "192.168.1..50",
        "a b",
        "x:0",
        "x:65536",
        "x:",
        "x:9a",
        "x:1:2",
        "[::1",
        "[x]:1",
        "é:1",
    ],
)
def test_what_leads_nowhere_is_refused(address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several makers
        host_and_port(address, 9100)
