"""The login over a real socket: cookies, forms, where it leads, what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from provisioning.accounts import Accounts, Role
from provisioning.site_db import SiteDb

Browser = Any
OpenBrowser = Callable[[], Browser]
PASSWORD = "Đò dọc sông Cấm"
SESSION = "denluot-session"

pytestmark = pytest.mark.usefixtures("accounts")


def _actions(db: SiteDb) -> list[tuple[str, str]]:
    rows = db.read("SELECT * FROM audit WHERE action LIKE 'log%' ORDER BY serial")
    return [(row["action"], row["account"]) for row in rows]


def test_in_and_out(browser: Browser, site_db: SiteDb) -> None:
    assert (browser.get("/"), browser.location) == (303, "/login")
    assert browser.log_in("manager") == 303
    assert browser.location == "/"
    assert browser.get("/") == 200
    assert "Người manager" in browser.text
    assert "Quản lý" in browser.text
    session = browser.cookies[SESSION]
    assert browser.post("/logout") == 303
    assert SESSION not in browser.cookies
    browser.cookies[SESSION] = session
    assert browser.get("/") == 303, "the cookie that was is worth nothing now"
    assert _actions(site_db) == [("logged_in", "manager"), ("logged_out", "manager")]


def test_cookies_are_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    browser.log_in("manager")
    session = browser.sent_cookies[SESSION]
    assert session["httponly"]
    assert session["samesite"] == "lax"
    assert session["max-age"] == ""
    known = browser.sent_cookies["denluot-browser"]
    assert known["httponly"]
    assert (known["samesite"], known["path"]) == ("strict", "/login")


@pytest.mark.parametrize(
    ("account", "password"),
    [("manager", "wrong password"), ("nobody", PASSWORD), ("", ""), ("manager", "x" * 5000)],
)
def test_a_wrong_password_is_refused_in_the_same_words(
    browser: Browser, site_db: SiteDb, account: str, password: str
) -> None:
    assert browser.log_in(account, password) == 403
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in browser.text
    assert SESSION not in browser.cookies
    assert password not in browser.text or not password
    known = account if account == "manager" else ""
    assert _actions(site_db) == [("login_refused", known)]


def test_a_session_that_a_stranger_chose_is_not_taken_over(
    browser: Browser, open_browser: OpenBrowser
) -> None:
    stranger = open_browser()
    stranger.cookies[SESSION] = browser.cookies[SESSION] = "chosen-by-a-stranger" * 3
    browser.log_in("manager")
    assert browser.cookies[SESSION] != stranger.cookies[SESSION]
    assert stranger.get("/") == 303
    mine = browser.cookies[SESSION]
    browser.log_in("manager")
    assert browser.cookies[SESSION] != mine, "another at every login"
    stranger.cookies[SESSION] = mine
    assert stranger.get("/") == 303, "and the one before is over"


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/today.csv?lang=en", "/today.csv?lang=en"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("/\tevil", "/"),
    ],
)
def test_leads_on_within_this_site_only(browser: Browser, asked: str, leads_to: str) -> None:
    assert browser.log_in("manager", next=asked) == 303
    assert browser.location == leads_to


def test_keeps_what_was_asked_for(browser: Browser) -> None:
    browser.get("/today.csv?lang=en")
    assert browser.location == "/login?next=%2Ftoday.csv%3Flang%3Den&lang=en"
    assert browser.get(browser.location) == 200
    assert 'name="next" value="/today.csv?lang=en"' in browser.text
    assert "User name" in browser.text


def test_an_officer_is_led_to_what_is_theirs(browser: Browser) -> None:
    browser.log_in("officer")
    assert browser.location == "/counter/3"
    assert browser.get("/account") == 200
    assert browser.get("/") == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    browser.log_in("manager")
    browser.get("/account")
    token = browser.text.split('name="_csrf" value="')[1].split('"')[0]
    for target in ("/account/logout-everywhere", "/logout", "/login"):
        assert browser.send(target, {"_csrf": token}, **headers) == 403, target
    assert browser.get("/") == 200


@pytest.mark.parametrize("kind", ["none", "empty", "another's", "the login's"])
def test_a_form_without_the_token_of_its_session_is_refused(
    browser: Browser, open_browser: OpenBrowser, kind: str
) -> None:
    other = open_browser()
    other.log_in("viewer")
    other.get("/account")
    another = other.text.split('name="_csrf" value="')[1].split('"')[0]
    browser.get("/login")
    logins = browser.text.split('name="_csrf" value="')[1].split('"')[0]
    browser.log_in("manager")
    fields = {
        "none": {},
        "empty": {"_csrf": ""},
        "another's": {"_csrf": another},
        "the login's": {"_csrf": logins},
    }[kind]
    for target in ("/account/logout-everywhere", "/account/password", "/logout"):
        assert browser.send(target, fields) == 403, target
        assert browser.send(target, {}, **{"X-CSRF-Token": fields.get("_csrf", "")}) == 403
    assert browser.get("/") == 200, "nothing was changed"


def test_nobody_is_logged_in_by_another_sites_form(
    browser: Browser, open_browser: OpenBrowser
) -> None:
    attacker = open_browser()
    attacker.get("/login")
    token = attacker.text.split('name="_csrf" value="')[1].split('"')[0]
    fields = {"_csrf": token, "account": "viewer", "password": PASSWORD}
    assert browser.send("/login", fields) == 403
    assert SESSION not in browser.cookies
    assert "Mời quý vị nhập lại" in browser.text


def test_waits_after_many_wrong_passwords(browser: Browser, open_browser: OpenBrowser) -> None:
    known = open_browser()
    known.log_in("manager")
    statuses = [browser.log_in("manager", "wrong password") for _ in range(8)]
    assert statuses[:5] == [403] * 5
    assert 429 in statuses
    assert browser.log_in("manager") in {303, 429}
    assert known.log_in("manager") == 303, "who worked here before is not kept out"


def test_language_is_kept_in_the_session(browser: Browser) -> None:
    browser.log_in("manager")
    browser.get("/?lang=en")
    assert "Log out" in browser.text
    browser.get("/account")
    assert '<html lang="en">' in browser.text
    browser.get("/account?lang=xx")
    assert '<html lang="en">' in browser.text


@pytest.mark.parametrize("account", ["viewer", "administrator"])
def test_the_whole_day_is_not_for_administrators(
    browser: Browser, site_db: SiteDb, account: str
) -> None:
    browser.log_in(account, all_day="1")
    (row,) = site_db.read("SELECT idle_s FROM sessions")
    assert row["idle_s"] == (30 * 60 if account == "administrator" else 12 * 3600)


def test_own_password(browser: Browser, accounts: Accounts, open_browser: OpenBrowser) -> None:
    elsewhere = open_browser()
    elsewhere.log_in("officer")
    browser.log_in("officer")
    browser.get("/account")
    new = "Một câu khác hẳn"
    form = {"now": PASSWORD, "password": new, "again": new}
    for wrong, said in (
        ({"now": "not it"}, "Mật khẩu đang dùng chưa đúng"),
        ({"again": "another"}, "không giống nhau"),
        ({"password": "ngắn", "again": "ngắn"}, "ít nhất 10 ký tự"),
    ):
        assert browser.post("/account/password", **{**form, **wrong}) == 403
        assert said in browser.text
    assert browser.post("/account/password", **form) == 303
    assert browser.get("/account") == 303
    assert elsewhere.get("/account") == 303, "and logged out everywhere"
    assert accounts.check_password("officer", new)


def test_the_own_password_cannot_be_guessed_on_an_unlocked_screen(browser: Browser) -> None:
    browser.log_in("viewer")
    browser.get("/account")
    said = []
    for _ in range(8):
        browser.post("/account/password", now="guess", password="x" * 12, again="x" * 12)
        said.append("thử lại sau ít phút" in browser.text)
    assert said[0] is False
    assert True in said


def test_log_out_everywhere(browser: Browser, open_browser: OpenBrowser) -> None:
    elsewhere = open_browser()
    elsewhere.log_in("viewer")
    browser.log_in("viewer")
    browser.get("/account")
    assert browser.text.count("127.0.0.1") == 2
    assert browser.text.count("máy này") == 1
    browser.post("/account/logout-everywhere")
    assert (browser.get("/"), elsewhere.get("/")) == (303, 303)


def test_a_change_of_rights_is_a_new_login(browser: Browser, accounts: Accounts) -> None:
    browser.log_in("manager")
    manager = accounts.find("manager")
    assert manager
    accounts.change(type(manager)("manager", "M", Role.VIEWER), by="administrator")
    assert browser.get("/") == 303
    browser.log_in("manager")
    assert browser.get("/") == 200
    assert "Người xem" in browser.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", "_csrf=%ED%A0%80&account=%ED%A0%80&password=%00"),
        ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data\r\n\r\n"),
        ("application/json", '{"_csrf": 1}'),
        *(
            pytest.param(content_type, body, marks=pytest.mark.full)
            for content_type, body in (
                ("application/x-www-form-urlencoded", "_csrf=%ff%fe&account=%ff"),
                ("application/x-www-form-urlencoded", "&".join(["a=b"] * 2000)),
                ("application/x-www-form-urlencoded", "_csrf=x&_csrf=y&account=a&account=b"),
                ("application/x-www-form-urlencoded; charset=x", "_csrf=x"),
                ("multipart/form-data", "no boundary"),
                (
                    "multipart/form-data; boundary=x",
                    (
                        '--x\r\nContent-Disposition: form-data; name="_csrf"; filename="a"\r\n'
                        "\r\nb\r\n--x--"
                    ),
                ),
                ("text/plain", "_csrf=x"),
                ("", "\x00\x01"),
                ("application/x-www-form-urlencoded", "a" * 20_000),
            )
        ),
    ],
)
def test_nonsense_is_refused_without_a_traceback(
    browser: Browser, content_type: str, body: str
) -> None:
    browser.log_in("manager")
    for target in ("/login", "/logout", "/first", "/password", "/account/password"):
        status = browser.ask("POST", target, body, {"Content-Type": content_type})
        assert 400 <= status < 500, (target, status)
        assert "Traceback" not in browser.text
    assert browser.get("/account") == 200, "and nobody was logged out"
    for cookie in ("\xff", "a" * 3000, "'--", "=;=", '"quoted"'):
        browser.cookies[SESSION] = cookie
        assert browser.get("/account") == 303


def test_nonsense_with_a_right_token_is_refused_too(browser: Browser) -> None:
    browser.get("/login")
    token = browser.text.split('name="_csrf" value="')[1].split('"')[0]
    for rest in (
        "account=%ED%A0%80&password=%ED%A0%80",
        "account=%00&password=%00",
        "account=%F0%9F%98%80&password=%F0%9F%98%80&lang=%ff&next=%ED%A0%80",
    ):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert browser.ask("POST", "/login", f"_csrf={token}&{rest}", form) == 403
