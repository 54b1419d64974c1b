"""What the types of call devices cannot say."""

from config.errors import ConfigError
from config.no_twice import no_twice
from config.settings import Device, FrameProtocol, SerialKeypads

_CHECKSUM_BYTES = {"none": 0, "sum": 1, "xor": 1, "crc16": 2}


def check_keypads(device: Device) -> None:
    """Check the call devices of a box; raises ConfigError."""
    choices = [choice for box in device.keypads for choice in box.call_devices]
    no_twice("call_devices", "name", [choice.name for choice in choices])
    no_twice("units", "name", [name for choice in choices for name in choice.unit_names])
    for box_index, box in enumerate(device.keypads):
        for index, choice in enumerate(box.call_devices):
            where = f"$.keypads[{box_index}].call_devices[{index}]"
            if isinstance(choice, SerialKeypads):
                no_twice("units", "address", [unit.address for unit in choice.units])
                problem = _line_problem(choice)
                if problem:
                    raise ConfigError(f"{problem} - at {where}.protocol")


def _line_problem(line: SerialKeypads) -> str:
    layout = line.protocol
    if not isinstance(layout, FrameProtocol):
        return ""
    if line.polling and not layout.poll:
        return "a line with polling needs the frame that asks a keypad: poll"
    if bool(layout.size) == bool(layout.length_at):
        return "needs either size or length_at"
    if layout.press_command is not None and layout.command_at is None:
        return "press_command needs command_at"
    places = [layout.address_at, layout.key_at, *(fixed.at for fixed in layout.fixed)]
    places += [at for at in (layout.command_at, layout.sequence_at) if at is not None]
    tail = _CHECKSUM_BYTES[layout.checksum.kind] + len(bytes.fromhex(layout.trailer))
    if layout.size and max(places) >= layout.size - tail:
        return f"byte {max(places)} lies outside what a frame of {layout.size} bytes carries"
    return ""
