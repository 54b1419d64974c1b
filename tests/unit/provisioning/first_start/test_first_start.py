"""The first start on the server's own screen: nothing secret before a key, nor after its end."""

import os
import pty
import re
import select
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.settings import WebBox
from provisioning.accounts import Account, Accounts, Role
from provisioning.authority import Authority
from provisioning.errors import SiteDbError
from provisioning.first_start.ceremony import Ceremony, Stage
from provisioning.first_start.console import CLEAN, screen
from provisioning.first_start.loop import run
from provisioning.first_start.messages import Seen
from provisioning.first_start.place import Place, place_of
from provisioning.one_time import FIRST_START_S, OneTimeCodes, Purpose
from provisioning.passwords import Passwords
from provisioning.site_db import FILE_NAME, SiteDb, UnavailableSiteDb, open_site_db

Clock = Any
Cable = tuple[socket.socket, socket.socket, socket.socket]
CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}")
EVERYWHERE = "0.0.0.0"  # noqa: S104
PASSWORD = "Đò dọc sông Cấm"
LAN = Place(
    ("https://192.168.1.10:8443/first",), "ab" * 32, "cd" * 32, "http://192.168.1.10:8081/ca"
)
MINH = Account("minh", "Trần Văn Minh", Role.ADMINISTRATOR)


@pytest.fixture
def ceremony(db: SiteDb, clock: Clock) -> Ceremony:
    return Ceremony(db, lambda: clock.now.timestamp())  # noqa: PLW0108 - the clock is moved


def make_first(db: SiteDb, passwords: Passwords, code: str) -> None:
    allowed = OneTimeCodes(db).spending(code, Purpose.FIRST, "")
    Accounts(db, passwords).add(MINH, PASSWORD, by="first start", allowed=allowed)


def test_nothing_is_made_or_shown_until_somebody_touches_it(ceremony: Ceremony, db: SiteDb) -> None:
    assert ceremony.look() is Stage.WAITING
    assert db.read("SELECT * FROM one_time_links") == []
    assert not CODE.search(screen(LAN, ceremony.stage, ceremony.code, 0, (240, 67)))


def test_a_press_shows_a_code_that_makes_the_first_administrator(
    ceremony: Ceremony, db: SiteDb, passwords: Passwords
) -> None:
    ceremony.press()
    assert ceremony.look() is Stage.SHOWN
    make_first(db, passwords, ceremony.code)
    assert ceremony.look() is Stage.OVER
    assert ceremony.code == ""
    ceremony.press()
    assert ceremony.stage is Stage.OVER
    assert ceremony.code == ""


def test_another_press_ends_the_code_before(ceremony: Ceremony, db: SiteDb) -> None:
    ceremony.press()
    before = ceremony.code
    ceremony.press()
    codes = OneTimeCodes(db)
    assert codes.account_of(before, Purpose.FIRST) is None
    assert codes.account_of(ceremony.code, Purpose.FIRST) == ""


def test_a_code_is_shown_for_fifteen_minutes(ceremony: Ceremony, clock: Clock) -> None:
    ceremony.press()
    clock.pass_s(FIRST_START_S - 1)
    assert ceremony.look() is Stage.SHOWN
    clock.pass_s(2)
    assert ceremony.look() is Stage.ENDED
    assert ceremony.code == ""


def test_a_code_that_another_screen_replaced_is_not_shown_on(
    ceremony: Ceremony, db: SiteDb
) -> None:
    ceremony.press()
    assert OneTimeCodes(db).begin_first_start()
    assert ceremony.look() is Stage.ENDED


