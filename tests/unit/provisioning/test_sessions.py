"""Sessions: what is kept, how long they live, who ends them."""

from typing import Any

import pytest

from provisioning.accounts import Accounts, Role
from provisioning.sessions import LONGEST_S, Sessions
from provisioning.site_db import SiteDb

HOUR_S = 3600
Clock = Any

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture
def sessions(db: SiteDb) -> Sessions:
    return Sessions(db)


def _begin(sessions: Sessions, account: str = "thuha", *, all_day: bool = False) -> str:
    role = {"thuha": Role.MANAGER, "lan": Role.OFFICER, "minh": Role.ADMINISTRATOR}[account]
    return sessions.begin(account, role, "vi", "10.0.0.5", "Firefox", all_day=all_day)


def test_a_secret_has_256_bits_and_is_not_kept(sessions: Sessions, db: SiteDb) -> None:
    token = _begin(sessions)
    assert len(token) == 43
    assert len({_begin(sessions) for _ in range(10)}) == 10
    kept = [tuple(row) for row in db.read("SELECT * FROM sessions")]
    assert token not in str(kept)


def test_finds_who_somebody_is(sessions: Sessions) -> None:
    login = sessions.find(_begin(sessions, "lan"))
    assert login
    assert (login.account, login.name, login.role) == ("lan", "Phạm Thị Lan", Role.OFFICER)
    assert login.counters == (2, 3)
    assert len(login.csrf) == 43
    for guess in ("", "x", "0" * 43, "' OR 1=1 --"):
        assert sessions.find(guess) is None


@pytest.mark.parametrize(
    ("account", "all_day", "idle_s"),
    [
        ("thuha", False, HOUR_S / 2),
        ("minh", False, HOUR_S / 2),
        ("thuha", True, 10 * HOUR_S),
        ("lan", False, 10 * HOUR_S),
    ],
)
def test_ends_when_nobody_asks(
    sessions: Sessions, clock: Clock, account: str, all_day: bool, idle_s: float
) -> None:
    token = _begin(sessions, account, all_day=all_day)
    clock.pass_s(idle_s)
    assert sessions.find(token)
    clock.pass_s(idle_s if idle_s > HOUR_S else idle_s + 1)
    assert sessions.find(token) is None


def test_goes_on_while_somebody_asks_until_the_day_is_over(
    sessions: Sessions, clock: Clock
) -> None:
    token = _begin(sessions)
    asked_s = 0
    while sessions.find(token):
        clock.pass_s(20 * 60)
        asked_s += 20 * 60
        assert asked_s <= LONGEST_S
    assert asked_s == LONGEST_S


def test_what_a_page_asks_by_itself_keeps_nobody_logged_in(
    sessions: Sessions, clock: Clock
) -> None:
    token = _begin(sessions)
    for _ in range(3):
        clock.pass_s(10 * 60)
        assert sessions.find(token, quiet=True)
    clock.pass_s(60)
    assert sessions.find(token, quiet=True) is None


@pytest.mark.parametrize("jump_s", [-HOUR_S, 13 * HOUR_S])
def test_a_clock_that_jumps_makes_no_session_longer(
    sessions: Sessions, clock: Clock, jump_s: float
) -> None:
    token = _begin(sessions)
    clock.pass_s(jump_s)
    assert sessions.find(token) is None


def test_ends_by_hand(sessions: Sessions, accounts: Accounts) -> None:
    first, second, other = _begin(sessions), _begin(sessions), _begin(sessions, "lan")
    sessions.end(first)
    assert sessions.find(first) is None
    assert sessions.find(second)
    assert {login.account for login in sessions.list()} == {"lan", "thuha"}
    assert len(sessions.list()) == 2
    accounts.log_out_everywhere("thuha", by="minh")
    assert sessions.find(second) is None
    assert sessions.find(other)


def test_keeps_a_language(sessions: Sessions) -> None:
    token = _begin(sessions)
    login = sessions.find(token)
    assert login
    sessions.speak(login, "en")
    again = sessions.find(token)
    assert again
    assert again.lang == "en"


def test_an_account_has_no_more_than_twenty(sessions: Sessions, clock: Clock) -> None:
    tokens = []
    for _ in range(25):
        tokens.append(_begin(sessions))
        clock.pass_s(1)
    assert [bool(sessions.find(token)) for token in tokens] == [False] * 5 + [True] * 20


def test_a_full_disk_locks_nobody_out_who_is_in(
    sessions: Sessions, db: SiteDb, clock: Clock
) -> None:
    token = _begin(sessions)
    clock.pass_s(60)
    db._writer.execute("PRAGMA query_only = ON")
    assert sessions.find(token)
    db._writer.execute("PRAGMA query_only = OFF")
    assert sessions.find(token)
