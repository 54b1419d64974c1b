"""The lines of a machine at which a printer is, or may be."""

from collections.abc import Iterator
from pathlib import Path

from bus.health import FoundPrinter
from bus.vocabulary import PrinterLine
from config import settings

MOST_FOUND = 20
_LONGEST_NAME = 80
_NO_PORT = "0"
"""What the kernel says of a serial port that it has a name for, and the machine has not."""


def find_printers(
    devices: Path, classes: Path, taken: frozenset[str] = frozenset()
) -> tuple[FoundPrinter, ...]:
    """Return the lines of this machine at which a printer is or may be, the surest first.

    `devices` is `/dev` and `classes` `/sys/class`. What is `taken`, such as the line of keypads,
    is none of them.
    """
    lines = (*_kernel_printers(devices, classes), *_serial_lines(devices, classes))
    return tuple(line for line in lines if line.address not in taken)[:MOST_FOUND]


def lines_in_use(device: settings.Device) -> frozenset[str]:
    """Return the lines of this box that have something else on them."""
    keypads = (each for box in device.keypads for each in box.call_devices)
    signs = (box.line for box in device.signs)
    return frozenset(str(getattr(each, "url", "")) for each in (*keypads, *signs))


def _kernel_printers(devices: Path, classes: Path) -> Iterator[FoundPrinter]:
    for path in sorted((devices / "usb").glob("lp*")):
        described = classes / "usbmisc" / path.name / "device" / "ieee1284_id"
        yield FoundPrinter(
            line=PrinterLine.FILE, address=str(path), name=_make_and_model(_text(described))
        )


def _serial_lines(devices: Path, classes: Path) -> Iterator[FoundPrinter]:
    named = sorted((devices / "serial/by-id").glob("*"))
    for path in named:
        name = path.name.removeprefix("usb-").replace("_", " ")[:_LONGEST_NAME]
        yield FoundPrinter(line=PrinterLine.SERIAL, address=str(path), name=name)
    for path in sorted(devices.glob("ttyS*")):
        if _text(classes / "tty" / path.name / "type") not in ("", _NO_PORT):
            yield FoundPrinter(line=PrinterLine.SERIAL, address=str(path))


def _make_and_model(ieee1284: str) -> str:
    """Return `EPSON TM-T82III` of `MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;`."""
    fields = dict(part.partition(":")[::2] for part in ieee1284.split(";"))
    make = fields.get("MFG") or fields.get("MANUFACTURER") or ""
    model = fields.get("MDL") or fields.get("MODEL") or ""
    name = f"{make} {model}".strip()
    return "".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
