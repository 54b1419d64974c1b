"""Every kind of sign shows the same faces, and every fault of one is known and stays its own."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from bus.vocabulary import SignState
from config.settings import (
    AsciiRegisters,
    AsciiSigns,
    BcdRegisters,
    BlinkRegister,
    ModbusSigns,
    NumberRegister,
    SimulatedSigns,
)
from config.settings import SignLine as Choice
from hardware.sign import (
    Face,
    LineGoneError,
    SignError,
    SignLine,
    SignRefusedError,
    SignSilentError,
    SignStation,
    open_signs,
)
from simulators.sign import AsciiSignBank, Fault, ModbusSignBank, SignBank, terminal_of
from simulators.terminal import Terminal

TIMEOUT_S = 0.3
ADDRESSES = (1, 2, 3)
BLINK = BlinkRegister(register=20, on=2)


def modbus(**more: object) -> ModbusSigns:
    return msgspec.structs.replace(ModbusSigns(url="", baud=115200, timeout_s=TIMEOUT_S), **more)


def ascii_line(**more: object) -> AsciiSigns:
    choice = AsciiSigns(url="", baud=115200, timeout_s=TIMEOUT_S, answer="\x06{address:02d}")
    return msgspec.structs.replace(choice, **more)


KINDS: dict[str, Choice] = {
    "modbus": modbus(),
    "modbus blinking": modbus(blink=BLINK),
    "modbus FC 06": modbus(write="single", blink=BLINK),
    "modbus pairs": modbus(registers=AsciiRegisters(first=4, per_register=2)),
    "modbus BCD": modbus(registers=BcdRegisters(byte_order="low_first")),
    "modbus number": modbus(registers=NumberRegister(idle=0xFFFF)),
    "ascii": ascii_line(),
    "ascii blinking": ascii_line(frame="\x02{address:03d}{text}{blink}{checksum:02X}\x03"),
}


@dataclass
class Bench:
    """A driver and the signs at the other end of its line."""

    choice: Choice
    driver: SignLine
    bank: SignBank
    line: Terminal

    def shows(self, address: int, text: str) -> bool:
        return self.bank.faces[address].text == text


def bench_of(choice: Choice, directory: Path) -> Bench:
    url = directory / "signs.tty"
    bank: SignBank
    if isinstance(choice, AsciiSigns):
        choice = msgspec.structs.replace(choice, url=str(url))
        bank = AsciiSignBank(ADDRESSES, choice)
    else:
        assert isinstance(choice, ModbusSigns)
        choice = msgspec.structs.replace(choice, url=str(url))
        bank = ModbusSignBank(ADDRESSES, choice.registers, choice.digits, choice.blink)
    line = terminal_of(bank, url)
    line.plug()
    return Bench(choice, open_signs(choice, directory, "sign-1"), bank, line)


@pytest.fixture
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = bench_of(KINDS[getattr(request, "param", "modbus")], tmp_path)
    yield made
    made.driver.close()
    made.line.unplug()


def told_in_the_end(bench: Bench, address: int, face: Face) -> SignState:
    """Tell a sign as the station does: again where a busy machine answers too late."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return bench.driver.show(address, face)
        except SignSilentError:
            if time.monotonic() > deadline:
                raise


every_kind = pytest.mark.parametrize("bench", KINDS, indirect=True)


@every_kind
def test_a_sign_shows_what_it_is_told_and_says_so(bench: Bench) -> None:
    for face in (Face("2005", blink=True), Face("17"), Face(), Face("9999"), Face()):
        assert told_in_the_end(bench, 2, face) is SignState.OK
        shown = Face(face.text, blink=face.blink and bench.driver.blinks)
        assert bench.bank.faces == {1: Face(""), 2: shown, 3: Face("")}


@pytest.mark.parametrize("bench", ["modbus", "modbus FC 06", "ascii"], indirect=True)
@pytest.mark.parametrize("fault", [Fault.DEAD, Fault.MUTE, Fault.GARBLE, Fault.HALF])
def test_a_sign_that_does_not_answer_is_silent_and_keeps_nobody_waiting(
    bench: Bench, fault: Fault
) -> None:
    bench.bank.set_fault(2, fault)
    began = time.monotonic()
    with pytest.raises(SignSilentError):
        bench.driver.show(2, Face("2005"))
    assert time.monotonic() - began < TIMEOUT_S * 3
    assert told_in_the_end(bench, 1, Face("1017")) is SignState.OK
    bench.bank.set_fault(2, Fault.NONE)
    assert told_in_the_end(bench, 2, Face("2005")) is SignState.OK
    assert bench.shows(2, "2005")


