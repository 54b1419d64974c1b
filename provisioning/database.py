"""What a person does with the database servers of a hall: `denluot database …`."""

import argparse
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from config.process import STORE_VARIABLE
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from wait_log.copies import accept_without_copy
from wait_log.dialects import sqlite_file, store_url
from wait_log.errors import StoreError
from wait_log.members import (
    Member,
    conninfo_for_standby,
    conninfo_of,
    members,
    promote,
    write_timeline,
)

_YES = "yes"
Say = Callable[[str], object]


def command(arguments: list[str]) -> int:
    """Carry out a word of `denluot database`; return the exit status."""
    t = words_of(os.environ)
    parser = _parser(t)
    options = parser.parse_args(arguments)
    if options.word in _OF_A_CLUSTER and options.cluster is None:
        parser.error(t("thiếu PGDATA: thư mục dữ liệu của PostgreSQL trên máy này"))
    url, say = "", _say
    try:
        if options.word != "without-copy":
            url = store_url(options.data, options.store or os.environ.get(STORE_VARIABLE))
            if sqlite_file(url) is not None:
                say(t("kho này là một tệp SQLite, không có máy chủ cơ sở dữ liệu"))
                return 1
        return _WORDS[options.word](url, options, t)
    except (StoreError, OSError) as error:
        say(str(error))
    return 1


def _status(url: str, _options: argparse.Namespace, t: Words) -> int:
    found = members(url)
    for member in found:
        _say(_line(member, t))
    return 0 if sum(member.primary for member in found) == 1 else 1


def _promote(url: str, options: argparse.Namespace, t: Words) -> int:
    for member in members(url):
        _say(_line(member, t))
    _say(
        t(
            "Máy chính cũ phải tắt hẳn và không được tự khởi động lại. Nếu trang quản lý đang báo "
            "“không còn bản sao”, bản sao thiếu các lượt mới: đừng nâng nó lên."
        )
    )
    if not _agreed(options, t):
        return 1
    _say(_line(promote(url, threading.Event().wait), t))
    _say(
        t(
            "Bây giờ chưa có bản sao: chạy `denluot database rejoin` trên máy cũ, hoặc chấp nhận "
            "tạm không có bản sao bằng `denluot database without-copy`."
        )
    )
    return 0


def _without_copy(_url: str, options: argparse.Namespace, t: Words) -> int:
    _say(t("Không còn bản sao: từ nay đến khi bản sao trở lại, mất máy chính là mất các lượt mới."))
    if not _agreed(options, t):
        return 1
    accept_without_copy(options.data, f"{os.environ.get('USER') or 'root'} (denluot database)")
    _say(t("đã ghi nhận; dịch vụ làm theo trong vài giây"))
    return 0


def _may_start(url: str, options: argparse.Namespace, t: Words) -> int:
    """Refuse to start a server beside a newer primary: for `ExecStartPre` of its unit."""
    if (options.cluster / "standby.signal").exists():
        return 0
    control = _run("pg_controldata", options.cluster)
    system = _field(control, "Database system identifier")
    timeline = int(_field(control, "Latest checkpoint's TimeLineID"))
    newer = [m for m in members(url) if m.system == system and m.primary and m.timeline > timeline]
    if not newer:
        return 0
    _say(
        t(
            "{address} đã là máy chính: máy này là máy chính cũ, không được khởi động như thế. "
            "Chạy: denluot database rejoin {cluster}",
            address=newer[0].address,
            cluster=options.cluster,
        )
    )
    return 1


def _rejoin(url: str, options: argparse.Namespace, t: Words) -> int:
    """Rewind the old primary to where the new one began, and have it follow."""
    primary = [member for member in members(url) if member.primary]
    if len(primary) != 1:
        _say(t("không thấy đúng một máy chính; chưa làm gì"))
        return 1
    write_timeline(conninfo_of(url, primary[0]))
    source = conninfo_for_standby(url, primary[0])
    _say(_run("pg_rewind", options.cluster, "-R", f"--source-server={source}"))
    _say(t("xong: khởi động máy chủ này, nó theo {address}", address=primary[0].address))
    return 0


_WORDS = {
    "status": _status,
    "promote": _promote,
    "without-copy": _without_copy,
    "may-start": _may_start,
    "rejoin": _rejoin,
}

_OF_A_CLUSTER = ("may-start", "rejoin")


def _parser(t: Words) -> argparse.ArgumentParser:
    parser = CommandParser(
        "denluot database",
        t("Máy chủ cơ sở dữ liệu: xem, nâng bản sao thành máy chính, nhận lại máy cũ."),
        t,
    )
    add = parser.add_argument
    add("word", choices=_WORDS, help=t("việc cần làm"))
    add("cluster", nargs="?", type=Path, metavar="PGDATA", help=t("thư mục dữ liệu của PostgreSQL"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--store", metavar="URL", help=t("kho dữ liệu, nếu không nằm trong DIR"))
    add("--yes", action="store_true", help=t("không hỏi lại"))
    return parser


def _agreed(options: argparse.Namespace, t: Words) -> bool:
    if options.yes:
        return True
    sys.stdout.write(t("Gõ yes để tiếp tục: "))
    sys.stdout.flush()
    return sys.stdin.readline().strip() == _YES


def _line(member: Member, t: Words) -> str:
    if not member.answers:
        return t("{address}: không trả lời ({why})", address=member.address, why=member.why)
    if not member.primary:
        return t("{address}: bản sao", address=member.address)
    return t(
        "{address}: máy chính, dòng thời gian {timeline}, {copies} bản sao đang theo",
        address=member.address,
        timeline=member.timeline,
        copies=member.copies,
    )


def _run(program: str, cluster: Path, *arguments: str) -> str:
    """Run one of PostgreSQL's programs as who owns the cluster; raises StoreError.

    They refuse root, as whom a person starts this command.
    """
    owner = cluster.stat()
    root = os.geteuid() == 0
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    path = str(found[-1]) if found else program
    done = subprocess.run(  # noqa: S603
        [path, "-D", str(cluster), *arguments],
        cwd=cluster,
        user=owner.st_uid if root else None,
        group=owner.st_gid if root else None,
        extra_groups=[] if root else None,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"LC_ALL": "C"},
    )
    if done.returncode:
        raise StoreError(done.stdout.strip())
    return done.stdout.strip()


def _field(control: str, name: str) -> str:
    found = re.search(rf"^{re.escape(name)}:\s*(\S+)", control, re.MULTILINE)
    if found is None:
        raise StoreError(f"pg_controldata does not say: {name}")
    return found.group(1)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
