"""The pages of accounts and of the audit over a real socket."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bus.states import BoardState, State
from provisioning.accounts import Account, Accounts, Role
from provisioning.audit import ACTIONS, AuditQuery, audit_page
from provisioning.site_db import SiteDb

Browser = Any
OpenBrowser = Callable[[], Browser]
PASSWORD = "Đò dọc sông Cấm"
NEW = "Một câu khác hẳn"


@pytest.fixture
def administrator(browser: Browser, accounts: Accounts) -> Browser:
    assert accounts
    browser.log_in("administrator")
    return browser


def _code(browser: Browser) -> str:
    found = re.search(r">([A-Z2-9]{5}(?:-[A-Z2-9]{5}){3})<", browser.text)
    assert found, browser.text
    return found[1]


def test_somebody_new_chooses_a_password_alone(
    administrator: Browser, open_browser: OpenBrowser, accounts: Accounts
) -> None:
    administrator.get("/accounts/new")
    form = {"account": "Lan", "name": "Phạm Thị Lan", "role": "officer", "counter": "3"}
    assert administrator.post("/accounts/new", **form) == 303
    assert administrator.location == "/accounts/of/lan"
    administrator.get("/accounts/of/lan")
    code = _code(administrator)
    administrator.get("/accounts/of/lan")
    assert code not in administrator.text, "shown once"
    lan = open_browser()
    lan.get("/password")
    assert lan.post("/password", code=code, password=NEW, again=NEW) == 303
    assert lan.log_in("lan", NEW) == 303
    found = accounts.find("lan")
    assert found
    assert (found.name, found.role, found.counters) == ("Phạm Thị Lan", Role.OFFICER, (3,))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"account": "viewer"}, "đã có người dùng"),
        ({"account": "phúc"}, "Tên đăng nhập gồm"),
        ({"name": ""}, "Họ và tên gồm"),
        ({"role": "director"}, "Mời quý vị chọn quyền"),
        ({"counter": "0"}, "Số quầy là các số"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    administrator: Browser, typed: dict[str, str], said: str
) -> None:
    form = {"account": "lan", "name": "Lan <b>", "role": "officer", **typed}
    administrator.get("/accounts/new")
    assert administrator.post("/accounts/new", **form) == 422
    assert said in administrator.text
    assert 'role="alert"' in administrator.text
    assert "Lan <b>" not in administrator.text
    assert 'href="/accounts?lang=en"' in administrator.text, "a post cannot be asked for again"


def test_rights_change_and_log_out(
    administrator: Browser, open_browser: OpenBrowser, accounts: Accounts
) -> None:
    viewer = open_browser()
    viewer.log_in("viewer")
    administrator.get("/accounts/of/viewer")
    form = {"name": "Người xem", "role": "manager"}
    assert administrator.post("/accounts/of/viewer", **form) == 303
    assert viewer.get("/") == 303
    found = accounts.find("viewer")
    assert found
    assert found.role is Role.MANAGER
    administrator.get("/accounts/of/viewer")
    assert administrator.post("/accounts/of/viewer", **form, disabled="1") == 303
    assert viewer.log_in("viewer") == 403


def test_the_last_administrator_cannot_lock_the_door(
    administrator: Browser, accounts: Accounts
) -> None:
    administrator.get("/accounts/of/administrator")
    for form in ({"role": "viewer"}, {"role": "administrator", "disabled": "1"}):
        assert administrator.post("/accounts/of/administrator", name="A", **form) == 422
        assert "người quản trị cuối cùng" in administrator.text
    for target in ("code", "password"):
        administrator.get("/accounts/of/administrator")
        assert administrator.post(f"/accounts/of/administrator/{target}", password=NEW) == 422
    assert accounts.check_password("administrator", PASSWORD)


def test_a_reset_ends_the_password_before(
    administrator: Browser, open_browser: OpenBrowser, accounts: Accounts
) -> None:
    manager = open_browser()
    manager.log_in("manager")
    administrator.get("/accounts/of/manager")
    assert administrator.post("/accounts/of/manager/code") == 303
    assert manager.get("/") == 303
    assert not accounts.check_password("manager", PASSWORD)
    administrator.get("/accounts/of/manager")
    assert administrator.post("/accounts/of/manager/password", password="ngắn") == 422
    assert administrator.post("/accounts/of/manager/password", password=NEW) == 303
    assert manager.log_in("manager", NEW) == 303
    administrator.get("/accounts/of/manager")
    assert administrator.post("/accounts/of/manager/logout") == 303
    assert manager.get("/") == 303


def test_who_is_there(
    administrator: Browser,
    publish: Callable[[State], None],
    board: BoardState,
) -> None:
    publish(board)
    administrator.get("/accounts")
    assert "Người officer" in administrator.text
    assert "máy này" in administrator.text
    for nobody in ("/accounts/of/nobody", "/accounts/of/%27%20OR%201=1", "/accounts/of/a/b"):
        assert administrator.get(nobody) == 404
    administrator.get("/accounts")
    assert administrator.send("/accounts/of/nobody/code", {}) == 403


def test_a_script_typed_as_a_name_stays_text(administrator: Browser, accounts: Accounts) -> None:
    accounts.add(Account("xss", "<script>alert(1)</script>\"'", Role.VIEWER), PASSWORD)
    for target in ("/accounts", "/accounts/of/xss", "/accounts/audit"):
        assert administrator.get(target) == 200
        assert "<script>alert" not in administrator.text
        assert "&lt;script&gt;alert(1)" in administrator.text


def test_the_audit_is_read_by_pages(administrator: Browser, site_db: SiteDb) -> None:
    for number in range(120):
        site_db.audit("minh", "10.0.0.5", "account_changed", f"change {number}")
    seen: list[str] = []
    target = "/accounts/audit?account=minh"
    while target:
        assert administrator.get(target) == 200
        page = re.findall(r"change (\d+)", administrator.text)
        assert len(page) <= 50
        seen += page
        older = re.search(r'href="(/accounts/audit\?[^"]*before=\d+)"', administrator.text)
        target = older[1].replace("&amp;", "&") if older else ""
    assert seen == [str(number) for number in reversed(range(120))]


def test_the_audit_is_filtered(administrator: Browser, site_db: SiteDb) -> None:
    site_db.audit("minh", "10.0.0.5", "token_made", "needle")
    today = site_db.now().date()
    for query, found in (
        ("account=minh", True),
        ("account=lan", False),
        ("action=token_made", True),
        ("action=logged_out", False),
        (f"from={today:%Y-%m-%d}", True),
        ("from=2090-01-01", False),
        ("to=2001-01-01", False),
    ):
        administrator.get(f"/accounts/audit?{query}")
        assert ("needle" in administrator.text) is found, query


NONSENSE = [
    "from=yesterday",
    "to=0000-00-00",
    "from=9999-12-31",
    "to=9999-12-31",
    "before=x",
    "before=-1",
    "before=99999999999999999999",
    "account=%27%20OR%20%271%27=%271",
    "action=%27;DROP%20TABLE%20audit;--",
    "account=" + "x" * 500,
]


def test_nonsense_is_answered_with_a_page(
    administrator: Browser, subtests: pytest.Subtests
) -> None:
    for query in NONSENSE:
        with subtests.test(query=query):
            assert administrator.get(f"/accounts/audit?{query}") == 200
            assert ("Mời quý vị chọn lại" in administrator.text) is query.startswith(("from", "to"))
            assert administrator.get("/accounts/audit") == 200
            assert "Đăng nhập" in administrator.text, "nothing was dropped"


def test_every_login_and_change_is_there(
    administrator: Browser, open_browser: OpenBrowser, site_db: SiteDb
) -> None:
    lan = open_browser()
    lan.log_in("officer", "wrong password")
    lan.log_in("officer")
    lan.get("/account")
    lan.post("/account/password", now=PASSWORD, password=NEW, again=NEW)
    administrator.get("/accounts/of/officer")
    administrator.post("/accounts/of/officer", name="Lan", role="officer", counter="5")
    entries = audit_page(site_db, AuditQuery(), 50)
    assert [(entry.account, entry.action) for entry in reversed(entries)][4:] == [
        ("administrator", "logged_in"),
        ("officer", "login_refused"),
        ("officer", "logged_in"),
        ("officer", "password_set"),
        ("administrator", "account_changed"),
    ]
    assert {entry.address for entry in entries[:5]} == {"127.0.0.1"}
    assert {entry.action for entry in entries} <= set(ACTIONS)
