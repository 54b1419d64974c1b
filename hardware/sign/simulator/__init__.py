"""Signs on a pseudo terminal that answer, and fail, as real ones do."""

from hardware.sign.simulator.ascii_signs import AsciiSignBank
from hardware.sign.simulator.bank import Fault, SignBank
from hardware.sign.simulator.line import PtyLine
from hardware.sign.simulator.modbus_signs import ModbusSignBank

__all__ = ["AsciiSignBank", "Fault", "ModbusSignBank", "PtyLine", "SignBank"]
