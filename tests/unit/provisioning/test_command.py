"""`denluot account`, as it is typed, beside a centre that runs on the same data."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.accounts import Accounts, Role
from provisioning.command import command
from provisioning.one_time import OneTimeCodes, Purpose
from provisioning.sessions import Sessions
from provisioning.site_db import SiteDb, open_site_db

PASSWORD = "Đò dọc sông Cấm"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(db_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with what is piped into it; return its code and what it says."""

    def run(*arguments: str, piped: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
        try:
            code = command([*arguments, "--data", str(db_path.parent)])
        except SystemExit as exit_:
            code = int(str(exit_.code))
        return code, *capsys.readouterr()

    return run


def test_adds_an_account_to_a_running_centre(run: Run, db: SiteDb, accounts: Accounts) -> None:
    code, said, _ = run(
        *("add", "Phuc", "--role", "manager", "--name", "Nguyễn Phúc", "--password-stdin"),
        piped=f"{PASSWORD}\n",
    )
    assert (code, said) == (0, "Đã thêm tài khoản phuc.\n")
    assert accounts.check_password("phuc", PASSWORD)
    (row,) = db.read("SELECT * FROM audit WHERE account = 'denluot account'")
    assert row["action"] == "account_added"


def test_without_a_password_it_gives_a_code_once(run: Run, db: SiteDb, accounts: Accounts) -> None:
    code, said, _ = run("add", "phuc", "--role", "officer", "--counters", "1, 3")
    assert code == 0
    typed = said.rsplit(" ", 1)[1].strip()
    assert OneTimeCodes(db).account_of(typed, Purpose.PASSWORD) == "phuc"
    found = accounts.find("phuc")
    assert found
    assert (found.role, found.counters) == (Role.OFFICER, (1, 3))


def test_resets_and_logs_out(run: Run, db: SiteDb, accounts: Accounts) -> None:
    token = Sessions(db).begin("thuha", Role.MANAGER, "vi", "", "", all_day=False)
    assert run("reset", "thuha", "--password-stdin", piped="Một câu khác hẳn\n")[0] == 0
    assert Sessions(db).find(token) is None
    assert accounts.check_password("thuha", "Một câu khác hẳn")
    assert run("reset", "thuha")[0] == 0
    assert not accounts.check_password("thuha", "Một câu khác hẳn")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "minh", "--role", "viewer"], "đã có người dùng"),
        (["add", "phúc", "--role", "viewer"], "Tên đăng nhập gồm"),
        (["add", "phuc", "--role", "officer", "--counters", "1,x"], "Số quầy"),
        (["add", "phuc", "--role", "viewer", "--password-stdin"], "ít nhất 10 ký tự"),
        (["reset", "nobody"], "Không có tài khoản này"),
    ],
)
def test_says_what_is_wrong(run: Run, accounts: Accounts, arguments: list[str], said: str) -> None:
    before = accounts.list()
    code, _, error = run(*arguments)
    assert code == 1
    assert said in error
    assert accounts.list() == before


@pytest.mark.parametrize("arguments", [["add"], ["add", "phuc", "--role", "king"], ["remove"]])
def test_wrong_use_is_said(run: Run, arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


@pytest.mark.usefixtures("accounts")
def test_lists(run: Run) -> None:
    _, said, _ = run("list")
    for shown in ("minh", "thuha", "Phạm", "2, 3", "Đang dùng"):
        assert shown in said


def test_makes_a_certificate(run: Run, db_path: Path) -> None:
    code, said, _ = run("certificate", "--host", "quay.phuong")
    assert code == 0
    assert "quay.phuong" in said
    assert 'host = "0.0.0.0"' in said
    assert (db_path.parent / "tls" / "web.key").stat().st_mode & 0o077 == 0


def test_a_broken_database_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "accounts.db").write_bytes(b"this is no database" * 100)
    code, _, error = run("list")
    assert code == 1
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_speaks_english(run: Run, monkeypatch: pytest.MonkeyPatch, db_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "Added the account phuc." in run("add", "phuc", "--role", "viewer")[1]
    assert "usage:" in run("--help")[1]
    open_site_db(db_path).close()
