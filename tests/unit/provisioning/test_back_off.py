"""Wrong passwords: who waits, how long, and who never does."""

from pathlib import Path
from typing import Any

import pytest

from provisioning.accounts import Accounts
from provisioning.back_off import BackOff
from provisioning.site_db import SiteDb, open_site_db

Clock = Any

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture
def back_off(db: SiteDb) -> BackOff:
    return BackOff(db)


def _waits(back_off: BackOff, times: int, account: str = "thuha", address: str = "10.0.0.5") -> int:
    """Return how many of some attempts had to wait."""
    return sum(back_off.admit(account, address) > 0 for _ in range(times))


def test_a_few_slips_are_free_then_waits_double(back_off: BackOff, clock: Clock) -> None:
    assert _waits(back_off, 5) == 0
    waits = []
    for _ in range(9):
        waits.append(back_off.admit("thuha", "10.0.0.5"))
        clock.pass_s(waits[-1])
        assert back_off.admit("thuha", "10.0.0.5") == 0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_thousand_at_once_are_not_a_thousand_first_ones(back_off: BackOff) -> None:
    assert _waits(back_off, 1000) == 995


def test_it_is_kept_over_restarts(back_off: BackOff, db_path: Path, clock: Clock) -> None:
    _waits(back_off, 5)
    again = open_site_db(db_path, lambda: clock.now)
    assert BackOff(again).admit("thuha", "10.0.0.5") > 0
    again.close()


def test_an_address_that_tries_many_names_waits(back_off: BackOff, clock: Clock) -> None:
    assert sum(back_off.admit(f"name{n}", "10.0.0.6") > 0 for n in range(100)) == 70
    clock.pass_s(30)
    assert back_off.admit("thuha", "10.0.0.6") == 0
    assert back_off.admit("lan", "10.0.0.7") == 0, "others do not wait with it"


def test_others_guesses_keep_nobody_from_the_browser_they_work_at(
    back_off: BackOff, clock: Clock
) -> None:
    secret = back_off.know_browser("thuha", "")
    for host in range(200):
        _waits(back_off, 10, address=f"10.0.1.{host}")
    _waits(back_off, 50, address="10.0.0.5")
    assert back_off.admit("thuha", "10.0.0.5", secret) == 0
    _waits(back_off, 6, "lan")
    assert back_off.admit("lan", "10.0.0.5", secret) > 0, "known for one account alone"
    assert back_off.admit("thuha", "10.0.0.5", "guessed") > 0
    clock.pass_s(5)
    assert back_off.admit("thuha", "10.0.0.9") == 0, "nor, for long, from a new one"


def test_a_known_browser_is_counted_too(back_off: BackOff) -> None:
    secret = back_off.know_browser("thuha", "")
    waits = [back_off.admit("thuha", "10.0.0.5", secret) for _ in range(6)]
    assert waits == [0, 0, 0, 0, 0, 1]


def test_a_right_password_takes_it_back(back_off: BackOff) -> None:
    for _ in range(20):
        assert _waits(back_off, 5) == 0
        back_off.succeeded("thuha", "10.0.0.5")


@pytest.mark.parametrize("jump_s", [-3600 * 24 * 365, 61, 3601])
def test_no_clock_locks_anybody_out(back_off: BackOff, clock: Clock, jump_s: float) -> None:
    _waits(back_off, 100)
    clock.pass_s(jump_s)
    assert back_off.admit("thuha", "10.0.0.5") == 0


def test_one_machine_has_a_whole_network_of_ipv6_to_itself(back_off: BackOff) -> None:
    waits = [back_off.admit("thuha", f"fd00::{n:x}") for n in range(1, 8)]
    assert waits[:5] == [0] * 5
    assert waits[5] > 0
    assert back_off.admit("thuha", "fd00:0:0:1::1") == 0


def test_old_failures_are_forgotten_and_not_kept(
    back_off: BackOff, db: SiteDb, clock: Clock
) -> None:
    for n in range(20):
        back_off.admit(f"name{n}", "10.0.0.6")
    clock.pass_s(3601)
    back_off.admit("thuha", "10.0.0.6")
    assert len(db.read("SELECT * FROM back_off")) == 3


def test_log_out_everywhere_forgets_browsers(back_off: BackOff, accounts: Accounts) -> None:
    secret = back_off.know_browser("thuha", "")
    accounts.log_out_everywhere("thuha", by="thuha")
    _waits(back_off, 6)
    assert back_off.admit("thuha", "10.0.0.5", secret) > 0
