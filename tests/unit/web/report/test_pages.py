"""The page "Báo cáo" as a browser asks for it, over a real socket."""

import io
import re
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from docx import Document

from provisioning.accounts import Role
from provisioning.errors import SiteDbError
from provisioning.site_db import SiteDb
from web.report.drafts import Author, Drafts
from web.report.settings import ReportSettings
from web.server import Server

LogIn = Callable[..., str]
Answer = tuple[int, dict[str, str], bytes]
Browser = Callable[..., Answer]


@pytest.fixture
def browser(
    server: tuple[Server, threading.Thread], listener: socket.socket, log_in: LogIn
) -> Browser:
    """Ask as somebody of a role; a form carries the session's mark."""
    del server
    host, port = listener.getsockname()

    def ask(target: str, form: dict[str, str] | None = None, role: Role = Role.MANAGER) -> Answer:
        cookie = log_in(role)
        headers = {"Cookie": cookie}
        body = None
        if form is not None:
            body = urlencode({"_csrf": _csrf(host, port, cookie), **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection(host, port, timeout=60)) as connection:
            connection.request("GET" if form is None else "POST", target, body, headers)
            with connection.getresponse() as response:
                return response.status, dict(response.getheaders()), response.read()

    return ask


def _csrf(host: str, port: int, cookie: str) -> str:
    with closing(HTTPConnection(host, port, timeout=60)) as connection:
        connection.request("GET", "/reports", headers={"Cookie": cookie})
        with connection.getresponse() as response:
            found = re.search(r'name="_csrf" value="([^"]+)"', response.read().decode())
    assert found
    return found[1]


def made(browser: Browser, **form: str) -> str:
    status, headers, _ = browser("/reports", {"preset": "month", **form})
    assert status == 303
    return headers["location"]


def test_from_the_menu_to_the_file_in_three_clicks(browser: Browser) -> None:
    status, _, page = browser("/reports")
    assert status == 200
    assert "15/10/2026 – 14/11/2026" in page.decode()
    address = made(browser)
    status, headers, file = browser(f"{address}/docx")
    assert status == 200
    assert "bao-cao-thoi-gian-cho-2026-10-15--2026-11-14.docx" in headers["content-disposition"]
    assert "BÁO CÁO" in [one.text for one in Document(io.BytesIO(file)).paragraphs]


def test_what_is_typed_is_kept_and_stands_in_the_file(browser: Browser) -> None:
    address = made(browser)
    wild = '<script>alert(1)</script> & "x"'
    form = {"rev": "1", "number": "7", "signed_on": "2026-11-16", "results": wild}
    status, headers, _ = browser(address, form)
    assert (status, headers["location"]) == (303, f"{address}?saved")
    page = browser(f"{address}?saved")[2].decode()
    assert "Đã lưu." in page
    assert "<script>alert" not in page
    assert "Số: 07/" in page
    texts = [one.text for one in Document(io.BytesIO(browser(f"{address}/docx")[2])).paragraphs]
    assert wild in texts


def test_save_and_download_is_one_click(browser: Browser) -> None:
    address = made(browser)
    _, headers, _ = browser(address, {"rev": "1", "number": "7", "then": "docx"})
    assert headers["location"] == f"{address}/docx"


def test_two_who_edit_at_once_do_not_overwrite_each_other(browser: Browser) -> None:
    address = made(browser)
    assert browser(address, {"rev": "1", "number": "7"})[0] == 303
    status, _, page = browser(address, {"rev": "1", "number": "8"}, Role.ADMINISTRATOR)
    assert status == 409
    assert "manager đã sửa báo cáo này" in page.decode()
    assert 'value="8"' in page.decode()
    assert "Số: 07/" in browser(address)[2].decode()


def test_saving_again_after_a_conflict_replaces(browser: Browser) -> None:
    address = made(browser)
    browser(address, {"rev": "1", "number": "7"})
    page = browser(address, {"rev": "1", "number": "8"}, Role.ADMINISTRATOR)[2].decode()
    rev = re.search(r'name="rev" value="(\d+)"', page)
    assert rev
    assert browser(address, {"rev": rev[1], "number": "8"}, Role.ADMINISTRATOR)[0] == 303


def test_who_goes_on_after_a_download_is_not_in_their_own_way(browser: Browser) -> None:
    address = made(browser)
    for number in ("7", "8"):  # the page stays as it was while its file is downloaded
        status, headers, _ = browser(address, {"rev": "1", "number": number, "then": "docx"})
        assert (status, headers["location"]) == (303, f"{address}/docx")
    assert "Số: 08/" in browser(address)[2].decode()


@pytest.mark.parametrize(
    "form",
    [
        {"preset": "", "first": "2026-11-14", "last": "2026-10-15"},
        {"preset": "", "first": "x", "last": ""},
        {"preset": "", "first": "1000-01-01", "last": "3000-01-01"},
        {"preset": "fortnight"},
    ],
)
def test_a_period_that_is_none_is_said_on_the_page(browser: Browser, form: dict[str, str]) -> None:
    status, _, page = browser("/reports", form)
    assert status == 422
    assert "Mời chọn ngày đầu và ngày cuối" in page.decode()


def test_a_problem_stands_at_its_field_and_nothing_is_kept(browser: Browser) -> None:
    address = made(browser)
    status, _, page = browser(address, {"rev": "1", "signed_on": "2026-99-99", "opening": "Mở"})
    assert status == 422
    assert 'aria-describedby="signed_on-said"' in page.decode()
    assert "Mở</textarea>" in page.decode()
    assert "Mở</textarea>" not in browser(address)[2].decode()


def test_the_preview_keeps_nothing(browser: Browser) -> None:
    address = made(browser)
    status, _, page = browser(f"{address}/preview", {"number": "99", "signed_on": "nonsense"})
    assert status == 200
    assert "Số: 99/" in page.decode()
    assert "Số: 99/" not in browser(address)[2].decode()


def test_made_again_keeps_what_a_person_typed(browser: Browser) -> None:
    address = made(browser)
    browser(address, {"rev": "1", "number": "7", "results": "Câu của tôi."})
    assert browser(f"{address}/again", {"rev": "2"})[0] == 303
    page = browser(address)[2].decode()
    assert "Số: 07/" in page
    assert "Câu của tôi." not in page
    assert browser(f"{address}/again", {"rev": "2"}, Role.ADMINISTRATOR)[0] == 409


def test_viewers_read_and_download_but_change_nothing(browser: Browser) -> None:
    address = made(browser)
    page = browser(address, role=Role.VIEWER)[2].decode()
    assert "<textarea" not in page
    assert browser(f"{address}/docx", role=Role.VIEWER)[0] == 200
    assert browser("/settings/report", role=Role.MANAGER)[0] == 403


def test_what_is_gone_is_not_found(browser: Browser) -> None:
    address = made(browser)
    assert browser(f"{address}/remove", {})[0] == 303
    for target in (address, f"{address}/docx", "/reports/99999999999999999999999"):
        assert browser(target)[0] == 404
    assert browser(address, {"rev": "1"})[0] == 404


def test_settings_are_kept_and_the_password_never_shown(browser: Browser, site_db: SiteDb) -> None:
    form = {
        "letterhead": "ward",
        "sheet": "docx",
        "sign1_name": "Lê Thị Đào",
        "mail_host": "mail.ward.vn",
        "mail_sender": "hall@ward.vn",
        "mail_to": "director@ward.vn",
        "mail_user": "hall",
        "mail_password": "very secret",
    }
    status, headers, _ = browser("/settings/report", form, Role.ADMINISTRATOR)
    assert (status, headers["location"]) == (303, "/settings/report?saved")
    settled = Drafts(site_db).settings()
    assert settled.letterhead == "ward"
    assert settled.signatories[0].name == "Lê Thị Đào"
    page = browser("/settings/report", role=Role.ADMINISTRATOR)[2].decode()
    assert "very secret" not in page
    audit = site_db.read("SELECT detail FROM audit WHERE action = 'report_settings'")
    assert "very secret" not in audit[0]["detail"]
    assert "mail.password" in audit[0]["detail"]


def test_a_trial_mail_waits_in_the_outbox(browser: Browser, site_db: SiteDb) -> None:
    form = {"mail_host": "127.0.0.1", "mail_sender": "a@b.vn", "mail_to": "c@d.vn", "then": "try"}
    _, headers, _ = browser("/settings/report", form, Role.ADMINISTRATOR)
    assert headers["location"] == "/settings/report?tried"
    assert "Đang gửi" in browser("/reports")[2].decode()
    number = site_db.read("SELECT id FROM outbox")[0]["id"]
    browser(f"/reports/mail/{number}/remove", {}, Role.ADMINISTRATOR)
    assert "Đã bỏ, không gửi" in browser("/reports")[2].decode()


def test_drafts_remember_who_and_when(browser: Browser, site_db: SiteDb) -> None:
    made(browser)
    (entry,) = Drafts(site_db).entries()
    assert (entry.made_by, entry.changed_by, entry.rev) == ("manager", "manager", 1)
    (row,) = site_db.read("SELECT account, detail FROM audit WHERE action = 'report_made'")
    assert tuple(row) == ("manager", "2026-10-15 – 2026-11-14")


def test_settings_are_one_transaction_with_their_audit(site_db: SiteDb) -> None:
    with site_db.write() as connection:
        connection.execute("ALTER TABLE audit RENAME TO elsewhere")
    with pytest.raises(SiteDbError, match="audit"):
        Drafts(site_db).settle(ReportSettings(goal_percent=80), Author("a", "b"), "goal")
    with site_db.write() as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO audit")
    assert Drafts(site_db).settings() == ReportSettings()
