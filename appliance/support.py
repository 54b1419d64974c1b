"""`denluot support-bundle`: what somebody far away needs to help, and no secret of the hall."""

import argparse
import importlib.metadata
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from appliance.doctor.command import examine
from appliance.doctor.site import account_here, check_site, hear_site
from appliance.doctor.texts import line
from appliance.errors import ApplianceError
from bus.errors import BusError
from config import Clock, ConfigError, Device, load_device
from config.process import STORE_VARIABLE, settings_text
from config.redaction import without
from hall.words.arguments import CommandParser, words_of
from provisioning.audit import AuditQuery, audit_page
from provisioning.errors import ProvisioningError
from provisioning.layout import Layout
from provisioning.roles import installed_role
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.steps import running_release
from wait_log.dialects import shown_url, store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader

_LOG_BYTES = 2_000_000
_MOST_AUDIT = 300
_PROGRAM_WITHIN_S = 300
_JOURNAL = (
    "journalctl",
    "--unit=denluot*",
    "--since=-7days",
    "--output=short-iso",
    "--no-pager",
    "--lines=40000",
)
_SECRET_KEYS = ("password", "secret", "token", "client_secret", "pin", "pin_hash")
_ABOUT = """Đến Lượt: gói hỗ trợ / support bundle

Nhật ký, phiên bản, cấu hình, kết quả kiểm tra của máy này. Không có mật khẩu, mã, khóa; không có
tên người, không có lượt của người dân. Xin xem qua trước khi gửi: mọi tệp đều là văn bản.

Logs, versions, settings and checks of this machine. No passwords, codes or keys; no names of
people, no tickets of citizens. Please look before you send it: every file is plain text.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """What the bundle is made of."""

    data: Path
    layout: Layout
    device_file: Path | None
    store: str


def command(arguments: list[str]) -> int:
    """Write the bundle; return 0, or 1 when it cannot be written."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot support-bundle",
        t(
            "Gom nhật ký, phiên bản, cấu hình, kết quả kiểm tra vào một tệp để gửi người hỗ trợ. "
            "Không có mật khẩu, mã hay khóa nào trong đó."
        ),
        t,
    )
    add = parser.add_argument
    add("--data", type=Path, metavar="DIR", help=t("thư mục dữ liệu (var/)"))
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--output", type=Path, metavar="FILE", help=t("tệp được ghi (.tar.gz)"))
    add("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    layout = Layout(options.root)
    data = options.data or (layout.data if layout.data.is_dir() else Path("var"))
    own = layout.device_file if layout.device_file.exists() else None
    store = store_url(data, os.environ.get(STORE_VARIABLE))
    place = Place(data, layout, options.device or own, store)
    at = Clock().now()
    output = options.output or Path(f"denluot-support-{at:%Y%m%d-%H%M%S}.tar.gz")
    try:
        write_bundle(place, output, at, lambda name: print(f"  {name}", flush=True))  # noqa: T201
    except OSError as error:
        sys.stderr.write(f"{output}: {error.strerror}\n")
        return 1
    size = output.stat().st_size // 1000
    sys.stdout.write(t("Đã ghi {file} ({size} kB).", file=output, size=size) + "\n")
    return 0


def write_bundle(place: Place, output: Path, at: datetime, say: Callable[[str], None]) -> None:
    """Write everything that can be had, each text without secrets; raises OSError."""
    secrets = known_secrets(place)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, text in _texts(place):
            say(name)
            content = without(text, secrets).encode("utf-8", "replace")
            entry = tarfile.TarInfo(f"denluot-support/{name}")
            entry.size, entry.mtime, entry.mode = len(content), int(at.timestamp()), 0o600
            archive.addfile(entry, io.BytesIO(content))


def known_secrets(place: Place) -> set[str]:
    """Return every secret that this machine has in a file, to be looked for in every text."""
    found: set[str] = set()
    folders = (place.data, place.layout.data, place.layout.screen_data)
    files = [path for folder in folders for path in _secret_files(folder)]
    for path in files:
        with suppress(OSError, UnicodeDecodeError):
            found |= {part for part in path.read_text("utf-8").split() if part}
    with suppress(OSError, msgspec.DecodeError):
        found |= set(
            _secret_values(msgspec.json.decode((place.data / "connection.json").read_bytes()))
        )
    for file in filter(None, (place.device_file, place.data / "run/device.toml")):
        with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            found |= set(_secret_values(msgspec.toml.decode(file.read_bytes())))
    return found


def _secret_files(folder: Path) -> Iterator[Path]:
    yield folder / "broker-password"
    for of_devices in (folder / "broker/of-devices", folder / "run/broker/of-devices"):
        yield from sorted(of_devices.glob("*"))


def _secret_values(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _secret_values(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _secret_values(inner, key)
    elif isinstance(value, str) and key in _SECRET_KEYS:
        yield value


def _texts(place: Place) -> Iterator[tuple[str, str]]:
    yield "README.txt", _ABOUT
    yield "versions.txt", _versions(place)
    yield "machine.txt", _machine(place)
    yield "doctor.txt", _doctor(place)
    yield "site.txt", _site(place)
    yield (
        "verify.txt",
        _said([sys.executable, "-m", "queue_service.verify", "--data", str(place.data)]),
    )
    yield "device.json", _device_settings(place)
    yield "centre.json", _centre(place)
    yield "audit.txt", _audit(place)
    for folder in (place.data / "log", place.layout.upgrade):
        for log in sorted(folder.glob("*.log*")):
            yield f"logs/{log.name}.txt", _tail(log)
    if shutil.which("journalctl") and place.layout.root == Path("/"):
        yield "logs/journal.txt", _said(_JOURNAL)[-_LOG_BYTES:]


def _versions(place: Place) -> str:
    installed = sorted(
        f"{each.metadata['Name']} {each.version}" for each in importlib.metadata.distributions()
    )
    releases = sorted(path.name for path in place.layout.releases.glob("*"))
    try:
        current = running_release(place.layout)
    except UpgradeError:
        current = "-"
    try:
        role = installed_role(place.layout)
    except ProvisioningError as error:
        role = str(error)  # type: ignore[assignment]
    facts = [
        f"python {platform.python_version()}",
        f"system {platform.platform()}",
        f"role {role or '-'}",
        f"current {current}",
        f"releases {' '.join(releases) or '-'}",
        f"store {_store_kind(place.store)}",
    ]
    with suppress(OSError, UnicodeDecodeError):
        facts += [place.layout.os_release.read_text("utf-8")]
    return "\n".join([*facts, *installed, ""])


def _store_kind(url: str) -> str:
    try:
        return shown_url(url)
    except StoreError as error:
        return str(error)


def _machine(place: Place) -> str:
    usage = shutil.disk_usage(
        next(path for path in (place.data, *place.data.resolve().parents) if path.exists())
    )
    parts = [f"disk free_mb={usage.free // 1_000_000} total_mb={usage.total // 1_000_000}"]
    for name in ("uptime", "loadavg", "meminfo"):
        with suppress(OSError):
            parts.append(f"{name}\n{Path('/proc', name).read_text('ascii', 'replace')}")
    if shutil.which("systemctl") and place.layout.root == Path("/"):
        parts.append(_said(["systemctl", "list-units", "--all", "--no-pager", "denluot*"]))
    return "\n".join(parts)


def _doctor(place: Place) -> str:
    findings = examine(place.data, None, place.device_file, os.environ)
    try:
        return "\n".join("  ".join(line(finding, "en")) for finding in findings) + "\n"
    except (ConfigError, StoreError, ApplianceError, OSError) as error:
        return f"{error}\n"


def _site(place: Place) -> str:
    try:
        device = _device(place)
        account, site = account_here(place.data, device, place.layout)
        roles, statuses = hear_site(account, site)
    except (ConfigError, ApplianceError, BusError) as error:
        return f"{error}\n"
    said = [
        "  ".join(line(finding, "en")) for finding in check_site(roles, statuses, silence=False)
    ]
    said += [
        f"{device} version={status.version} online={status.online} at={status.at}"
        for device, status in sorted(statuses.items())
    ]
    return "\n".join([*said, ""])


def _device(place: Place) -> Device:
    return load_device(place.device_file)


def _device_settings(place: Place) -> str:
    try:
        return settings_text(_device(place), changes_only=True)
    except ConfigError as error:
        return f"{error}\n"


def _centre(place: Place) -> str:
    """Return the configuration in force; the centre's own public words and no person's."""
    try:
        with closing(open_reader(place.store, _device(place).site)) as reader:
            row = reader.newest_config() if reader.exists() else None
        return msgspec.json.format(row.body, indent=2).decode() if row else "none\n"
    except (ConfigError, StoreError, msgspec.DecodeError) as error:
        return f"{error}\n"


def _audit(place: Place) -> str:
    """Return what was done and when; not by whom, from where, or with what."""
    path = place.data / SITE_DB
    if not path.exists():
        return "none\n"
    try:
        with closing(open_site_db(path)) as db:
            entries = audit_page(db, AuditQuery(), _MOST_AUDIT)
    except ProvisioningError as error:
        return f"{error}\n"
    return "\n".join([*(f"{each.at:%Y-%m-%dT%H:%M:%SZ} {each.action}" for each in entries), ""])


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _LOG_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError as error:
        return f"{error}\n"


def _said(program: Sequence[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - programs of the system and our own
            program,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROGRAM_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{error}\n"
    return done.stdout + done.stderr
