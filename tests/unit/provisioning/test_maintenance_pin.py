from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from provisioning.maintenance_pin import (
    FIRST_WAIT_S,
    FREE,
    LONGEST_WAIT_S,
    MaintenancePin,
    command,
    require_good,
)
from provisioning.passwords import Passwords

PIN = "471986"


class Time:
    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


Open = Callable[[], MaintenancePin]


@pytest.fixture
def at() -> Time:
    return Time()


@pytest.fixture
def open_pin(tmp_path: Path, at: Time, expected_warnings: list[str]) -> Open:
    """Return a function that opens the files, as a program started again does."""
    expected_warnings.append("wrong maintenance pin")
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return lambda: MaintenancePin(tmp_path / "kiosk", at, cheap)


@pytest.fixture
def pin(open_pin: Open) -> MaintenancePin:
    pin = open_pin()
    pin.set(PIN)
    return pin


def test_there_is_no_pin_until_somebody_sets_one(open_pin: Open) -> None:
    pin = open_pin()
    assert not pin.is_set
    assert not pin.check("")
    assert not pin.check("123456")


def test_the_right_pin_opens_and_the_file_tells_nobody_which_it_is(
    pin: MaintenancePin, tmp_path: Path
) -> None:
    assert pin.is_set
    assert pin.check(PIN)
    file = tmp_path / "kiosk/maintenance-pin.json"
    assert PIN not in file.read_text()
    assert "argon2id" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_wrong_pins_cost_more_and_more_time(pin: MaintenancePin, at: Time) -> None:
    for _ in range(FREE - 1):
        assert not pin.check("000111")
        assert pin.wait_s == 0
    waits = []
    for _ in range(7):
        assert not pin.check("000111")
        waits.append(pin.wait_s)
        assert not pin.check(PIN), "the right one is not even looked at meanwhile"
        at.s += pin.wait_s
    assert waits == [FIRST_WAIT_S, 60, 120, 240, 480, LONGEST_WAIT_S, LONGEST_WAIT_S]
    assert pin.check(PIN)
    assert pin.wait_s == 0


def test_a_power_cut_makes_nobody_forget(pin: MaintenancePin, open_pin: Open, at: Time) -> None:
    for _ in range(FREE + 1):
        pin.check("000111")
        at.s += pin.wait_s
    at.s = 3.0  # another life of the machine, whose clock counts from its start
    again = open_pin()
    assert again.wait_s == 60
    assert not again.check(PIN)
    at.s += 60
    assert again.check(PIN)
    assert open_pin().wait_s == 0


def test_a_guess_is_counted_before_it_is_checked(
    tmp_path: Path, at: Time, expected_warnings: list[str]
) -> None:
    """A power cut right after the answer is seen gives no guess for nothing."""
    expected_warnings.append("wrong maintenance pin")
    seen: list[str] = []

    class Watching(Passwords):
        def check(self, kept: str, password: str) -> bool:
            seen.append((tmp_path / "kiosk/maintenance-tries.json").read_text())
            return super().check(kept, password)

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    pin = MaintenancePin(tmp_path / "kiosk", at, Watching(cheap))
    pin.set(PIN)
    pin.check("000111")
    assert seen == ['{"failures":1}']


@pytest.mark.parametrize("content", [b"", b"{", b'{"failures":"x"}', b"\xff\xfe"])
def test_a_torn_count_is_no_gift(
    pin: MaintenancePin, open_pin: Open, tmp_path: Path, content: bytes
) -> None:
    assert pin.is_set
    (tmp_path / "kiosk/maintenance-tries.json").write_bytes(content)
    assert open_pin().wait_s == FIRST_WAIT_S


def test_a_torn_pin_lets_nobody_in(pin: MaintenancePin, tmp_path: Path) -> None:
    (tmp_path / "kiosk/maintenance-pin.json").write_text('{"pin":"')
    assert not pin.is_set
    assert not pin.check(PIN)


def test_a_full_disk_still_counts(
    pin: MaintenancePin, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("tries of the pin not kept")
    blocked = tmp_path / "kiosk/.maintenance-tries.json.new"
    blocked.mkdir()
    (blocked / "x").touch()  # what `replace_privately` would write cannot be written
    for _ in range(FREE):
        pin.check("000111")
    assert pin.wait_s == FIRST_WAIT_S


@pytest.mark.parametrize(
    "easy",
    ["", "12345", "1234567890123", "12345a", "123456", "987654", "111111", "112211", "٤٧١٩٨٦"],
)
def test_a_pin_that_is_easily_guessed_is_refused(easy: str) -> None:
    with pytest.raises(ValueError, match="Mã PIN"):
        require_good(easy)


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ([PIN, PIN], 0, "Đã đặt mã PIN"),
        ([PIN, "471987"], 1, "không giống nhau"),
        (["123456"], 1, "dễ đoán"),
        (["12"], 1, "6 đến 12"),
    ],
)
def test_the_command_sets_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], typed: list[str], code: int, says: str
) -> None:
    answers: Iterator[str] = iter(typed)
    assert command(["--data", str(tmp_path)], lambda _asks: next(answers)) == code
    said = capsys.readouterr()
    assert says in said.out + said.err
    assert (tmp_path / "kiosk/maintenance-pin.json").exists() is (code == 0)


def test_the_command_says_where_it_cannot_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk").write_text("a file where the folder belongs")
    assert command(["--data", str(tmp_path)], lambda _asks: PIN) == 1
    assert str(tmp_path / "kiosk") in capsys.readouterr().err
