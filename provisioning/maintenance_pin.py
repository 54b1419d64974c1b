"""The PIN of a kiosk's maintenance menu, which `denluot pin` sets: there is none until then."""

import getpass
import logging
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgspec

from bus.typed import read_json
from config.durable import replace_privately
from hall.maintenance.menu import LONGEST_PIN, SHORTEST_PIN
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from provisioning.layout import Layout
from provisioning.passwords import Passwords

FREE = 3
"""Wrong PINs before anybody waits; from there 30, 60, 120, … s."""
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 900.0
_FEWEST_DIGITS = 3
_log = logging.getLogger(__name__)

BAD_LENGTH = N_("Mã PIN gồm {shortest} đến {longest} chữ số.")
DIFFERENT = N_("Hai lần nhập không giống nhau.")
TOO_EASY = N_("Mã PIN này dễ đoán. Mời chọn mã khác.")


class _Kept(msgspec.Struct, frozen=True):
    pin: str


class _Tries(msgspec.Struct, frozen=True):
    failures: int


class MaintenancePin:
    """Checks PINs. Wrong ones are counted on disk before they are checked: no power cut helps.

    What is kept is a count and no time: a machine that starts again waits its whole time anew,
    whatever its clock says.
    """

    def __init__(
        self, directory: Path, monotonic: Callable[[], float], passwords: Passwords | None = None
    ) -> None:
        """Keep both files in `directory`."""
        self._file = directory / "maintenance-pin.json"
        self._tries = directory / "maintenance-tries.json"
        self._monotonic = monotonic
        self._passwords = passwords or Passwords()
        self._failures = self._read_failures()
        self._free_at_s = monotonic() + _wait_after(self._failures)

    @property
    def is_set(self) -> bool:
        """Return whether there is a PIN at all; a file that cannot be read is none."""
        return bool(self._kept())

    @property
    def wait_s(self) -> float:
        """Return for how long no PIN is taken."""
        return max(0.0, self._free_at_s - self._monotonic())

    def check(self, pin: str) -> bool:
        """Return whether `pin` is the right one; takes a tenth of a second."""
        kept = self._kept()
        if not kept or self.wait_s:
            return False
        self._count(self._failures + 1)
        if self._passwords.check(kept, pin):
            self._count(0)
            return True
        _log.warning("wrong maintenance pin failures=%s", self._failures)
        return False

    def set(self, pin: str) -> None:
        """Keep `pin` from now on; raises ValueError with what is wrong with it, or OSError."""
        require_good(pin)
        _make_directory(self._file.parent)
        kept = _Kept(self._passwords.hash(pin))
        replace_privately(self._file, msgspec.json.encode(kept))
        self._count(0)

    def _kept(self) -> str:
        try:
            return read_json(self._file.read_bytes(), _Kept).pin
        except (OSError, ValueError, RecursionError):
            return ""

    def _read_failures(self) -> int:
        try:
            tries = read_json(self._tries.read_bytes(), _Tries)
        except FileNotFoundError:
            return 0
        except (OSError, ValueError, RecursionError):
            return FREE  # torn: nobody gains by that
        return max(0, tries.failures)

    def _count(self, failures: int) -> None:
        self._failures = failures
        self._free_at_s = self._monotonic() + _wait_after(failures)
        try:
            replace_privately(self._tries, msgspec.json.encode(_Tries(failures)))
        except OSError as error:
            _log.warning("tries of the pin not kept error=%s", error)


def require_good(pin: str) -> None:
    """Raise ValueError, with a text to be translated, unless a person may choose `pin`."""
    if not SHORTEST_PIN <= len(pin) <= LONGEST_PIN or not (pin.isascii() and pin.isdecimal()):
        raise ValueError(BAD_LENGTH)
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(set(pin)) < _FEWEST_DIGITS or len(steps) == 1:
        raise ValueError(TOO_EASY)


def command(arguments: list[str], read: Callable[[str], str] = getpass.getpass) -> int:
    """Carry out `denluot pin`; return the exit code."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot pin", t("Đặt mã PIN cho thực đơn bảo trì của máy lấy số này."), t
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=t("thư mục dữ liệu của máy lấy số")
    )
    chosen = parser.parse_args(arguments).data
    directory = (chosen or Layout().screen_data) / "kiosk"
    lengths = {"shortest": SHORTEST_PIN, "longest": LONGEST_PIN}
    try:
        MaintenancePin(directory, lambda: 0.0).set(_read_twice(read, t, lengths))
    except ValueError as error:
        sys.stderr.write(t(str(error), **lengths) + "\n")
        return 1
    except OSError as error:
        why = t("không ghi được vào {path}: {why}", path=directory, why=error.strerror)
        sys.stderr.write(f"{why}\n")
        return 1
    sys.stdout.write(t("Đã đặt mã PIN. Chạm năm lần vào biểu tượng ở góc màn hình để mở.") + "\n")
    return 0


def _read_twice(read: Callable[[str], str], t: Words, lengths: dict[str, int]) -> str:
    """Return what was typed twice; raises ValueError."""
    pin = read(t("Mã PIN mới ({shortest} đến {longest} chữ số): ", **lengths))
    require_good(pin)
    if read(t("Nhập lại: ")) != pin:
        raise ValueError(DIFFERENT)
    return pin


def _wait_after(failures: int) -> float:
    over = failures - FREE
    return 0.0 if over < 0 else min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(over, 10))


def _make_directory(directory: Path) -> None:
    """Make it for whoever owns the folder above: root sets the PIN, the kiosk reads it."""
    if directory.is_dir():
        return
    directory.mkdir(parents=True, mode=0o700)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        status = directory.parent.stat()
        os.chown(directory, status.st_uid, status.st_gid)
