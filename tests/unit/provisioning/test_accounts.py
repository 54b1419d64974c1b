"""Accounts: what may be added and changed, what is kept, what is written down."""

import dataclasses
import threading

import pytest

from provisioning.accounts import Account, Accounts, Role
from provisioning.errors import AccountError
from provisioning.passwords import Passwords
from provisioning.sessions import Sessions
from provisioning.site_db import SiteDb

PASSWORD = "Đò dọc sông Cấm"


def _actions(db: SiteDb) -> list[tuple[str, str]]:
    return [(row["action"], row["account"]) for row in db.read("SELECT * FROM audit")]


def test_roles_are_an_order() -> None:
    assert Role.MANAGER.includes(Role.VIEWER)
    assert Role.MANAGER.includes(Role.MANAGER)
    assert not Role.OFFICER.includes(Role.VIEWER)


@pytest.mark.usefixtures("accounts")
def test_a_password_is_not_kept(db: SiteDb) -> None:
    kept = [row["password"] for row in db.read("SELECT password FROM accounts")]
    assert all(text.startswith("$argon2id$") for text in kept)
    assert len(set(kept)) == 3, "the same password, each with a salt of its own"


@pytest.mark.parametrize(
    ("account", "password", "right"),
    [
        ("minh", PASSWORD, True),
        ("minh", "\u0110o\u0300 do\u0323c so\u0302ng Ca\u0302\u0301m", True),  # as a Mac types it
        ("minh", PASSWORD.lower(), False),
        ("minh", "", False),
        ("nobody", PASSWORD, False),
        ("", "", False),
        ("minh' OR '1'='1", PASSWORD, False),
    ],
)
def test_check_password(accounts: Accounts, account: str, password: str, right: bool) -> None:
    assert accounts.check_password(account, password) is right


def test_a_disabled_account_and_one_without_a_password_let_nobody_in(accounts: Accounts) -> None:
    lan = accounts.find("lan")
    assert lan
    accounts.change(dataclasses.replace(lan, disabled=True), by="minh")
    assert not accounts.check_password("lan", PASSWORD)
    accounts.clear_password("thuha", by="minh")
    assert not accounts.check_password("thuha", PASSWORD)
    assert not accounts.check_password("thuha", "")


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (Account("a", "A", Role.VIEWER), "account"),
        (Account("phúc", "Phúc", Role.VIEWER), "account"),
        (Account("x" * 33, "X", Role.VIEWER), "account"),
        (Account("a b", "A", Role.VIEWER), "account"),
        (Account("denluot account", "A", Role.VIEWER), "account"),
        (Account("MINH ", "Another", Role.VIEWER), "account"),
        (Account("phuc", " ", Role.VIEWER), "name"),
        (Account("phuc", "x" * 81, Role.VIEWER), "name"),
        (Account("phuc", "A\u202eB", Role.VIEWER), "name"),
        (Account("phuc", "Phúc", Role.OFFICER, (0,)), "counters"),
        (Account("phuc", "Phúc", Role.OFFICER, (1000,)), "counters"),
    ],
)
def test_what_no_account_may_be(accounts: Accounts, new: Account, field: str) -> None:
    with pytest.raises(AccountError) as caught:
        accounts.add(new, PASSWORD)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "password", ["ngắn", "x" * 129, "1111111111", "Matkhau2026", "xin-phuc-xin", "1234567890a"]
)
def test_passwords_that_nobody_may_choose(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError) as caught:
        accounts.add(Account("phuc", "Phúc", Role.VIEWER), password)
    assert caught.value.field == "password"
    assert accounts.find("phuc") is None


def test_names_are_kept_as_people_mean_them(accounts: Accounts) -> None:
    accounts.add(Account(" Phuc.N ", "  Nguyễn   Phúc ", Role.OFFICER, (3, 1, 3)), PASSWORD)
    added = accounts.find("phuc.n")
    assert added is not None
    assert (added.name, added.counters) == ("Nguyễn Phúc", (1, 3))


