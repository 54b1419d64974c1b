"""A driver of each kind, and the simulated printer at the other end of its line."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from config.settings import FilePrinter, NetworkPrinter, SerialPrinter, UsbPrinter
from config.settings import Printer as Choice
from hardware.printer import Capability, Printer, PrinterError, Proof, Settlement
from hardware.printer.opening import printer_of
from hardware.printer.thermal import ThermalPrinter
from hardware.printer.usb import UsbLine
from simulators.printer import PROFILES, Machine, PtyPort, TcpPort, Tray
from simulators.printer.usb_bus import PRODUCT, VENDOR, UsbBus

TIMEOUT_S = 0.3
TESTED = {
    "full": Capability(proof=Proof.PROCESS_ID, subjects=(4, 2, 3, 1), automatic=True, clears=True),
    "kiosk": Capability(proof=Proof.PROCESS_ID, module=True, clears=True),
    "plain": Capability(proof=Proof.IN_TURN, subjects=(4, 2, 3, 1)),
    "basic": Capability(proof=Proof.STATUS, subjects=(4, 2, 1)),
    "silent": Capability(),
}
"""What a self-test learns of each profile."""


@dataclass
class Rig:
    """A driver, the simulated printer at the other end, and the line between them."""

    printer: Printer
    machine: Machine
    tray: Tray
    port: TcpPort | PtyPort | UsbBus
    on_paper: list[Callable[[], None]]

    def until_papers(self, count: int) -> None:
        deadline = time.monotonic() + 5
        pause = threading.Event()
        while len(self.tray.papers) < count and time.monotonic() < deadline:
            assert self.machine.held >= 0  # asking lets it work
            pause.wait(0.005)
        assert len(self.tray.papers) == count

    def settled(self) -> Settlement:
        """Look after the printer, as its writer does, until the last job is settled."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with contextlib.suppress(PrinterError):
                self.printer.check()
                if (settlement := self.printer.settle()) is not Settlement.WAITING:
                    return settlement
        return Settlement.WAITING


Build = Callable[..., Rig]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Return a builder: driver, the printer's profile, and what a self-test has learnt of it."""
    with contextlib.ExitStack() as ending:

        def make(
            driver: str = "network",
            profile: str = "plain",
            *,
            tested: bool = False,
            baud: int | None = None,
            flow_control: Literal["rts_cts", "none"] = "none",
            **options: object,
        ) -> Rig:
            capability = TESTED[profile] if tested else None
            tray = Tray(576)
            on_paper: list[Callable[[], None]] = []

            def fall(paper: bytes) -> None:
                tray.take(paper)
                for happen in on_paper:
                    happen()

            machine = Machine(
                PROFILES[profile],
                fall,
                monotonic=time.monotonic,
                rng=random.Random(1),
                prints_bytes_s=1e6,
                **options,  # type: ignore[arg-type]
            )
            port: TcpPort | PtyPort | UsbBus
            match driver:
                case "network":
                    port = TcpPort(machine)
                    choice: Choice = NetworkPrinter(
                        host="127.0.0.1", port=port.port, timeout_s=TIMEOUT_S
                    )
                    printer = printer_of(choice, tmp_path, "kiosk-1", capability)
                case "usb":
                    port = UsbBus(machine)
                    settings = UsbPrinter(vendor=VENDOR, product=PRODUCT, timeout_s=TIMEOUT_S)
                    printer = ThermalPrinter(
                        "usb",
                        576,
                        lambda: UsbLine(settings, port),
                        answer_s=TIMEOUT_S,
                        keep_open=True,
                        capability=capability,
                    )
                case _:
                    port = PtyPort(machine, tmp_path / "printer", baud)
                    choice = SerialPrinter(
                        url=port.address,
                        baud=230400,
                        timeout_s=TIMEOUT_S,
                        flow_control=flow_control,
                    )
                    if driver == "character_device":
                        choice = FilePrinter(path=port.address, timeout_s=TIMEOUT_S)
                    printer = printer_of(choice, tmp_path, "kiosk-1", capability)
            if not isinstance(port, UsbBus):
                port.start()
                ending.callback(port.stop)
            ending.callback(printer.close)
            return Rig(printer, machine, tray, port, on_paper)

        yield make
