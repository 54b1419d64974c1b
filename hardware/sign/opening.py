"""From settings to a driver; real ones are imported only where they are configured."""

from pathlib import Path
from typing import assert_never

from config import settings
from hardware.sign.port import SignLine
from hardware.sign.simulated import SimulatedSigns


def open_signs(choice: settings.SignLine, directory: Path, device: str) -> SignLine:
    """Return the line of `choice`, belonging to `device`; nothing is opened yet.

    The simulated one writes to `directory`/signs/`device`.txt.
    """
    match choice:
        case settings.SimulatedSigns():
            return SimulatedSigns(choice.digits, directory / "signs" / f"{device}.txt")
        case settings.ModbusSigns():
            from hardware.sign.modbus import ModbusSigns  # noqa: PLC0415

            return ModbusSigns(choice)
        case settings.AsciiSigns():
            from hardware.sign.ascii_line import AsciiSigns  # noqa: PLC0415

            return AsciiSigns(choice)
        case _:
            assert_never(choice)