@pytest.mark.parametrize("size", [(80, 25), (128, 48), (240, 67)])
def test_the_screen_fits_and_says_it_in_two_languages(size: tuple[int, int]) -> None:
    shown = screen(LAN, Stage.SHOWN, "ABCDE-FGHJK-MNPQR-STUVW", 899, size)
    rows = re.sub(r"\033\[[0-9;]*[A-Za-z]", "", shown).split("\r\n")
    assert len(rows) <= size[1]
    assert max(len(row) for row in rows) <= size[0]
    assert "ABCDE-FGHJK-MNPQR-STUVW" in shown
    assert "https://192.168.1.10:8443/first" in shown
    assert "Mã khai báo" in shown
    assert "on this screen only" in shown
    assert "14:59" in shown
    assert "AB:AB" in shown
    assert "CD:CD" in shown
    assert ("\033[47m" in shown) == (size[0] > 80), "a code to scan wherever there is room"


def test_what_is_scanned_leaves_no_trace_on_the_way() -> None:
    assert LAN.scanned("AB-CD") == "https://192.168.1.10:8443/first#ABCD"
    assert LAN.scanned("") == Place().scanned("AB-CD") == ""


def test_the_page_is_offered_by_tls_or_on_the_machine_itself(tmp_path: Path, clock: Clock) -> None:
    names = ["localhost", "hall", "127.0.0.1", "169.254.3.4", "192.168.1.10"]
    plain = place_of(WebBox(host=EVERYWHERE, port=8080), tmp_path, names)
    assert plain.addresses == ("http://127.0.0.1:8080/first",)
    assert plain.server == plain.authority == ""
    authority = Authority(tmp_path / "authority", "hoa-binh", clock.now)
    authority.renew_server(clock.now, names)
    file = str(authority.server)
    secure = WebBox(host=EVERYWHERE, port=8443, certificate=file, key=file)
    place = place_of(secure, tmp_path, names)
    assert place.addresses == ("https://192.168.1.10:8443/first",)
    assert len(place.server) == len(place.authority) == 64
    assert place.server != place.authority
    assert place.trust == ""
    offered = WebBox(host=EVERYWHERE, port=8443, certificate=file, key=file, board_host=EVERYWHERE)
    assert place_of(offered, tmp_path, names).trust == "http://192.168.1.10:8081/ca"
    assert place_of(secure, tmp_path, ["localhost"]).addresses == ()


class Shown:
    """What `run` showed, and what a person does after each time."""

    def __init__(self, *acts: Callable[[str], object]) -> None:
        self.all: list[tuple[Stage, str]] = []
        self._acts = iter(acts)

    def __call__(self, _place: Place, stage: Stage, code: str, _left_s: int) -> None:
        self.all.append((stage, code))
        next(self._acts)(code)


@pytest.fixture
def cable() -> Iterator[Cable]:
    keyboard, hand = socket.socketpair()
    stop, _ = pair = socket.socketpair()
    yield keyboard, hand, stop
    for each in (keyboard, hand, *pair):
        each.close()


def test_the_console_follows_keys_and_ends_by_itself(
    cable: Cable, ceremony: Ceremony, db: SiteDb, passwords: Passwords, clock: Clock
) -> None:
    keyboard, hand, stop = cable

    def press(_code: str) -> None:
        hand.send(b"x")

    def fill_in(code: str) -> None:
        make_first(db, passwords, code)
        hand.send(b"x")

    shown = Shown(press, press, fill_in, lambda _: None)
    run(ceremony, keyboard.fileno(), stop.fileno(), lambda: LAN, shown, clock.now.timestamp)
    assert [stage for stage, _ in shown.all] == ["waiting", "shown", "shown", "over"]
    assert len({code for _, code in shown.all if code}) == 2


def test_accounts_that_cannot_be_read_are_told_and_asked_for_again(
    cable: Cable, clock: Clock
) -> None:
    keyboard, hand, stop = cable
    blind = Ceremony(UnavailableSiteDb("full", lambda: clock.now), clock.now.timestamp)
    with pytest.raises(SiteDbError):
        blind.look()
    shown = Shown(lambda _: hand.close())
    run(blind, keyboard.fileno(), stop.fileno(), lambda: LAN, shown, clock.now.timestamp)
    assert shown.all == [(Stage.BLIND, "")]


