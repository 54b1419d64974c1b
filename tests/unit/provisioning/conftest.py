"""A site's database on disk, and a clock that stands still until a test moves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from provisioning.accounts import Account, Accounts, Role
from provisioning.passwords import Passwords
from provisioning.site_db import SiteDb, open_site_db

PASSWORD = "Đò dọc sông Cấm"


@dataclass
class SetClock:
    now: datetime = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def db_path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.db"


@pytest.fixture
def db(db_path: Path, clock: SetClock) -> Iterator[SiteDb]:
    db = open_site_db(db_path, lambda: clock.now)
    yield db
    db.close()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def accounts(db: SiteDb, passwords: Passwords) -> Accounts:
    """Keep three accounts: an administrator, a manager and an officer."""
    accounts = Accounts(db, passwords)
    accounts.add(Account("minh", "Trần Văn Minh", Role.ADMINISTRATOR), PASSWORD)
    accounts.add(Account("thuha", "Nguyễn Thu Hà", Role.MANAGER), PASSWORD)
    accounts.add(Account("lan", "Phạm Thị Lan", Role.OFFICER, (3, 2)), PASSWORD)
    return accounts