@every_kind
def test_a_pulled_line_is_gone_and_comes_back(bench: Bench) -> None:
    told_in_the_end(bench, 1, Face("1017"))
    bench.line.unplug()
    for _ in range(2):
        with pytest.raises(LineGoneError):
            bench.driver.show(1, Face("1018"))
        bench.driver.close()
    bench.line.plug()
    assert told_in_the_end(bench, 1, Face("1018")) is SignState.OK
    assert bench.shows(1, "1018")


@every_kind
def test_a_number_that_does_not_fit_is_refused(bench: Bench) -> None:
    with pytest.raises(SignRefusedError):
        bench.driver.show(1, Face("12005"))
    assert bench.shows(1, "")


def test_a_modbus_sign_without_such_a_register_refuses(bench: Bench) -> None:
    bench.bank.set_fault(1, Fault.REFUSE)
    with pytest.raises(SignRefusedError, match="exception 2"):
        bench.driver.show(1, Face("2005"))


def test_a_sign_that_never_answers_is_unknown(tmp_path: Path) -> None:
    bench = bench_of(ascii_line(answer=""), tmp_path)
    bench.bank.set_fault(2, Fault.DEAD)
    assert [bench.driver.show(n, Face("2005")) for n in (1, 2)] == [SignState.UNKNOWN] * 2
    wait_until(lambda: bench.shows(1, "2005"))
    bench.driver.close()
    bench.line.unplug()


def test_simulated_signs_write_what_they_show(tmp_path: Path) -> None:
    driver = open_signs(SimulatedSigns(), tmp_path, "sign-1")
    driver.show(2, Face("2005", blink=True))
    assert driver.show(1, Face()) is SignState.OK
    assert (tmp_path / "signs" / "sign-1.txt").read_text() == "  1 ----\n  2 2005 *\n"


def test_simulated_signs_that_cannot_be_written_are_gone(tmp_path: Path) -> None:
    (tmp_path / "signs").write_text("a file")
    with pytest.raises(LineGoneError):
        open_signs(SimulatedSigns(), tmp_path, "sign-1").show(1, Face())


class NoisySigns(ModbusSignBank):
    """Answers anything but an answer."""

    rng = random.Random(1)

    def feed(self, data: bytes, at: float) -> bytes:
        del data, at
        return self.rng.randbytes(self.rng.randrange(1, 30))


@pytest.mark.parametrize("times", [100, pytest.param(5_000, marks=pytest.mark.full)])
@pytest.mark.parametrize("kind", ["modbus", "modbus FC 06", "ascii"])
def test_random_answers_are_never_an_ok(kind: str, times: int, tmp_path: Path) -> None:
    bench = bench_of(msgspec.structs.replace(KINDS[kind], timeout_s=0.01), tmp_path)
    bench.line.unplug()
    noise = terminal_of(NoisySigns(ADDRESSES, AsciiRegisters()), tmp_path / "signs.tty")
    noise.plug()
    for _ in range(times):
        with pytest.raises(SignError):
            bench.driver.show(1, Face("2005"))
    bench.driver.close()
    noise.unplug()


# The station ----------------------------------------------------------------------------------


@dataclass
class Hall:
    """What the signs shall show, and what was said of them."""

    faces: dict[int, Face]
    states: Mapping[int, SignState]


def wait_until(true: Callable[[], bool], within_s: float = 5) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)  # noqa: TID251 - the far end is a thread of its own


@pytest.fixture
def hall(bench: Bench) -> Iterator[tuple[Hall, SignStation]]:
    hall = Hall(dict.fromkeys(ADDRESSES, Face()), {})
    station = SignStation(
        bench.driver,
        ADDRESSES,
        lambda: hall.faces,
        lambda states: setattr(hall, "states", states),
        retry_after_s=(0.05, 0.1),
        reopen_after_s=(0.05, 0.1),
        rewrite_every_s=0.3,
    )
    station.start()
    wait_until(lambda: hall.states == dict.fromkeys(ADDRESSES, SignState.OK))
    yield hall, station
    station.stop()


