"""Officers of one counter take it over by PIN: nobody else, nothing else, and not by guessing."""

import re
import socket
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from provisioning.accounts import Account, Accounts, Role
from provisioning.errors import AccountError
from provisioning.passwords import Passwords
from provisioning.pins import MOST_WRONG, Pins
from provisioning.sessions import Sessions
from provisioning.site_db import SiteDb
from web.access import COOKIE

PIN = "2718"
HERE = "/counter/3/officer"
PASSWORD = "Đò dọc sông Cấm"


class Browser:
    """A browser at a counter; keeps its session's cookie."""

    def __init__(self, address: tuple[str, int], cookie: str) -> None:
        self._address = address
        self.cookie = cookie
        self.text = ""

    def ask(self, method: str, target: str, body: str = "") -> int:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection(*self._address, timeout=30)) as connection:
            connection.request(method, target, body, headers)
            with connection.getresponse() as response:
                self.text = response.read().decode()
                found = re.search(rf"{COOKIE}=[^;]+", response.getheader("Set-Cookie", ""))
                self.cookie = found[0] if found else self.cookie
                return response.status

    def send(self, target: str, **fields: str) -> int:
        self.ask("GET", target)
        csrf = self.text.split('name="_csrf" value="')[1].split('"')[0]
        return self.ask("POST", target, urlencode({"_csrf": csrf, **fields}))


@pytest.fixture
def accounts(site_db: SiteDb, passwords: Passwords) -> Accounts:
    return Accounts(site_db, passwords)


@pytest.fixture
def pins(accounts: Accounts) -> Pins:
    """Know a colleague at counter 3, and others who must not take it over by PIN."""
    pins = Pins(accounts)
    for account, role, counters in (
        ("colleague", Role.OFFICER, (3, 4)),
        ("elsewhere", Role.OFFICER, (4,)),
        ("boss", Role.MANAGER, (3,)),
    ):
        accounts.add(Account(account, f"Người {account}", role, counters), PASSWORD)
        pins.set(account, PIN, by=account)
    accounts.add(Account("without", "Người chưa có mã", Role.OFFICER, (3,)), PASSWORD)
    return pins


@pytest.fixture
def browser(
    server: object, listener: socket.socket, pins: Pins, log_in: Callable[..., str]
) -> Browser:
    """Stand at counter 3, where an officer is logged in."""
    del server, pins
    host, port = listener.getsockname()[:2]
    return Browser((host, port), log_in(Role.OFFICER))


def test_a_colleague_takes_the_counter_over(browser: Browser, site_db: SiteDb) -> None:
    old = browser.cookie
    assert browser.send(HERE, account="colleague", pin=PIN) == 303
    assert browser.ask("GET", "/counter/3") == 200
    assert "Người colleague" in browser.text
    sessions = Sessions(site_db)
    assert sessions.find(old.partition("=")[2]) is None
    (noted,) = site_db.read("SELECT account, detail FROM audit WHERE action = 'officer_changed'")
    assert tuple(noted) == ("colleague", "counter 3 · officer → colleague")


def test_the_session_ends_when_the_one_before_would_have(browser: Browser, site_db: SiteDb) -> None:
    before = site_db.read("SELECT ends_us FROM sessions WHERE account = 'officer'")
    assert browser.send(HERE, account="colleague", pin=PIN) == 303
    after = site_db.read("SELECT ends_us FROM sessions WHERE account = 'colleague'")
    assert [tuple(row) for row in after] == [tuple(row) for row in before]


@pytest.mark.parametrize(
    ("account", "pin"),
    [
        ("colleague", "2719"),
        ("colleague", ""),
        ("without", ""),
        ("boss", PIN),
        ("elsewhere", PIN),
        ("nobody", PIN),
    ],
)
def test_nobody_else_does(browser: Browser, account: str, pin: str) -> None:
    assert browser.send(HERE, account=account, pin=pin) == 403
    assert browser.ask("GET", "/counter/3") == 200
    assert "Người officer" in browser.text


def test_another_counter_is_not_taken_over(browser: Browser) -> None:
    assert browser.ask("GET", "/counter/4/officer") == 403


def test_guessing_is_slowed_down_and_then_of_no_use(
    browser: Browser, pins: Pins, site_db: SiteDb
) -> None:
    answers = [browser.send(HERE, account="colleague", pin="9090") for _ in range(7)]
    assert answers.count(429) >= 1
    for _ in range(MOST_WRONG):
        pins.check("colleague", "9090")
    assert not pins.check("colleague", PIN), "a PIN that was guessed at sleeps"
    assert "colleague" not in {officer.account for officer in pins.officers_of(3)}
    Sessions(site_db).begin("colleague", Role.OFFICER, "vi", "", "", all_day=False)
    assert pins.check("colleague", PIN), "its owner wakes it by the password"


@pytest.mark.parametrize("pin", ["1234", "4321", "1111", "1212", "123", "1234567", "12a4", "7890"])
def test_a_pin_that_anybody_would_guess_is_none(pins: Pins, pin: str) -> None:
    with pytest.raises(AccountError):
        pins.set("colleague", pin, by="colleague")


def test_a_pin_is_chosen_and_given_up_with_the_password(browser: Browser, pins: Pins) -> None:
    assert browser.send("/account/pin", now="wrong", pin=PIN) == 403
    assert not pins.has("officer")
    assert browser.send("/account/pin", now=PASSWORD, pin="1234") == 403
    assert browser.send("/account/pin", now=PASSWORD, pin=PIN) == 303
    assert pins.has("officer")
    assert browser.send("/account/pin", now=PASSWORD, pin="") == 303
    assert not pins.has("officer")


def test_a_new_password_ends_the_pin(accounts: Accounts, pins: Pins) -> None:
    accounts.set_password("colleague", "Bến Bính chiều mưa", by="administrator")
    assert not pins.check("colleague", PIN)
    accounts.clear_password("elsewhere", by="administrator")
    assert not pins.check("elsewhere", PIN)


def test_a_disabled_account_has_no_use_of_its_pin(accounts: Accounts, pins: Pins) -> None:
    found = accounts.find("colleague")
    assert found
    accounts.change(Account("colleague", found.name, found.role, (3,), disabled=True), by="x")
    assert not pins.check("colleague", PIN)