class Terminal:
    """The program on a terminal of its own, as a console is."""

    def __init__(self, data: Path, stdout: int | None = None) -> None:
        self.ours, theirs = pty.openpty()
        self.text = ""
        # As on an installed server: the password at the broker is another user's.
        device = data / "device.toml"
        device.write_text('[broker]\npassword_file = "/var/lib/none/broker-password"\n')
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "provisioning.first_start",
                f"--data={data}",
                f"--device={device}",
            ],
            stdin=theirs,
            stdout=stdout or theirs,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(theirs)

    def read_until(self, wanted: str) -> str:
        while not (found := re.search(wanted, self.text)):
            assert select.select([self.ours], [], [], 60)[0], self.text
            self.text += os.read(self.ours, 65536).decode(errors="replace")
        return found[0]

    def close(self) -> str:
        said = self.process.communicate(timeout=60)[1]
        os.close(self.ours)
        return said


def test_the_program_hides_its_code_when_it_is_ended(tmp_path: Path) -> None:
    open_site_db(tmp_path / FILE_NAME).close()
    terminal = Terminal(tmp_path)
    terminal.read_until("Bấm phím")
    assert not CODE.search(terminal.text)
    os.write(terminal.ours, b" ")
    terminal.read_until(CODE.pattern)
    terminal.process.terminate()
    terminal.read_until(re.escape(CLEAN + "\033[?25h"))
    said = terminal.close()
    assert terminal.process.returncode == 0
    assert said == "", "the journal hears nothing"
    assert not CODE.search(terminal.text.rpartition(CLEAN)[2])


def test_the_program_shows_nothing_where_a_log_would_keep_it(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        terminal = Terminal(tmp_path, log.fileno())
        said = terminal.close()
    assert terminal.process.returncode == 2
    assert "never in a file" in said
    assert (tmp_path / "log").read_bytes() == b""


def test_the_unit_asks_first_whether_there_is_any_need(
    tmp_path: Path, passwords: Passwords
) -> None:
    ask = [sys.executable, "-m", "provisioning.first_start", "--needed", "--data", str(tmp_path)]
    assert subprocess.run(ask, check=False, timeout=60).returncode == 0
    db = open_site_db(tmp_path / FILE_NAME)
    Accounts(db, passwords).add(MINH, PASSWORD)
    db.close()
    assert subprocess.run(ask, check=False, timeout=60).returncode == 1


def test_a_window_of_another_user_is_given_the_code_by_a_touch(
    tmp_path: Path, passwords: Passwords
) -> None:
    window, theirs = socket.socketpair()
    window.settimeout(60)
    giver = subprocess.Popen(
        [sys.executable, "-m", "provisioning.first_start.giver", "--data", str(tmp_path)],
        stdin=theirs.fileno(),
        stdout=theirs.fileno(),
        stderr=subprocess.PIPE,
    )
    theirs.close()
    with window, window.makefile("rb") as lines, giver:

        def next_stage(wanted: Stage) -> Seen:
            for line in lines:
                if (seen := msgspec.json.decode(line, type=Seen)).stage is wanted:
                    return seen
            raise AssertionError(wanted)

        assert next_stage(Stage.WAITING).code == ""
        window.send(b"\n")
        seen = next_stage(Stage.SHOWN)
        assert CODE.fullmatch(seen.code)
        db = open_site_db(tmp_path / FILE_NAME)
        make_first(db, passwords, seen.code)
        db.close()
        assert next_stage(Stage.OVER).code == ""
        assert giver.wait(60) == 0
        assert giver.stderr
        assert giver.stderr.read() == b"", "the journal hears nothing"


def test_the_code_is_given_to_no_file(tmp_path: Path) -> None:
    giver = [sys.executable, "-m", "provisioning.first_start.giver", "--data", str(tmp_path)]
    told = subprocess.run(giver, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert told.returncode == 2
    assert told.stdout == b""
