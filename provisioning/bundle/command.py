"""`denluot bundle`: make the stick that a ward installs from."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from config import Clock
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from provisioning.bundle.packages import LOCK
from provisioning.bundle.repository import SigningKey, signing_key
from provisioning.bundle.stick import STEPS, Order, Tell, make_stick
from provisioning.bundle.suites import SUITES, Suite
from provisioning.bundle.tools import BundleError, Tools, missing
from provisioning.errors import ProvisioningError

_SOURCE = Path(__file__).parents[2]
_PROGRAMS = {
    "apt-ftparchive": "apt-utils",
    "debootstrap": "debootstrap",
    "dpkg-deb": "dpkg",
    "gpg": "gnupg",
    "unshare": "util-linux",
}
_MIRROR = "http://deb.debian.org/debian"
_SECURITY = "http://deb.debian.org/debian-security"
_GIB = 1 << 30
_WORK_BYTES = 4 * _GIB
"""Of one suite: a tree, its packages, and both once more while they are packed."""
_PIP = ("PIP_", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def command(arguments: list[str]) -> int:
    """Make the bundle; return 0, 1 when it could not be made, 2 for wrong use."""
    t = words_of(os.environ)
    options = _parser(t).parse_args(arguments)
    try:
        suites = _suites(options.suites, t)
        _check_machine(options, t)
        with tempfile.TemporaryDirectory(prefix="denluot-bundle-", dir=options.work) as work:
            _make(options, suites, Path(work), t)
    except (ProvisioningError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(t("đã dừng; chưa thay gì trong {folder}", folder=options.output) + "\n")
        return 1
    return 0


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot bundle",
        t(
            "Làm thẻ nhớ để cài: kho gói đã ký cho từng bản Debian, cùng install.sh. "
            "Cần quyền root, mạng và khoảng mười phút."
        ),
        t,
    )
    key = Path.home() / ".config/denluot/bundle-key.asc"
    add = parser.add_argument
    add("--output", type=Path, required=True, metavar="DIR", help=t("thư mục của thẻ nhớ"))
    add(
        "--suites",
        default=",".join(SUITES),
        metavar=",".join(SUITES),
        help=t("các bản Debian (mặc định: tất cả)"),
    )
    add(
        "--key",
        type=Path,
        default=key,
        metavar="FILE",
        help=t("khóa riêng để ký, tạo mới nếu chưa có; cất ở nơi khác thẻ nhớ ({key})", key=key),
    )
    add("--cache", type=Path, metavar="DIR", help=t("giữ lại những gì đã tải, cho lần sau"))
    add(
        "--work",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 - a folder of our own is made in it
        metavar="DIR",
        help=t("nơi làm việc, cần 4 GB trống (/var/tmp)"),
    )
    add(
        "--mirror",
        default=_MIRROR,
        metavar="URL",
        help=t("máy chủ gói Debian ({url})", url=_MIRROR),
    )
    add(
        "--security",
        default=_SECURITY,
        metavar="URL",
        help=t("máy chủ bản vá Debian ({url})", url=_SECURITY),
    )
    return parser


def _make(options: argparse.Namespace, suites: list[Suite], work: Path, t: Words) -> None:
    now = Clock().now
    tools = Tools(options.output.parent / f"{options.output.name}.log", _environment(now()))
    order = Order(
        source=_SOURCE,
        release=metadata.version("denluot"),
        output=options.output,
        work=work,
        cache=options.cache or work / "cache",
        mirror=options.mirror,
        security=options.security,
        architecture=tools.output("dpkg", "--print-architecture").decode().strip(),
        pip={name: value for name, value in os.environ.items() if name.startswith(_PIP)},
        now=now,
        tools=tools,
    )
    order.cache.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with signing_key(options.key, tools) as key:
        with _shown(console, len(suites), t) as tell:
            make_stick(order, suites, key, tell)
        _say_result(options, key, t)


def _say_result(options: argparse.Namespace, key: SigningKey, t: Words) -> None:
    size = sum(file.stat().st_size for file in options.output.rglob("*") if file.is_file())
    lines = [
        t("Thẻ nhớ: {folder} ({size} MB)", folder=options.output, size=size >> 20),
        t("Khóa, SHA-256 của tệp (in tờ này, gửi riêng, so khi cài):"),
        f"    {key.sha256}",
        t("Dấu vân tay OpenPGP: {fingerprint}", fingerprint=key.fingerprint),
    ]
    if key.made:
        lines.append(t("Khóa riêng mới: {file}. Xin cất giữ, đừng để trên thẻ.", file=options.key))
    sys.stdout.write("\n".join([*lines, ""]))


@contextmanager
def _shown(console: Console, suites: int, t: Words) -> Iterator[Tell]:
    """Show how far the work is: a bar on a terminal, a line per step elsewhere."""
    if not console.is_terminal:
        yield lambda codename, step: console.print(f"{codename}: {t(STEPS[step])}", highlight=False)
        return
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=suites * len(STEPS))
        begun = iter(range(suites * len(STEPS)))
        yield lambda codename, step: progress.update(
            task, completed=next(begun), description=f"{codename}: {t(STEPS[step])}"
        )


def _suites(text: str, t: Words) -> list[Suite]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",")))
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        known = ", ".join(SUITES)
        raise BundleError(t("không có bản {name}; có: {known}", name=unknown[0][:40], known=known))
    return [SUITES[name] for name in names]


def _check_machine(options: argparse.Namespace, t: Words) -> None:
    """Say what this machine lacks before an hour of work; raises BundleError."""
    if not (_SOURCE / LOCK).exists() or not (_SOURCE / "deploy").is_dir():
        raise BundleError(t("Thẻ nhớ được làm từ mã nguồn: ./denluot bundle"))
    if os.geteuid() != 0:
        raise BundleError(t("Cần quyền root: sudo ./denluot bundle"))
    if lacking := missing(_PROGRAMS):
        raise BundleError(t("Còn thiếu: apt-get install {packages}", packages=" ".join(lacking)))
    if shutil.disk_usage(options.work).free < _WORK_BYTES:
        raise BundleError(t("{folder}: cần 4 GB trống", folder=options.work))
    options.output.mkdir(parents=True, exist_ok=True)


def _environment(now: datetime) -> dict[str, str]:
    """Return the whole environment of the tools: nothing of the builder's own gets into packages.

    The files' date is SOURCE_DATE_EPOCH, or the present.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    epoch = given if given.isdigit() else str(int(now.astimezone(UTC).timestamp()))
    kept = {name: value for name, value in os.environ.items() if name.startswith(_PIP)}
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": epoch, "HOME": "/root", **kept}
