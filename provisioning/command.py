"""`denluot account`: accounts from the server's own command line."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from provisioning.accounts import ROLE_NAMES, Account, Accounts, Role, account_name
from provisioning.certificate import make_certificate, own_names
from provisioning.errors import AccountError, ProvisioningError
from provisioning.one_time import OneTimeCodes
from provisioning.passwords import LONGEST, SHORTEST
from provisioning.site_db import FILE_NAME, SiteDb, open_site_db

BY = "denluot account"
"""Who changes things here, in the audit."""
_USAGE = N_("cách dùng: denluot account add | reset | list | certificate [tùy chọn]")


@dataclass(frozen=True, slots=True)
class _Context:
    db: SiteDb
    accounts: Accounts
    options: argparse.Namespace
    t: Words


def command(arguments: list[str]) -> int:
    """Run one of its commands; return 0, 1 when nothing was changed, 2 for wrong use."""
    t = words_of(os.environ)
    name, *rest = arguments or ["--help"]
    if name not in _COMMANDS:
        asked = name in ("-h", "--help")
        (sys.stdout if asked else sys.stderr).write(t(_USAGE) + "\n")
        return 0 if asked else 2
    says, add_arguments, run = _COMMANDS[name]
    parser = CommandParser(f"denluot account {name}", t(says), t)
    add_arguments(parser)
    parser.add_argument(
        "--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)")
    )
    options = parser.parse_args(rest)
    try:
        with closing(open_site_db(options.data / FILE_NAME)) as db:
            run(_Context(db, Accounts(db), options, t))
    except AccountError as error:
        sys.stderr.write(t(str(error), shortest=SHORTEST, longest=LONGEST) + "\n")
        return 1
    except (ProvisioningError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _add_arguments(parser: CommandParser) -> None:
    t, add = parser.t, parser.add_argument
    add("account", metavar="NAME", help=t("tên đăng nhập"))
    add("--role", required=True, choices=[role.value for role in Role], help=t("quyền"))
    add("--name", default="", metavar="TEXT", help=t("họ và tên"))
    add("--counters", default="", metavar="1,2", help=t("các quầy của cán bộ"))
    _password_argument(parser)


def _add(context: _Context) -> None:
    options = context.options
    counters = _numbers(options.counters)
    new = Account(options.account, options.name or options.account, Role(options.role), counters)
    password = _password(context)
    added = context.accounts.add(new, password, by=BY)
    _say(context, N_("Đã thêm tài khoản {account}."), account=added.account)
    if password is None:
        _give_code(context, added.account)


def _reset_arguments(parser: CommandParser) -> None:
    parser.add_argument("account", metavar="NAME", help=parser.t("tên đăng nhập"))
    _password_argument(parser)


def _reset(context: _Context) -> None:
    account = account_name(context.options.account)
    if context.accounts.find(account) is None:
        raise AccountError("account", N_("Không có tài khoản này."))
    password = _password(context)
    if password is None:
        context.accounts.clear_password(account, by=BY)
        _give_code(context, account)
        return
    context.accounts.set_password(account, password, by=BY)
    _say(context, N_("Đã đặt mật khẩu mới cho {account}."), account=account)


def _no_arguments(_parser: CommandParser) -> None:
    """Take none."""


def _list(context: _Context) -> None:
    t = context.t
    table = Table()
    for heading in (t("Tên đăng nhập"), t("Họ và tên"), t("Quyền"), t("Quầy"), t("Tình trạng")):
        table.add_column(heading)
    for account in context.accounts.list():
        counters = ", ".join(str(number) for number in account.counters)
        role = f"{t(ROLE_NAMES[account.role])} ({account.role.value})"
        table.add_row(account.account, account.name, role, counters, t(status_of(account)))
    Console(highlight=False).print(table)


def status_of(account: Account) -> str:
    """Return, in Vietnamese, whether somebody can log in."""
    if account.disabled:
        return N_("Đã khóa")
    return N_("Đang dùng") if account.has_password else N_("Chưa đặt mật khẩu")


def _password_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help=parser.t("đọc mật khẩu từ dòng đầu của đầu vào chuẩn"),
    )


def _password(context: _Context) -> str | None:
    """Return what was typed or piped; None where neither is: a one-time code is given then."""
    if context.options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    password = getpass.getpass(context.t("Mật khẩu (để trống để nhận mã dùng một lần): "))
    if not password:
        return None
    if getpass.getpass(context.t("Nhập lại mật khẩu: ")) != password:
        raise AccountError("password", N_("Hai lần nhập mật khẩu không giống nhau."))
    return password


def _give_code(context: _Context, account: str) -> None:
    code = OneTimeCodes(context.db).for_password(account, by=BY)
    _say(
        context,
        N_("Mã dùng một lần để {account} tự đặt mật khẩu, trong 24 giờ, ở trang /password: {code}"),
        account=account,
        code=code,
    )


def _numbers(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) < 5 for part in parts):  # noqa: PLR2004 - short numbers
        raise AccountError("counters", N_("Số quầy là các số từ 1 đến 999."))
    return tuple(int(part) for part in parts)


def _say(context: _Context, text: str, **values: object) -> None:
    sys.stdout.write(context.t(text, **values) + "\n")


def _certificate_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help=parser.t("thêm một tên hoặc địa chỉ của máy này; dùng được nhiều lần"),
    )


def _certificate(context: _Context) -> None:
    t, options = context.t, context.options
    names = list(dict.fromkeys([*options.host, *own_names()]))
    folder = (options.data / "tls").resolve()
    made = make_certificate(folder, names, context.db.now())
    context.db.audit(BY, "", "certificate_made", ", ".join(made.names))
    _say(context, N_("Đã tạo chứng thư cho: {names}"), names=", ".join(made.names))
    _say(
        context, N_("Có giá trị đến {date}. Dấu vân tay SHA-256:"), date=f"{made.ends_at:%d/%m/%Y}"
    )
    sys.stdout.write(f"  {made.fingerprint}\n")
    _say(context, N_("Ghi vào device.toml rồi khởi động lại:"))
    # TOML's basic strings are JSON's: a path of Windows keeps its backslashes.
    files = json.dumps(str(made.certificate)), json.dumps(str(made.key))
    sys.stdout.write(f'[web]\nhost = "0.0.0.0"\ncertificate = {files[0]}\nkey = {files[1]}\n')
    sys.stdout.write(
        t("Trình duyệt hỏi một lần có tin chứng thư này không: mời so dấu vân tay.") + "\n"
    )


_COMMANDS: dict[str, tuple[str, Callable[[CommandParser], None], Callable[[_Context], None]]] = {
    "add": (
        N_("Thêm một tài khoản; dùng được ngay cả khi trung tâm đang chạy."),
        _add_arguments,
        _add,
    ),
    "reset": (
        N_("Đặt lại mật khẩu của một tài khoản và đăng xuất mọi nơi."),
        _reset_arguments,
        _reset,
    ),
    "list": (N_("Cho biết mọi tài khoản."), _no_arguments, _list),
    "certificate": (
        N_("Tạo chứng thư để cán bộ vào trang từ máy khác trong mạng."),
        _certificate_arguments,
        _certificate,
    ),
}
