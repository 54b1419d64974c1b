"""One-time codes: for whom, how long, how often."""

from typing import Any

import pytest

from provisioning.accounts import Account, Accounts, Role
from provisioning.errors import AccountError
from provisioning.one_time import OneTimeCodes, Purpose
from provisioning.passwords import Passwords
from provisioning.site_db import SiteDb

Clock = Any
NEW = "Một câu khác hẳn"


@pytest.fixture
def codes(db: SiteDb) -> OneTimeCodes:
    return OneTimeCodes(db)


@pytest.fixture
def nobody(db: SiteDb, passwords: Passwords) -> Accounts:
    return Accounts(db, passwords)


def _make_first(accounts: Accounts, codes: OneTimeCodes, code: str, account: str = "minh") -> None:
    new = Account(account, "Trần Văn Minh", Role.ADMINISTRATOR)
    accounts.add(new, NEW, by="first", allowed=codes.spending(code, Purpose.FIRST, ""))


def test_the_first_administrator_is_made_once(nobody: Accounts, codes: OneTimeCodes) -> None:
    code = codes.begin_first_start()
    assert code
    _make_first(nobody, codes, code.lower().replace("-", " "))
    assert [one.account for one in nobody.list()] == ["minh"]
    with pytest.raises(AccountError, match="hết hạn"):
        _make_first(nobody, codes, code, "second")
    assert codes.begin_first_start() is None


def test_a_second_code_cannot_be_used_once_there_is_somebody(
    nobody: Accounts, codes: OneTimeCodes
) -> None:
    code = codes.begin_first_start()
    assert code
    nobody.add(Account("lan", "Lan", Role.OFFICER), NEW)
    with pytest.raises(AccountError):
        _make_first(nobody, codes, code)
    assert nobody.find("minh") is None


def test_a_new_start_ends_the_code_before(nobody: Accounts, codes: OneTimeCodes) -> None:
    before, now = codes.begin_first_start(), codes.begin_first_start()
    assert before
    assert now
    with pytest.raises(AccountError):
        _make_first(nobody, codes, before)
    _make_first(nobody, codes, now)


@pytest.mark.parametrize("guess", ["", "-", "x", "ABCDE-FGHJK-MNPQR-STUVW", "' OR 1=1 --"])
def test_guesses_are_refused(nobody: Accounts, codes: OneTimeCodes, guess: str) -> None:
    codes.begin_first_start()
    with pytest.raises(AccountError):
        _make_first(nobody, codes, guess)
    assert not nobody.exist()


def test_codes_end(accounts: Accounts, codes: OneTimeCodes, clock: Clock) -> None:
    code = codes.for_password("lan", by="minh")
    clock.pass_s(24 * 3600 - 1)
    assert codes.account_of(code, Purpose.PASSWORD) == "lan"
    clock.pass_s(1)
    assert codes.account_of(code, Purpose.PASSWORD) is None
    with pytest.raises(AccountError):
        accounts.set_password(
            "lan", NEW, by="lan", allowed=codes.spending(code, Purpose.PASSWORD, "lan")
        )


def test_the_first_code_ends_after_a_quarter_of_an_hour(
    nobody: Accounts, codes: OneTimeCodes, clock: Clock
) -> None:
    code = codes.begin_first_start()
    assert code
    clock.pass_s(15 * 60)
    with pytest.raises(AccountError):
        _make_first(nobody, codes, code)


def test_a_code_is_for_one_account_and_one_purpose(accounts: Accounts, codes: OneTimeCodes) -> None:
    code = codes.for_password("lan", by="minh")
    assert codes.account_of(code, Purpose.FIRST) is None
    with pytest.raises(AccountError):
        accounts.set_password(
            "minh", NEW, by="lan", allowed=codes.spending(code, Purpose.PASSWORD, "minh")
        )
    accounts.set_password(
        "lan", NEW, by="lan", allowed=codes.spending(code, Purpose.PASSWORD, "lan")
    )
    assert accounts.check_password("lan", NEW)
    assert codes.account_of(code, Purpose.PASSWORD) is None


def test_a_weak_password_does_not_spend_the_code(accounts: Accounts, codes: OneTimeCodes) -> None:
    code = codes.for_password("lan", by="minh")
    spend = codes.spending(code, Purpose.PASSWORD, "lan")
    with pytest.raises(AccountError):
        accounts.set_password("lan", "ngắn", by="lan", allowed=spend)
    accounts.set_password("lan", NEW, by="lan", allowed=spend)


@pytest.mark.usefixtures("accounts")
def test_a_code_has_99_bits_and_is_not_kept(codes: OneTimeCodes, db: SiteDb) -> None:
    code = codes.for_password("lan", by="minh")
    assert len(code.replace("-", "")) == 20
    rows = [tuple(row) for row in db.read("SELECT * FROM one_time_links")]
    rows += [tuple(row) for row in db.read("SELECT * FROM audit")]
    assert code not in str(rows)
    assert code.replace("-", "") not in str(rows)
