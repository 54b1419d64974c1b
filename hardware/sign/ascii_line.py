"""Signs that take a line of text each over RS-485."""

import contextlib
import termios

import serial

from bus.vocabulary import SignState
from config import settings
from hardware.sign.encoding import answer_of, frame_of
from hardware.sign.port import Face, LineGoneError, SignSilentError

_BITS_PER_BYTE = 10
_PARITIES = {"none": "N", "even": "E", "odd": "O"}


class AsciiSigns:
    """Sends a frame per change; without a configured answer nobody knows whether it arrived."""

    def __init__(self, choice: settings.AsciiSigns) -> None:
        self._choice = choice
        self._port: serial.Serial | None = None

    @property
    def blinks(self) -> bool:
        """Whether the frame says so."""
        return "{blink" in self._choice.frame

    def show(self, address: int, face: Face) -> SignState:
        """Send the frame and hear the answer, if this kind of sign gives one."""
        frame = frame_of(self._choice, address, face)
        expected = answer_of(self._choice, address)
        try:
            port = self._port = self._port or self._open(len(frame))
            port.reset_input_buffer()
            port.write(frame)
            if not expected:
                return SignState.UNKNOWN
            heard = bytes(port.read_until(expected, size=256))
        except (OSError, ValueError, termios.error) as error:
            raise LineGoneError(f"no line at {self._choice.url}: {error}") from error
        if not heard.endswith(expected):
            raise SignSilentError(f"sign {address} does not answer, heard {heard[:16]!r}")
        return SignState.OK

    def close(self) -> None:
        """Close the port, dropping what was not sent: closing would wait for it."""
        port, self._port = self._port, None
        if port:
            with contextlib.suppress(OSError, termios.error):
                port.reset_output_buffer()
            with contextlib.suppress(OSError):
                port.close()

    def _open(self, length: int) -> serial.Serial:
        return serial.serial_for_url(
            self._choice.url,
            baudrate=self._choice.baud,
            parity=_PARITIES[self._choice.parity],
            stopbits=self._choice.stop_bits,
            timeout=self._choice.timeout_s,
            write_timeout=self._choice.timeout_s + length * _BITS_PER_BYTE / self._choice.baud,
            exclusive=True,
        )
