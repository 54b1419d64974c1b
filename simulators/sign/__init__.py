"""Signs on a pseudo terminal that answer, and fail, as real ones do."""

from simulators.sign.ascii_signs import AsciiSignBank
from simulators.sign.bank import Fault, SignBank, terminal_of
from simulators.sign.modbus_signs import ModbusSignBank

__all__ = ["AsciiSignBank", "Fault", "ModbusSignBank", "SignBank", "terminal_of"]
