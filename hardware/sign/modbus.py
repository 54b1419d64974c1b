"""Modbus RTU signs on one serial line, with pymodbus 3.16."""

import logging
from typing import Literal

from pymodbus import FramerType, ModbusException
from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ConnectionException
from pymodbus.pdu import ModbusPDU

from bus.vocabulary import SignState
from config import settings
from hardware.sign.encoding import registers
from hardware.sign.port import Face, LineGoneError, SignRefusedError, SignSilentError

_PARITIES: dict[str, Literal["N", "E", "O"]] = {"none": "N", "even": "E", "odd": "O"}


class ModbusSigns:
    """Writes registers and believes only an answer that says the same back."""

    def __init__(self, choice: settings.ModbusSigns) -> None:
        # pymodbus logs every missing answer as an error; what it means is said here, once.
        logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
        self._choice = choice
        self._client = ModbusSerialClient(
            choice.url,
            framer=FramerType.RTU,
            baudrate=choice.baud,
            parity=_PARITIES[choice.parity],
            stopbits=choice.stop_bits,
            handle_local_echo=choice.echo,
            timeout=choice.timeout_s,
            retries=0,
        )

    @property
    def blinks(self) -> bool:
        """Whether there is a register for it."""
        return self._choice.blink is not None

    def show(self, address: int, face: Face) -> SignState:
        """Write the text, then the blink register where there is one."""
        layout = self._choice.registers
        values = registers(layout, face.text, self._choice.digits)
        if self._choice.write == "multiple":
            self._write(address, layout.first, values)
        else:
            for offset, value in enumerate(values):
                self._write(address, layout.first + offset, [value])
        if self._choice.blink:
            blink = self._choice.blink
            self._write(address, blink.register, [blink.on if face.blink else blink.off])
        return SignState.OK

    def close(self) -> None:
        """Close the port."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _write(self, address: int, register: int, values: list[int]) -> None:
        try:
            if self._choice.write == "multiple":
                answer = self._client.write_registers(register, values, device_id=address)
                agrees = answer.count == len(values)
            else:
                answer = self._client.write_register(register, values[0], device_id=address)
                agrees = answer.registers == values
        except ConnectionException as error:
            raise LineGoneError(f"no line at {self._choice.url}") from error
        except ModbusException as error:
            raise SignSilentError(f"sign {address} does not answer") from error
        except OSError as error:
            raise LineGoneError(f"line {self._choice.url} is gone: {error}") from error
        if answer.isError():
            raise SignRefusedError(
                f"sign {address} refuses register {register}: exception {answer.exception_code}"
            )
        if not agrees or answer.address != register:
            raise SignSilentError(f"sign {address} answers something else: {_short(answer)}")


def _short(answer: ModbusPDU) -> str:
    return f"function {answer.function_code} address {answer.address}"
