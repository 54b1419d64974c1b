"""First start and one-time codes over a real socket."""

from collections.abc import Callable
from typing import Any

import pytest

from provisioning.accounts import Accounts, Role
from provisioning.one_time import OneTimeCodes, Purpose
from provisioning.site_db import SiteDb

Browser = Any
OpenBrowser = Callable[[], Browser]
NEW = "Một câu khác hẳn"


def _first(code: str, **more: str) -> dict[str, str]:
    form = {"code": code, "name": "Trần Văn Minh", "account": "minh", "password": NEW, "again": NEW}
    return form | more


def test_the_first_administrator(browser: Browser, site_db: SiteDb) -> None:
    code = OneTimeCodes(site_db).begin_first_start()
    assert code
    browser.get("/")
    browser.get(browser.location)
    assert browser.location == "/first"
    browser.get("/first")
    assert code not in browser.text
    for form, said in (
        (_first("ABCDE-FGHJK-MNPQR-STUVW"), "hết hạn"),
        (_first(code, again="another"), "không giống nhau"),
        (_first(code, password="ngắn", again="ngắn"), "ít nhất 10 ký tự"),
        (_first(code, account="x"), "Tên đăng nhập gồm"),
    ):
        assert browser.post("/first", **form) == 403
        assert said in browser.text
        assert NEW not in browser.text
    assert browser.post("/first", **_first(code)) == 303
    assert browser.location == "/login?next=%2Fstart"
    assert browser.log_in("minh", NEW) == 303
    assert browser.get("/") == 200
    assert (browser.get("/first"), browser.location) == (303, "/login")
    assert browser.send("/first", _first(code)) == 403
    kept = [tuple(row) for row in site_db.read("SELECT * FROM audit")]
    assert code not in str(kept)


@pytest.mark.usefixtures("server")
def test_nobody_is_first_without_a_code(browser: Browser, site_db: SiteDb) -> None:
    browser.get("/first")
    assert browser.post("/first", **_first("")) == 403
    assert site_db.read("SELECT * FROM accounts") == []


def test_of_two_who_hold_the_code_one_is_first(open_browser: OpenBrowser, site_db: SiteDb) -> None:
    code = OneTimeCodes(site_db).begin_first_start()
    assert code
    browsers = [open_browser(), open_browser()]
    for browser in browsers:
        browser.get("/first")
    assert [
        browser.post("/first", **_first(code, account=f"minh{n}"))
        for n, browser in enumerate(browsers)
    ] == [303, 403]
    assert "người khác vừa tạo tài khoản" in browsers[1].text


def test_five_wrong_guesses_end_the_code(browser: Browser, site_db: SiteDb) -> None:
    code = OneTimeCodes(site_db).begin_first_start()
    assert code
    browser.get("/first")
    for _ in range(5):
        assert browser.post("/first", **_first("ABCDE-FGHJK-MNPQR-STUVW")) == 403
    assert OneTimeCodes(site_db).account_of(code, Purpose.FIRST) is None
    assert "code_ended" in [row["action"] for row in site_db.read("SELECT action FROM audit")]


def test_guesses_at_one_code_are_not_held_against_the_next(
    browser: Browser, site_db: SiteDb
) -> None:
    codes = OneTimeCodes(site_db)
    codes.begin_first_start()
    browser.get("/first")
    for _ in range(4):
        assert browser.post("/first", **_first("ABCDE-FGHJK-MNPQR-STUVW")) == 403
    code = codes.begin_first_start()
    assert code
    assert browser.post("/first", **_first("ABCDE-FGHJK-MNPQR-STUVW")) == 403
    assert codes.account_of(code, Purpose.FIRST) == ""


def test_a_password_of_ones_own(browser: Browser, accounts: Accounts, site_db: SiteDb) -> None:
    code = OneTimeCodes(site_db).for_password("officer", by="administrator")
    browser.get("/password")
    assert browser.post("/password", code="no-such-code", password=NEW, again=NEW) == 403
    assert browser.post("/password", code=code, password=NEW, again=NEW) == 303
    assert accounts.check_password("officer", NEW)
    browser.get("/password")
    assert browser.post("/password", code=code, password=NEW, again=NEW) == 403
    found = accounts.find("officer")
    assert found
    assert found.role is Role.OFFICER


def test_codes_cannot_be_guessed_fast(browser: Browser, accounts: Accounts) -> None:
    assert accounts
    browser.get("/password")
    statuses = [browser.post("/password", code=f"GUESS-{n}") for n in range(10)]
    assert statuses[:5] == [403] * 5
    assert 429 in statuses