@pytest.mark.parametrize(
    "changes", [{"role": Role.MANAGER}, {"disabled": True}, {"role": Role.OFFICER}]
)
def test_the_last_administrator_stays(accounts: Accounts, changes: dict[str, object]) -> None:
    minh = accounts.find("minh")
    assert minh
    changed = dataclasses.replace(minh, **changes)  # type: ignore[arg-type]
    accounts.add(Account("waiting", "No password yet", Role.ADMINISTRATOR))
    with pytest.raises(AccountError, match="người quản trị cuối cùng"):
        accounts.change(changed, by="minh")
    accounts.add(Account("phuc", "Phúc", Role.ADMINISTRATOR), PASSWORD)
    accounts.change(changed, by="phuc")


def test_two_administrators_cannot_remove_each_other_at_once(accounts: Accounts) -> None:
    accounts.add(Account("phuc", "Phúc", Role.ADMINISTRATOR), PASSWORD)
    refused: list[AccountError] = []

    def demote(account: str) -> None:
        found = accounts.find(account)
        assert found
        ready.wait(60)
        try:
            accounts.change(dataclasses.replace(found, role=Role.VIEWER), by="other")
        except AccountError as error:
            refused.append(error)

    ready = threading.Barrier(2)
    threads = [threading.Thread(target=demote, args=[name]) for name in ("minh", "phuc")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused) == 1
    administrators = [one for one in accounts.list() if one.role is Role.ADMINISTRATOR]
    assert len(administrators) == 1


def test_a_change_of_rights_logs_out_and_a_change_of_name_does_not(
    accounts: Accounts, db: SiteDb
) -> None:
    sessions = Sessions(db)
    token = sessions.begin("thuha", Role.MANAGER, "vi", "10.0.0.5", "Firefox", all_day=False)
    thuha = accounts.find("thuha")
    assert thuha
    accounts.change(dataclasses.replace(thuha, name="Nguyễn Thị Thu Hà"), by="minh")
    found = sessions.find(token)
    assert found
    assert found.name == "Nguyễn Thị Thu Hà"
    accounts.change(dataclasses.replace(thuha, role=Role.VIEWER), by="minh")
    assert sessions.find(token) is None


def test_another_password_logs_out_everywhere(accounts: Accounts, db: SiteDb) -> None:
    sessions = Sessions(db)
    tokens = [
        sessions.begin("thuha", Role.MANAGER, "vi", "10.0.0.5", "x", all_day=False)
        for _ in range(3)
    ]
    accounts.set_password("thuha", "Một câu khác hẳn", by="thuha")
    assert [sessions.find(token) for token in tokens] == [None] * 3
    assert accounts.check_password("thuha", "Một câu khác hẳn")


def test_every_change_is_written_down_with_who_and_whence(accounts: Accounts, db: SiteDb) -> None:
    lan = accounts.find("lan")
    assert lan
    accounts.change(dataclasses.replace(lan, counters=(5,)), by="minh", address="10.0.0.7")
    accounts.set_password("lan", "Một câu khác hẳn", by="minh")
    accounts.log_out_everywhere("lan", by="minh")
    accounts.clear_password("lan", by="minh")
    assert _actions(db)[3:] == [
        ("account_changed", "minh"),
        ("password_set", "minh"),
        ("logged_out_everywhere", "minh"),
        ("password_cleared", "minh"),
    ]
    row = db.read("SELECT * FROM audit WHERE action = 'account_changed'")[0]
    assert row["address"] == "10.0.0.7"
    assert row["detail"] == (
        "lan · Phạm Thị Lan · officer · counters=2,3 → lan · Phạm Thị Lan · officer · counters=5"
    )
    assert "câu khác" not in "".join(str(tuple(row)) for row in db.read("SELECT * FROM audit"))


def test_a_refused_change_leaves_nothing_behind(accounts: Accounts, db: SiteDb) -> None:
    before = _actions(db)
    with pytest.raises(AccountError):
        accounts.set_password("nobody", "Một câu khác hẳn", by="minh")
    with pytest.raises(AccountError):
        accounts.change(Account("nobody", "Nobody", Role.VIEWER), by="minh")
    assert _actions(db) == before


def test_checking_an_unknown_account_takes_as_long(passwords: Passwords, db: SiteDb) -> None:
    class Counting(Passwords):
        checked = 0

        def check(self, kept: str, password: str) -> bool:
            Counting.checked += 1
            return passwords.check(kept, password)

    accounts = Accounts(db, Counting(passwords._hasher))
    assert not accounts.check_password("nobody", PASSWORD)
    assert Counting.checked == 1
