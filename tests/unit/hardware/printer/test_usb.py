"""The USB driver through pyusb, on a bus made of plain objects."""

import array
import errno
from types import SimpleNamespace
from typing import TypeAlias

import pytest
import usb.backend
import usb.core

from bus.messages import PrintOutcome
from config.settings import UsbPrinter
from hardware.printer import PrinterState, PrinterTimeout, PrinterUnavailable, Ticket
from hardware.printer.thermal import ThermalPrinter
from hardware.printer.usb import UsbLine

Bytes: TypeAlias = "array.array[int]"

OUT, IN = 0x02, 0x81
SETTINGS = UsbPrinter(vendor=0x04B8, product=0x0E15, timeout_s=0.2)


class Bus(usb.backend.IBackend):  # type: ignore[misc]
    """One printer with two interfaces, the second of class printer."""

    def __init__(self) -> None:
        super().__init__()
        self.plugged = True
        self.stuck = False
        self.accepts = 500
        self.received = b""
        self.answers: dict[bytes, bytes] = {b"\x1dr\x01": b"\x00"}
        self.classes = [3, 7]
        self.pipes = [OUT, IN]
        self.kernel_driver = True
        self.claimed: list[int] = []
        self.closed = False

    def enumerate_devices(self) -> list[str]:
        return ["printer"] if self.plugged else []

    def get_device_descriptor(self, _dev: str) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18,
            bDescriptorType=1,
            bcdUSB=0x200,
            bDeviceClass=0,
            bDeviceSubClass=0,
            bDeviceProtocol=0,
            bMaxPacketSize0=64,
            idVendor=0x04B8,
            idProduct=0x0E15,
            bcdDevice=0x100,
            iManufacturer=0,
            iProduct=0,
            iSerialNumber=3,
            bNumConfigurations=1,
            address=5,
            bus=1,
            port_number=1,
            port_numbers=(1,),
            speed=3,
        )

    def get_configuration_descriptor(self, _dev: str, config: int) -> SimpleNamespace:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=2,
            wTotalLength=55,
            bNumInterfaces=len(self.classes),
            bConfigurationValue=1,
            iConfiguration=0,
            bmAttributes=0xC0,
            bMaxPower=1,
            extra_descriptors=[],
        )

    def get_interface_descriptor(
        self, _dev: str, intf: int, alt: int, _config: int
    ) -> SimpleNamespace:
        if alt or intf >= len(self.classes):
            raise IndexError
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=4,
            bInterfaceNumber=intf,
            bAlternateSetting=0,
            bNumEndpoints=len(self.pipes),
            bInterfaceClass=self.classes[intf],
            bInterfaceSubClass=1,
            bInterfaceProtocol=2,
            iInterface=0,
            extra_descriptors=[],
        )

    def get_endpoint_descriptor(self, _dev: str, ep: int, *_: int) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7,
            bDescriptorType=5,
            bEndpointAddress=self.pipes[ep],
            bmAttributes=2,
            wMaxPacketSize=64,
            bInterval=0,
            bRefresh=0,
            bSynchAddress=0,
            extra_descriptors=[],
        )

    def open_device(self, dev: str) -> str:
        return dev

    def close_device(self, _handle: str) -> None:
        self.closed = True

    def get_configuration(self, _handle: str) -> int:
        return 1

    def is_kernel_driver_active(self, _handle: str, _intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, _handle: str, _intf: int) -> None:
        self.kernel_driver = False

    def claim_interface(self, _handle: str, intf: int) -> None:
        self.claimed.append(intf)

    def release_interface(self, _handle: str, intf: int) -> None:
        self.claimed.remove(intf)

    def bulk_write(self, _handle: str, ep: int, _intf: int, data: Bytes, timeout: int) -> int:
        assert (ep, timeout) == (OUT, 200)
        self._check_plug()
        if self.stuck:
            raise usb.core.USBTimeoutError("timed out", -7, errno.ETIMEDOUT)
        taken = bytes(data)[: self.accepts]
        self.received += taken
        return len(taken)

    def bulk_read(self, _handle: str, ep: int, _intf: int, buff: Bytes, timeout: int) -> int:
        assert ep == IN
        assert timeout > 0
        self._check_plug()
        for question, answer in self.answers.items():
            if answer and self.received.endswith(question):
                self.answers[question] = b""
                buff[: len(answer)] = array.array("B", answer)
                return len(answer)
        raise usb.core.USBTimeoutError("timed out", -7, errno.ETIMEDOUT)

    def ctrl_transfer(self, _handle: str, *setup: object) -> int:
        value, buffer = setup[2], setup[4]
        assert isinstance(value, int)
        assert isinstance(buffer, array.array)
        text = {0x0300: b"\x09\x04", 0x0303: "SN-1".encode("utf-16-le")}[value]
        descriptor = bytes([len(text) + 2, 3]) + text
        buffer[: len(descriptor)] = array.array("B", descriptor)
        return len(descriptor)

    def _check_plug(self) -> None:
        if not self.plugged:
            raise usb.core.USBError("no such device", -4, errno.ENODEV)


@pytest.fixture
def bus() -> Bus:
    return Bus()


def printer(bus: Bus) -> ThermalPrinter:
    return ThermalPrinter("usb", 576, lambda: UsbLine(SETTINGS, bus), answer_s=0.2, keep_open=True)


def test_claims_the_printer_interface_and_lets_it_go(bus: Bus) -> None:
    line = UsbLine(SETTINGS, bus)
    assert bus.claimed == [1]
    assert not bus.kernel_driver
    line.close()
    assert bus.claimed == []
    assert bus.closed


def test_moves_every_byte_and_takes_the_answer(bus: Bus, ticket: Ticket) -> None:
    job = bytes(range(256)) * 20
    assert printer(bus).print_ticket(ticket, job).outcome is PrintOutcome.PRINTED
    assert bus.received == job + b"\x1dr\x01"


def test_finds_the_printer_by_its_serial_number(bus: Bus) -> None:
    def settings(serial_number: str) -> UsbPrinter:
        return UsbPrinter(vendor=0x04B8, product=0x0E15, serial_number=serial_number)

    UsbLine(settings("SN-1"), bus).close()
    with pytest.raises(PrinterUnavailable):
        UsbLine(settings("SN-2"), bus)


def test_a_printer_without_a_way_back_proves_nothing(bus: Bus, ticket: Ticket) -> None:
    bus.pipes = [OUT]
    one_way = printer(bus)
    assert one_way.check() is PrinterState.UNKNOWN
    assert one_way.print_ticket(ticket, b"job").outcome is PrintOutcome.UNKNOWN


def test_a_device_that_takes_no_bytes_is_no_printer(bus: Bus) -> None:
    bus.pipes = [IN]
    with pytest.raises(PrinterUnavailable):
        UsbLine(SETTINGS, bus)


def test_a_stuck_printer_times_out(bus: Bus, ticket: Ticket) -> None:
    bus.stuck = True
    with pytest.raises(PrinterTimeout):
        printer(bus).print_ticket(ticket, b"job")


def test_comes_back_after_it_was_pulled(bus: Bus, ticket: Ticket) -> None:
    pulled = printer(bus)
    pulled.check()
    bus.plugged = False
    for _ in range(2):
        with pytest.raises(PrinterUnavailable):
            pulled.print_ticket(ticket, b"job")
    bus.plugged = True
    assert pulled.print_ticket(ticket, b"job").outcome is PrintOutcome.PRINTED
