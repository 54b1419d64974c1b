"""The printers a box may have."""

from typing import Annotated, Literal

from msgspec import Meta

from config.settings.base import Name, Port, Settings


class SimulatedPrinter(Settings, frozen=True, kw_only=True, tag_field="driver", tag="simulated"):
    """A printer that writes what it would print to files; the demonstration's."""

    name: Name = "simulated"
    dots: Literal[384, 512, 576] = 576


class NetworkPrinter(Settings, frozen=True, kw_only=True, tag_field="driver", tag="network"):
    """A printer on the network that takes raw bytes."""

    name: Name = "network"
    host: str
    port: Port = 9100
    dots: Literal[384, 512, 576] = 576
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 3.0


class SerialPrinter(Settings, frozen=True, kw_only=True, tag_field="driver", tag="serial"):
    """A printer on a serial line; `url` is a pyserial URL or a device path."""

    name: Name = "serial"
    url: str
    baud: Literal[9600, 19200, 38400, 57600, 115200, 230400] = 115200
    flow_control: Literal["rts_cts", "dsr_dtr", "none"] = "rts_cts"
    dots: Literal[384, 512, 576] = 576
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 3.0


class UsbPrinter(Settings, frozen=True, kw_only=True, tag_field="driver", tag="usb"):
    """A printer on USB, found by vendor and product id."""

    name: Name = "usb"
    vendor: Annotated[int, Meta(ge=0, le=0xFFFF)]
    product: Annotated[int, Meta(ge=0, le=0xFFFF)]
    serial_number: str = ""
    dots: Literal[384, 512, 576] = 576
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 3.0


class FilePrinter(Settings, frozen=True, kw_only=True, tag_field="driver", tag="file"):
    """A printer behind a device file such as /dev/usb/lp0, or any file."""

    name: Name = "file"
    path: str
    dots: Literal[384, 512, 576] = 576
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 3.0


Printer = SimulatedPrinter | NetworkPrinter | SerialPrinter | UsbPrinter | FilePrinter


class TicketLayouts(Settings, frozen=True, kw_only=True):
    """Files that take the place of the built-in layouts of tickets; empty keeps the built-in."""

    standard: str = ""
    large: str = ""
    """For citizens who have large text on."""
    short: str = ""
    """For printers on a slow line."""
