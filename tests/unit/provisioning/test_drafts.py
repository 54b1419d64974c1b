from pathlib import Path

import pytest

from provisioning.accounts import Account, Accounts, Role
from provisioning.drafts import SettingsDraft, SettingsDrafts
from provisioning.errors import SiteDbError
from provisioning.passwords import Passwords
from provisioning.site_db import open_site_db


def test_each_account_has_one_draft_that_outlives_a_restart(tmp_path: Path) -> None:
    db = open_site_db(tmp_path / "accounts.db")
    for name in ("ha", "nam"):
        Accounts(db, Passwords()).add(Account(name, name, Role.ADMINISTRATOR), "Đò dọc sông Cấm")
    drafts = SettingsDrafts(db)
    assert drafts.find("ha") is None
    drafts.keep("ha", SettingsDraft(1, {"hours": {"mon": ["7h30"]}}))
    drafts.keep("ha", SettingsDraft(2, {"hours": {"mon": ["07:30-11:30"]}}))
    db.close()
    db = open_site_db(tmp_path / "accounts.db")
    drafts = SettingsDrafts(db)
    assert drafts.find("ha") == SettingsDraft(2, {"hours": {"mon": ["07:30-11:30"]}})
    assert drafts.find("nam") is None
    drafts.drop("ha")
    assert drafts.find("ha") is None
    db.close()


def test_nobody_without_an_account_has_a_draft(tmp_path: Path) -> None:
    db = open_site_db(tmp_path / "accounts.db")
    with pytest.raises(SiteDbError):
        SettingsDrafts(db).keep("nobody", SettingsDraft(1, {}))
    db.close()
