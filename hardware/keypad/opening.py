"""From settings to a driver; each is imported only where it is configured."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import assert_never

from bus.port import Bus
from config import settings
from config.process import read_password
from config.settings.keypads import ButtonsBroker
from hardware.keypad.codec import Codec
from hardware.keypad.port import CallDevice
from hardware.owner import AGAIN_AFTER_S


def open_call_device(
    choice: settings.CallDevice,
    bus: Bus,
    monotonic: Callable[[], float],
    wall: Callable[[], datetime],
    reopen_after_s: Sequence[float] = AGAIN_AFTER_S,
) -> CallDevice:
    """Return the call device of `choice`; nothing is opened before its `start`.

    `bus` is the process's own, not started yet; `monotonic` counts real seconds and
    `wall` is the real time.
    """
    match choice:
        case settings.SerialKeypads():
            return _serial(choice, monotonic, reopen_after_s)
        case settings.UsbKeypad():
            from hardware.keypad.usb import NumericKeypad  # noqa: PLC0415

            return NumericKeypad(choice, monotonic, reopen_after_s)
        case settings.MqttButtons():
            return _mqtt(choice, bus, monotonic, wall)
        case _:
            assert_never(choice)


def _mqtt(
    choice: settings.MqttButtons,
    bus: Bus,
    monotonic: Callable[[], float],
    wall: Callable[[], datetime],
) -> CallDevice:
    from hardware.keypad.buttons.driver import Buttons  # noqa: PLC0415

    if choice.broker is None:
        return Buttons(choice, bus, monotonic, wall)
    from bus.mqtt import Account, MqttBus  # noqa: PLC0415

    broker = choice.broker
    account = Account(
        host=broker.host,
        port=broker.port,
        process=f"denluot-{choice.name}",
        username=broker.username,
        password=_password(broker),
        ca_file=broker.ca_file or None,
    )
    return Buttons(choice, MqttBus(account, random.SystemRandom()), monotonic, wall)


def _password(broker: ButtonsBroker) -> str:
    """Return the password; raises ConfigError when its file cannot be read."""
    if not broker.password_file:
        return broker.password
    return read_password(Path(broker.password_file), "write the password of the buttons' broker")


def _serial(
    choice: settings.SerialKeypads,
    monotonic: Callable[[], float],
    reopen_after_s: Sequence[float],
) -> CallDevice:
    from hardware.keypad.ascii_codec import AsciiCodec  # noqa: PLC0415
    from hardware.keypad.line import KeypadLine  # noqa: PLC0415
    from hardware.keypad.meter_codec import MeterCodec  # noqa: PLC0415

    match choice.protocol:
        case settings.AsciiProtocol():
            codec: Codec = AsciiCodec(checksum=choice.protocol.checksum)
        case settings.MeterProtocol():
            codec = MeterCodec(choice.protocol)
        case _:
            assert_never(choice.protocol)
    return KeypadLine(choice, codec, monotonic, reopen_after_s)
