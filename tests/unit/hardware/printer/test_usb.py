"""The USB driver through pyusb, on a bus where the simulated printer is plugged in."""

import random
import time

import pytest

from bus.vocabulary import PrinterState, PrintOutcome
from config.settings import UsbPrinter
from hardware.printer import PrinterBusy, PrinterTimeout, PrinterUnavailable
from hardware.printer.thermal import ThermalPrinter
from hardware.printer.usb import UsbLine
from paper import Ticket
from simulators.printer import PROFILES, Machine
from simulators.printer.usb_bus import IN, OUT, PRODUCT, VENDOR, UsbBus

SETTINGS = UsbPrinter(vendor=VENDOR, product=PRODUCT, timeout_s=0.2)


@pytest.fixture
def bus() -> UsbBus:
    rng = random.Random(1)
    return UsbBus(
        Machine(PROFILES["plain"], lambda _: None, monotonic=time.monotonic, rng=rng, buffer=500)
    )


def printer(bus: UsbBus) -> ThermalPrinter:
    return ThermalPrinter("usb", 576, lambda: UsbLine(SETTINGS, bus), answer_s=0.2, keep_open=True)


def test_claims_the_printer_interface_and_lets_it_go(bus: UsbBus) -> None:
    line = UsbLine(SETTINGS, bus)
    assert bus.claimed == [1]
    assert not bus.kernel_driver
    line.close()
    assert bus.claimed == []
    assert bus.closed


def test_moves_every_byte_and_takes_the_answer(bus: UsbBus, ticket: Ticket) -> None:
    job = bytes(range(256)) * 20
    assert printer(bus).print_ticket(ticket, job).outcome is PrintOutcome.PRINTED
    assert job in bytes(bus.machine.received)


def test_finds_the_printer_by_its_serial_number(bus: UsbBus) -> None:
    def settings(serial_number: str) -> UsbPrinter:
        return UsbPrinter(vendor=0x04B8, product=0x0E15, serial_number=serial_number)

    UsbLine(settings("SN-1"), bus).close()
    with pytest.raises(PrinterUnavailable):
        UsbLine(settings("SN-2"), bus)


def test_a_printer_without_a_way_back_proves_nothing(bus: UsbBus, ticket: Ticket) -> None:
    bus.pipes = [OUT]
    one_way = printer(bus)
    assert one_way.check() is PrinterState.UNKNOWN
    assert one_way.print_ticket(ticket, b"job").outcome is PrintOutcome.UNKNOWN


def test_a_device_that_takes_no_bytes_is_no_printer(bus: UsbBus) -> None:
    bus.pipes = [IN]
    with pytest.raises(PrinterUnavailable):
        UsbLine(SETTINGS, bus)


def test_a_printer_of_another_program_is_busy(bus: UsbBus) -> None:
    bus.busy = True
    with pytest.raises(PrinterBusy):
        UsbLine(SETTINGS, bus)


def test_a_stuck_printer_times_out(bus: UsbBus, ticket: Ticket) -> None:
    bus.machine.stalled = True
    with pytest.raises(PrinterTimeout):
        printer(bus).print_ticket(ticket, b"job")


def test_comes_back_after_it_was_pulled(bus: UsbBus, ticket: Ticket) -> None:
    pulled = printer(bus)
    pulled.check()
    bus.plugged = False
    for _ in range(2):
        with pytest.raises(PrinterUnavailable):
            pulled.print_ticket(ticket, b"job")
    bus.plugged = True
    assert pulled.print_ticket(ticket, b"job").outcome is PrintOutcome.PRINTED
