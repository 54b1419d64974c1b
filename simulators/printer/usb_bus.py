"""A USB bus on which the simulated printer is plugged in, for pyusb."""

import array
import errno
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import TypeAlias, TypeVar

import usb.backend
import usb.core

from simulators.printer.machine import Machine

Bytes: TypeAlias = "array.array[int]"
_Some = TypeVar("_Some", int, bytes)

OUT, IN = 0x02, 0x81
VENDOR, PRODUCT, SERIAL_NUMBER = 0x04B8, 0x0E15, "SN-1"
_PACKET = 64
_STEP_S = 0.002
_SERIAL_INDEX = 3
_LANGUAGES = 0x0300
"""The string descriptor that lists languages; here it is US English alone."""


class UsbBus(usb.backend.IBackend):  # type: ignore[misc]
    """One printer with two interfaces, the second of class printer."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self.machine = machine
        self.plugged = True
        self.busy = False
        """Whether another program has claimed the printer."""
        self.classes = [3, 7]
        self.pipes = [OUT, IN]
        self.kernel_driver = True
        self.claimed: list[int] = []
        self.closed = False
        self._pause = threading.Event()

    def unplug(self) -> None:
        """Pull the plug; the printer prints what it holds."""
        self.plugged = False

    def switch_off(self) -> None:
        """Let the printer go, and forget what it holds."""
        self.machine.power_cycle()
        self.plugged = False

    def plug(self) -> None:
        """Be there again, as a device that nobody has opened."""
        self.plugged = True

    def enumerate_devices(self) -> list[str]:
        """Return the devices that are plugged in."""
        return ["printer"] if self.plugged else []

    def get_device_descriptor(self, _dev: str) -> SimpleNamespace:
        """Return who made the device."""
        return SimpleNamespace(
            bLength=18,
            bDescriptorType=1,
            bcdUSB=0x200,
            bDeviceClass=0,
            bDeviceSubClass=0,
            bDeviceProtocol=0,
            bMaxPacketSize0=_PACKET,
            idVendor=VENDOR,
            idProduct=PRODUCT,
            bcdDevice=0x100,
            iManufacturer=0,
            iProduct=0,
            iSerialNumber=_SERIAL_INDEX,
            bNumConfigurations=1,
            address=5,
            bus=1,
            port_number=1,
            port_numbers=(1,),
            speed=3,
        )

    def get_configuration_descriptor(self, _dev: str, config: int) -> SimpleNamespace:
        """Return the only configuration."""
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
        """Return an interface, whose class is what `classes` says."""
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
        """Return a bulk pipe."""
        return SimpleNamespace(
            bLength=7,
            bDescriptorType=5,
            bEndpointAddress=self.pipes[ep],
            bmAttributes=2,
            wMaxPacketSize=_PACKET,
            bInterval=0,
            bRefresh=0,
            bSynchAddress=0,
            extra_descriptors=[],
        )

    def open_device(self, dev: str) -> str:
        """Open the device."""
        return dev

    def close_device(self, _handle: str) -> None:
        """Close the device."""
        self.closed = True

    def get_configuration(self, _handle: str) -> int:
        """Return that the only configuration is in use."""
        return 1

    def is_kernel_driver_active(self, _handle: str, _intf: int) -> bool:
        """Return whether the kernel's printer driver holds the device."""
        return self.kernel_driver

    def detach_kernel_driver(self, _handle: str, _intf: int) -> None:
        """Take the device from the kernel's printer driver."""
        self.kernel_driver = False

    def claim_interface(self, _handle: str, intf: int) -> None:
        """Take an interface, unless another program has."""
        if self.busy:
            raise usb.core.USBError("resource busy", -6, errno.EBUSY)
        self.claimed.append(intf)

    def release_interface(self, _handle: str, intf: int) -> None:
        """Give an interface back."""
        self.claimed.remove(intf)

    def bulk_write(self, _handle: str, _ep: int, _intf: int, data: Bytes, timeout: int) -> int:
        """Hand bytes to the printer, as many as it takes within `timeout` milliseconds."""
        room = self._within(timeout, self.machine.room)
        taken = bytes(data)[:room]
        self.machine.receive(taken)
        return len(taken)

    def bulk_read(self, _handle: str, _ep: int, _intf: int, buff: Bytes, timeout: int) -> int:
        """Take what the printer sends within `timeout` milliseconds."""
        answer = self._within(timeout, self.machine.answers)
        buff[: len(answer)] = array.array("B", answer)
        return len(answer)

    def ctrl_transfer(self, _handle: str, *setup: object) -> int:
        """Return a string descriptor."""
        value, buffer = setup[2], setup[4]
        assert isinstance(buffer, array.array)  # noqa: S101 - what pyusb passes
        text = b"\x09\x04" if value == _LANGUAGES else SERIAL_NUMBER.encode("utf-16-le")
        descriptor = bytes([len(text) + 2, 3]) + text
        buffer[: len(descriptor)] = array.array("B", descriptor)
        return len(descriptor)

    def _within(self, timeout_ms: int, get: Callable[[], _Some]) -> _Some:
        deadline = time.monotonic() + timeout_ms / 1000
        while True:
            if not self.plugged:
                raise usb.core.USBError("no such device", -4, errno.ENODEV)
            if found := get():
                return found
            if time.monotonic() >= deadline:
                raise usb.core.USBTimeoutError("timed out", -7, errno.ETIMEDOUT)
            self._pause.wait(_STEP_S)
