"""Layouts that the tests of frames share."""

import pytest

from config.settings import FrameProtocol
from config.settings.keypads import Checksum, FixedByte

KEYS = {"00": "", "01": "next", "02": "recall", "03": "button.hold", "31": "1", "0D": "call"}


@pytest.fixture(scope="session")
def metering() -> FrameProtocol:
    """A 21-key keypad with a display: FF 68 len len 68 address command data sum 16."""
    return FrameProtocol(
        preamble="FF 68",
        length_at=(2, 3),
        length_adds=7,
        fixed=(FixedByte(at=4, value=0x68),),
        address_at=5,
        command_at=6,
        press_command=0x01,
        key_at=7,
        keys=KEYS,
        checksum=Checksum(kind="sum", begin=5),
        trailer="16",
        poll="FF 68 {length} {length} 68 {address} 11 {checksum} 16",
        acknowledge="FF 68 {length} {length} 68 {address} 06 {checksum} 16",
        show="FF 68 {length} {length} 68 {address} 21 {number:4} {waiting:2} {checksum} 16",
        refuse="FF 68 {length} {length} 68 {address} 22 {reason} {checksum} 16",
    )


@pytest.fixture(scope="session")
def short() -> FrameProtocol:
    """Frames of one size: AA address key sequence CRC."""
    return FrameProtocol(
        preamble="AA",
        size=6,
        address_at=1,
        key_at=2,
        sequence_at=3,
        keys=KEYS,
        checksum=Checksum(kind="crc16", begin=1),
    )


@pytest.fixture(scope="session")
def bare() -> FrameProtocol:
    """The least that may be called a frame: 7E address key."""
    return FrameProtocol(preamble="7E", size=3, address_at=1, key_at=2, keys=KEYS)