@every_kind
def test_all_signs_are_kept_right(bench: Bench, hall: tuple[Hall, SignStation]) -> None:
    wanted, station = hall
    wanted.faces = {n: Face(f"100{n}") for n in ADDRESSES}
    station.poke()
    wait_until(lambda: all(bench.shows(n, f"100{n}") for n in ADDRESSES))
    station.stop()
    assert set(bench.bank.faces.values()) == {Face()}


def test_one_dead_sign_among_three_is_known_and_delays_nobody(
    bench: Bench,
    hall: tuple[Hall, SignStation],
    expected_warnings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_warnings.append("sign state=dead address=2")
    wanted, station = hall
    asked: list[int] = []
    late: list[int] = []
    show = bench.driver.show

    def recorded(address: int, face: Face) -> SignState:
        asked.append(address)
        try:
            return show(address, face)
        except SignSilentError:
            late.append(address)
            raise

    monkeypatch.setattr(bench.driver, "show", recorded)
    bench.bank.set_fault(2, Fault.DEAD)
    wait_until(lambda: wanted.states[2] is SignState.DEAD)
    for number in range(1001, 1011):
        wanted.faces = {n: Face(str(number)) for n in ADDRESSES}
        asked.clear()
        late.clear()
        station.poke()
        wait_until(lambda now=str(number): bench.shows(1, now) and bench.shows(3, now))  # type: ignore[misc]
        living = [address for address in late if address != 2]  # on a busy machine
        assert asked.count(2) <= 1 + len(living), "once at most, where its turn had begun"
    assert wanted.states == {1: SignState.OK, 2: SignState.DEAD, 3: SignState.OK}
    bench.bank.set_fault(2, Fault.NONE)
    wait_until(lambda: bench.shows(2, "1010") and wanted.states[2] is SignState.OK)


def test_after_unplugging_everything_is_written_anew(
    bench: Bench, hall: tuple[Hall, SignStation], expected_warnings: list[str]
) -> None:
    expected_warnings.append("line of signs lost")
    wanted, station = hall
    wanted.faces = dict.fromkeys(ADDRESSES, Face("1017"))
    station.poke()
    wait_until(lambda: all(bench.shows(n, "1017") for n in ADDRESSES))
    bench.line.unplug()
    wait_until(lambda: set(wanted.states.values()) == {SignState.DEAD})
    for n in ADDRESSES:
        bench.bank.power_off(n)
    bench.line.plug()
    wait_until(lambda: all(bench.shows(n, "1017") for n in ADDRESSES))
    wait_until(lambda: set(wanted.states.values()) == {SignState.OK})


def test_a_sign_that_lost_its_power_for_a_moment_is_written_again(
    bench: Bench, hall: tuple[Hall, SignStation]
) -> None:
    wanted, station = hall
    wanted.faces = dict.fromkeys(ADDRESSES, Face("1017"))
    station.poke()
    wait_until(lambda: bench.shows(2, "1017"))
    bench.bank.power_off(2)
    wait_until(lambda: bench.shows(2, "1017"))


@pytest.mark.parametrize("bench", ["modbus", "modbus blinking"], indirect=True)
def test_a_new_number_blinks_whatever_the_sign_can(
    bench: Bench, hall: tuple[Hall, SignStation]
) -> None:
    wanted, station = hall
    wanted.faces = wanted.faces | {2: Face("2005", blink=True)}
    station.poke()
    wait_until(lambda: not bench.shows(2, "----"))
    assert bench.shows(2, "2005"), "a call begins with its number, not with the dark half"
    if bench.driver.blinks:
        wait_until(lambda: bench.bank.faces[2] == Face("2005", blink=True))
        return
    for text in ("", "2005"):
        wait_until(lambda text=text: bench.shows(2, text))  # type: ignore[misc]


@pytest.mark.parametrize("bench", ["modbus BCD"], indirect=True)
def test_a_number_that_cannot_be_shown_takes_the_old_one_down(
    bench: Bench, hall: tuple[Hall, SignStation], expected_warnings: list[str]
) -> None:
    expected_warnings.append("sign state=refused address=2")
    wanted, station = hall
    wanted.faces = wanted.faces | {2: Face("2005")}
    station.poke()
    wait_until(lambda: bench.shows(2, "2005"))
    wanted.faces = wanted.faces | {2: Face("A006")}
    station.poke()
    wait_until(lambda: bench.shows(2, "----") and wanted.states[2] is SignState.REFUSED)
