"""What the doctor says of accounts and of the certificate."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from appliance.doctor.finding import Level
from appliance.doctor.staff import check_accounts, check_certificate, check_staff
from config.settings import WebBox
from provisioning.accounts import Account, Accounts, Role
from provisioning.certificate import LIVES, make_certificate
from provisioning.passwords import Passwords
from provisioning.site_db import FILE_NAME, open_site_db

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_centre_without_an_administrator_is_told(tmp_path: Path) -> None:
    assert check_accounts(tmp_path).says == "no_administrator"
    assert not (tmp_path / FILE_NAME).exists(), "looking makes nothing"
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with closing(open_site_db(tmp_path / FILE_NAME)) as db:
        accounts = Accounts(db, passwords)
        accounts.add(Account("lan", "Lan", Role.OFFICER), "Đò dọc sông Cấm")
        accounts.add(Account("minh", "Minh", Role.ADMINISTRATOR))
        assert check_accounts(tmp_path).says == "no_administrator", "nobody has a password yet"
        accounts.set_password("minh", "Đò dọc sông Cấm", by="minh")
        found = check_accounts(tmp_path)
    assert (found.level, found.values) == (Level.OK, {"what": 2})


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database" * 100)
    assert check_accounts(tmp_path).level is Level.ERROR


@pytest.mark.parametrize(
    ("days", "level"), [(0, Level.OK), (800, Level.NOTE), (825, Level.ERROR), (900, Level.ERROR)]
)
def test_a_certificate_that_ends(tmp_path: Path, days: int, level: Level) -> None:
    made = make_certificate(tmp_path, ["localhost"], NOW)
    assert timedelta(days=825) == LIVES
    assert check_certificate(made.certificate, NOW + timedelta(days=days)).level is level
    box = WebBox(certificate=str(made.certificate), key=str(made.key))
    assert len(list(check_staff(tmp_path, box, NOW))) == 2
    assert len(list(check_staff(tmp_path, WebBox(), NOW))) == 1


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    assert check_certificate(tmp_path / "none.crt", NOW).says == "certificate_unread"
