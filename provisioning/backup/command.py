"""`denluot backup`: a proven copy of everything a server keeps, beside the running hall."""

import argparse
import importlib.metadata
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from config import CLOCK_VARIABLE, Clock, ConfigError
from config.failpoint import FAILPOINT_VARIABLE, failpoint_from
from config.load import load_device
from config.process import STORE_VARIABLE
from config.settings import BackupBox, Device
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from provisioning.backup.errors import BackupBusyError, BackupError
from provisioning.backup.make import (
    MadeBackup,
    Source,
    Surroundings,
    copy_backup,
    make_backup,
    translated,
)
from provisioning.backup.places import STICK_LABEL, OtherMachine, Run, stick_folder
from provisioning.backup.rotation import Keep
from provisioning.backup.status import BackupStatus, read_status, write_status
from provisioning.errors import SiteDbError
from provisioning.layout import Layout
from provisioning.site_db import FILE_NAME, open_site_db, to_us
from wait_log.dialects import store_url
from wait_log.errors import StoreError

_MB = 1_000_000
_MONTH_DAYS = 31
"""A month is never shorter than it says: what is to be kept is kept."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a backup goes besides its folder; `required` ones fail the command."""

    stick: str = ""
    machine: OtherMachine | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """What is backed up, and where to."""

    source: Source
    folder: Path
    keep: Keep
    places: Places


def command(arguments: list[str]) -> int:
    """Back up; return 0, or 1 with a sentence that says why not and what to do."""
    t = words_of(os.environ)
    parser = _parser(t)
    options = parser.parse_args(arguments)
    layout = Layout(options.root)
    data = options.data or layout.data
    try:
        device = load_device(options.device or _device_file(layout))
        source = Source(
            data=data,
            store=store_url(data, options.store or os.environ.get(STORE_VARIABLE)),
            site=device.site,
            centre=layout.centre_file,
            version=importlib.metadata.version("denluot"),
        )
        folder = options.to or _usual_folder(device.backup, data, layout)
        places = _places(options.stick, options.machine, device.backup, scheduled=options.scheduled)
        clock = Clock.parse(os.environ.get(CLOCK_VARIABLE))
        with progress_bar(t(N_("Sao lưu"))) as progress:
            failpoint = failpoint_from(os.environ.get(FAILPOINT_VARIABLE))
            world = Surroundings(now=clock.now, failpoint=failpoint, progress=progress)
            back_up(Job(source, folder, _keep(device), places), world, t)
        if options.scheduled:
            forget_audit(data, device.retention.audit_months, clock.now())
    except (ConfigError, BackupError, SiteDbError, StoreError) as error:
        said = error.said(t) if isinstance(error, BackupError) else str(error)
        sys.stderr.write(f"{said}\n")
        return 1
    return 0


def back_up(
    job: Job, world: Surroundings, t: Words, run: Callable[..., str] | None = None
) -> MadeBackup:
    """Make a backup, bring it to the other places, and note what became of it.

    Raises BackupError, after it was noted; a place that is only welcome is noted alone.
    """
    source, places = job.source, job.places
    known = read_status(source.data) or BackupStatus()
    try:
        made = make_backup(source, job.folder, job.keep, world)
    except BackupBusyError:
        raise
    except BackupError as error:
        _note(source, _failed(known, error, world))
        raise
    status = BackupStatus(
        good_at=made.manifest.made_at,
        name=made.path.name,
        folder=str(job.folder),
        size=made.size,
        tried_at=world.now(),
    )
    sys.stdout.write(_done(made, t) + "\n")
    failed: BackupError | None = None
    for bring in _bringing(made, job, run or Run()):
        try:
            sys.stdout.write(t(N_("cũng đã chép sang {place}"), place=bring()) + "\n")
        except BackupError as error:
            failed = error
            sys.stderr.write(f"{error.said(t)}\n")
    if failed is not None:
        status = _failed(status, failed, world)
    _note(source, status)
    if failed is not None and places.required:
        raise failed
    return made


