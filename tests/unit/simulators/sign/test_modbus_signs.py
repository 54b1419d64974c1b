import random
from itertools import count

import pytest

from config.settings import AsciiRegisters, AsciiSigns
from hardware.sign import Face
from simulators.sign import AsciiSignBank, Fault, ModbusSignBank, SignBank
from simulators.sign.modbus_signs import crc16

WRITE_ONE = bytes((1, 6, 0, 0, 0, 0x37))
WRITE_MANY = bytes((1, 16, 0, 0, 0, 2, 4, 0, 0x32, 0, 0x30))


@pytest.fixture
def bank() -> ModbusSignBank:
    return ModbusSignBank([1, 2], AsciiRegisters())


def whole(frame: bytes) -> bytes:
    return frame + crc16(frame)


def test_the_check_is_that_of_the_specification() -> None:
    # The example of the Modbus over serial line specification, appendix B.
    assert crc16(bytes((0x02, 0x07))) == bytes((0x41, 0x12))


def test_a_sign_obeys_and_says_so(bank: ModbusSignBank) -> None:
    assert bank.feed(whole(WRITE_ONE), 1) == whole(WRITE_ONE)
    assert bank.feed(whole(WRITE_MANY), 2) == whole(WRITE_MANY[:6])
    assert bank.faces == {1: Face("20"), 2: Face("")}


def test_a_frame_may_come_in_pieces_but_not_with_a_gap(bank: ModbusSignBank) -> None:
    frame = whole(WRITE_MANY)
    assert bank.feed(frame[:5], 1.00) == b""
    assert bank.feed(frame[5:], 1.01) == whole(WRITE_MANY[:6])
    assert bank.feed(frame[:5], 2.0) == b""
    assert bank.feed(frame[5:], 2.5) == b""


def test_it_refuses_what_it_does_not_have(bank: ModbusSignBank) -> None:
    assert bank.feed(whole(bytes((1, 3, 0, 0, 0, 1))), 1) == whole(bytes((1, 0x83, 1)))
    assert bank.feed(whole(bytes((1, 6, 1, 0, 0, 1))), 2) == whole(bytes((1, 0x86, 2)))


def test_it_is_silent_to_others_and_to_wrong_checks(bank: ModbusSignBank) -> None:
    assert bank.feed(whole(bytes((9, *WRITE_ONE[1:]))), 1) == b""
    assert bank.feed(WRITE_ONE + b"\0\0", 2) == b""


def test_power_off_forgets(bank: ModbusSignBank) -> None:
    bank.feed(whole(WRITE_ONE), 1)
    bank.set_fault(1, Fault.DEAD)
    assert bank.faces[1] == Face("")
    assert bank.feed(whole(WRITE_ONE), 2) == b""
    bank.set_fault(1, Fault.NONE)
    assert bank.faces[1] == Face("")


def test_ten_thousand_random_lines_change_nothing(bank: ModbusSignBank) -> None:
    banks: tuple[SignBank, ...] = (bank, AsciiSignBank([1, 2], AsciiSigns(url="")))
    rng, at = random.Random(1), count()
    for _ in range(10_000):
        noise = rng.randbytes(rng.randrange(40))
        for each in banks:
            each.feed(noise, float(next(at)))
    for each in banks:
        assert each.faces == {1: Face(""), 2: Face("")}
