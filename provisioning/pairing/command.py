"""`denluot join [ADDRESS] CODE`: this box becomes one of a site."""

import os
import re
import socket
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bus.discovery import find_servers
from config.address import check_host
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from provisioning.errors import PairingError
from provisioning.layout import STAFF_PORT, Layout
from provisioning.pairing.box_files import BoxFiles
from provisioning.pairing.client import RefusedByServerError, Secret, pair
from provisioning.pairing.codes import in_groups, scanned_code, typed_code
from provisioning.pairing.messages import Grant
from provisioning.roles import installed_role

_LOOK_S = 6.0
_LAST_PORT = 65535
_ADDRESS = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]]+))(?::(\d{1,5}))?")
_REFUSALS = {
    "no_code": N_(
        "Mã này không còn dùng được: đã dùng, quá 5 phút hoặc sai 5 lần. "
        "Mời quý vị tạo mã mới ở trang Thiết bị."
    ),
    "wrong": N_(
        "Mã chưa đúng. Mời quý vị xem lại mã trên trang Thiết bị; nếu mã đúng thì có máy khác "
        "đứng giữa máy này và máy chủ."
    ),
    "too_fast": N_("Thử quá nhanh. Mời quý vị đợi một phút rồi làm lại."),
    "unavailable": N_("Máy chủ chưa ghép được lúc này: xin xem nhật ký của máy chủ."),
}
_LEFT = {
    "keypads.call_devices": N_("ghi các bàn phím vào mục [[keypads]] của device.toml"),
    "signs": N_("ghi các bảng LED vào mục [[signs]] của device.toml"),
}


def command(arguments: list[str]) -> int:
    """Join a site; return 0, 1 where the box was not paired, 2 for wrong use."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot join",
        t(N_("Ghép máy này vào trung tâm: tạo mã ở trang Thiết bị, rồi gõ mã ở đây trong 5 phút.")),
        t,
    )
    add = parser.add_argument
    add("address", nargs="?", metavar=t("ĐỊA_CHỈ"), help=t("máy chủ; bỏ trống để tự tìm"))
    add("code", metavar=t("MÃ"), help=t("tám chữ trên trang Thiết bị, hoặc nội dung mã QR"))
    layout = Layout()
    device, secrets = layout.device_file, layout.screen_data
    add("--device", type=Path, metavar="FILE", default=device, help=t("thiết bị của máy này"))
    add("--data", type=Path, metavar="DIR", default=secrets, help=t("nơi giữ mật khẩu"))
    options = parser.parse_args(arguments)
    try:
        files = BoxFiles(options.device, options.data)
        grant, notes = join(options.address, options.code, files, t, _say)
    except PairingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    names = ", ".join(granted.id for granted in grant.devices)
    sys.stdout.write(t("Đã ghép. Máy này là {devices}.", devices=names) + "\n")
    for note in notes:
        sys.stdout.write(t("Còn việc: {work}", work=t(_LEFT[note])) + "\n")
    may_install = os.name == "posix" and os.geteuid() == 0
    return put_to_use(options.device, layout, t, _install if may_install else None)


def join(
    address: str | None, code: str, files: BoxFiles, t: Words, say: Callable[[str], None]
) -> tuple[Grant, tuple[str, ...]]:
    """Pair this box by a code; return what was granted and what a person must still do.

    `say` hears how far it is. Raises PairingError with words for people.
    """
    host, port, secret = _target(address, code, t, say)
    say(t("Đang ghép với {host}…", host=f"{host}:{port}"))
    try:
        grant = pair(host, port, secret, socket.gethostname(), _version())
    except RefusedByServerError as error:
        known = _REFUSALS.get(error.why)
        raise PairingError(t(known) if known else str(error)) from error
    return grant, files.save(host, grant)


def put_to_use(
    device_file: Path, layout: Layout, t: Words, install: Callable[[list[str]], int] | None
) -> int:
    """Have an installed machine run what it is by now; `install` is None without the right to."""
    if install and device_file == layout.device_file and installed_role(layout) is not None:
        return install(["--restart"])
    sys.stdout.write(t("Để dùng: sudo denluot install --restart") + "\n")
    return 0


def _install(arguments: list[str]) -> int:
    from provisioning.install.command import command as install  # noqa: PLC0415 - Linux only

    return install(arguments)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _target(
    address: str | None, code: str, t: Words, say: Callable[[str], None]
) -> tuple[str, int, Secret]:
    """Return where to go with which secret; raises PairingError."""
    if scanned := scanned_code(code):
        host, port = (scanned.host.strip("[]"), scanned.port)
        return host, port, Secret(scanned.secret, scanned.certificate)
    typed = typed_code(code)
    if typed is None:
        raise PairingError(t("Mã có tám chữ, như {code}.", code=in_groups("7K3M9QRT")))
    host, port = _parsed(address, t) if address else _found(t, say)
    return host, port, Secret(typed)


def _parsed(address: str, t: Words) -> tuple[str, int]:
    found = _ADDRESS.fullmatch(address) or _ADDRESS.fullmatch(f"[{address}]")
    six, four, port = found.groups() if found else ("", "", "")
    host, number = six or four or "", port or str(STAFF_PORT)
    try:
        check_host(host)
    except ValueError:
        host = ""
    if not host or not number.isdecimal() or not 0 < int(number[:6]) <= _LAST_PORT:
        raise PairingError(
            t("{address} không phải là địa chỉ, như 192.168.1.10.", address=repr(address[:60]))
        )
    return host, int(number)


def _found(t: Words, say: Callable[[str], None]) -> tuple[str, int]:
    say(t("Đang tìm máy chủ trong mạng…"))
    try:
        servers = find_servers(_LOOK_S)
    except OSError as error:
        raise PairingError(
            t("Không tìm được trong mạng ({error}). Xin gõ địa chỉ.", error=error)
        ) from error
    if not servers:
        raise PairingError(
            t("Không thấy máy chủ trong mạng. Xin gõ địa chỉ: denluot join 192.168.1.10 MÃ")
        )
    if len(servers) > 1:
        known = ", ".join(f"{server.site} {server.host}:{server.port}" for server in servers)
        raise PairingError(t("Thấy nhiều máy chủ: {known}. Xin gõ địa chỉ.", known=known))
    return servers[0].host, servers[0].port


def _version() -> str:
    try:
        return version("denluot")
    except PackageNotFoundError:
        return ""
