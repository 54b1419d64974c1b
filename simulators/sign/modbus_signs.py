"""Modbus RTU slaves as of the Modbus over serial line specification: FC 06 and FC 16."""

from collections.abc import Callable, Iterable

from config.settings import AsciiRegisters, BcdRegisters, BlinkRegister, NumberRegister
from hardware.sign.port import IDLE, Face
from simulators.sign.bank import Fault, SignBank

_WRITE_ONE, _WRITE_MANY = 6, 16
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS = 1, 2
_SILENCE_S = 0.05
"""A gap that ends a frame; the standard's 3.5 characters are too short for a pseudo terminal."""
_REGISTERS = 64


class ModbusSignBank(SignBank):
    """Signs with registers, read as `layout` says."""

    def __init__(
        self,
        addresses: Iterable[int],
        layout: AsciiRegisters | BcdRegisters | NumberRegister,
        digits: int = 4,
        blink: BlinkRegister | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(addresses, on_change)
        self._layout = layout
        self._digits = digits
        self._blink = blink
        self._memory = {address: self._empty() for address in self._faces}
        self._buffer = b""
        self._heard_at = 0.0

    def feed(self, data: bytes, at: float) -> bytes:
        """Collect a frame; the addressed sign obeys and answers."""
        if at - self._heard_at > _SILENCE_S:
            self._buffer = b""
        self._heard_at = at
        self._buffer += data
        answers = b""
        while (length := _length(self._buffer)) and len(self._buffer) >= length:
            frame, self._buffer = self._buffer[:length], self._buffer[length:]
            if crc16(frame[:-2]) != frame[-2:]:
                self._buffer = b""
            elif self._hears(frame[0]):
                answers += self._answer(frame)
        return answers

    def power_off(self, address: int) -> None:
        """Forget the registers."""
        self._memory[address] = self._empty()
        super().power_off(address)

    def _answer(self, frame: bytes) -> bytes:
        address, function = frame[0], frame[1]
        register = int.from_bytes(frame[2:4], "big")
        values = _words(frame[4:6] if function == _WRITE_ONE else frame[7:-2])
        if function not in (_WRITE_ONE, _WRITE_MANY):
            answer = bytes((address, function | 0x80, _ILLEGAL_FUNCTION))
        elif self._faults[address] is Fault.REFUSE or register + len(values) > _REGISTERS:
            answer = bytes((address, function | 0x80, _ILLEGAL_ADDRESS))
        else:
            self._memory[address][register : register + len(values)] = values
            self._show(address, self._face(self._memory[address]))
            answer = frame[:6]
        return self._through_fault(address, answer + crc16(answer))

    def _face(self, memory: list[int]) -> Face:
        blink = self._blink is not None and memory[self._blink.register] == self._blink.on
        return Face(self._text(memory), blink)

    def _text(self, memory: list[int]) -> str:
        layout = self._layout
        values = memory[layout.first :]
        if layout.byte_order == "low_first":
            values = [value >> 8 | (value & 0xFF) << 8 for value in values]
        if isinstance(layout, AsciiRegisters):
            count = -(-self._digits // layout.per_register)
            text = b"".join(value.to_bytes(2, "big") for value in values[:count])
            return text.replace(b"\0", b"").decode("latin-1").strip()
        if isinstance(layout, BcdRegisters):
            marks = "0123456789" + "?" * 6
            marks = _put(_put(marks, layout.dash, "-"), layout.blank, " ")
            count = -(-self._digits // 4)
            return "".join(marks[int(n, 16)] for v in values[:count] for n in f"{v:04x}").strip()
        return IDLE if values[0] == layout.idle else str(values[0])

    def _empty(self) -> list[int]:
        return [0] * _REGISTERS


def crc16(data: bytes) -> bytes:
    """Return the check bytes of Modbus RTU, low byte first (polynomial 0xA001, from 0xFFFF)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value.to_bytes(2, "little")


def _length(buffer: bytes) -> int:
    """Return how long the frame is that `buffer` begins with; 0 while nobody can know."""
    if len(buffer) < 8:  # noqa: PLR2004 - the shortest request: address, function, 2 words, check
        return 0
    return 9 + buffer[6] if buffer[1] == _WRITE_MANY else 8


def _words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def _put(marks: str, index: int, mark: str) -> str:
    return marks[:index] + mark + marks[index + 1 :]