def forget_audit(data: Path, months: int, now: datetime) -> int:
    """Forget what the audit says of acts older than so many months; return how many."""
    path = data / FILE_NAME
    if months <= 0 or not path.is_file():
        return 0
    before = to_us(now - timedelta(days=months * _MONTH_DAYS))
    with closing(open_site_db(path, lambda: now)) as db, db.write() as connection:
        gone = connection.execute("DELETE FROM audit WHERE at_us < ?", (before,)).rowcount
        if gone:
            db.audit_within(connection, "denluot backup", "", "audit_forgotten", str(gone))
    return gone


def _bringing(made: MadeBackup, job: Job, run: Callable[..., str]) -> Iterator[Callable[[], str]]:
    stick, machine = job.places.stick, job.places.machine
    if stick:

        def to_stick() -> str:
            folder = stick_folder(stick)
            return str(copy_backup(made.path, made.manifest, folder, job.keep).parent)

        yield to_stick
    if machine is not None:

        def to_machine() -> str:
            machine.send(made.path, made.manifest, run)
            return machine.address

        yield to_machine


def _done(made: MadeBackup, t: Words) -> str:
    rows = made.manifest.store.rows
    return t(
        N_("Đã sao lưu và kiểm tra: {path} ({size} MB, {events} sự kiện, {tickets} lượt)"),
        path=made.path,
        size=-(-made.size // _MB),
        events=rows.get("event", 0),
        tickets=rows.get("ticket", 0),
    )


def _failed(known: BackupStatus, error: BackupError, world: Surroundings) -> BackupStatus:
    return BackupStatus(
        good_at=known.good_at,
        name=known.name,
        folder=known.folder,
        size=known.size,
        tried_at=world.now(),
        problem=error.text,
        values={name: str(value)[:300] for name, value in error.values.items()},
    )


def _note(source: Source, status: BackupStatus) -> None:
    try:
        write_status(source.data, status)
    except OSError as error:
        sys.stderr.write(f"{translated(error, source.data)}\n")


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot backup",
        t(
            "Sao lưu sổ ghi, báo cáo, nhật ký thao tác và (niêm phong bằng cụm từ khôi phục) các "
            "tài khoản, trong lúc trung tâm vẫn chạy; kiểm tra lại từng bản sau khi ghi."
        ),
        t,
    )
    add = parser.add_argument
    add("--to", type=Path, metavar="DIR", help=t("thư mục nhận bản sao (/var/backups/denluot)"))
    add(
        "--stick",
        nargs="?",
        const=STICK_LABEL,
        default="",
        metavar="LABEL",
        help=t("chép thêm vào USB có nhãn này (DENLUOT)"),
    )
    add("--machine", metavar="USER@HOST:DIR", help=t("chép thêm sang máy khác qua SSH"))
    add(
        "--scheduled",
        action="store_true",
        help=t("lần sao lưu hằng đêm: đến mọi nơi ghi trong device.toml, USB nếu đang cắm"),
    )
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--data", type=Path, metavar="DIR", help=t("thư mục dữ liệu (/var/lib/denluot)"))
    add("--store", metavar="URL", help=t("kho dữ liệu, nếu không nằm trong DIR"))
    add("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    return parser


def _places(stick: str, machine: str | None, box: BackupBox, *, scheduled: bool) -> Places:
    key = Path(box.machine_key) if box.machine_key else None
    other = OtherMachine.parse(machine, key) if machine else None
    if not scheduled:
        return Places(stick, other)
    if other is None and box.machine:
        other = OtherMachine.parse(box.machine, key)
    label = stick or box.stick
    plugged = bool(label) and Path("/dev/disk/by-label", label).exists()
    return Places(label if plugged else "", other, required=False)


def _keep(device: Device) -> Keep:
    box = device.backup
    return Keep(box.days, box.weeks, box.months)


def _usual_folder(box: BackupBox, data: Path, layout: Layout) -> Path:
    if box.folder:
        return Path(box.folder)
    installed = data == layout.data
    return layout.backups if installed else data.parent / f"{data.name}-backup"


def _device_file(layout: Layout) -> Path | None:
    return layout.device_file if layout.device_file.is_file() else None


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far it is, where somebody looks."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show
