"""`denluot doctor`: look at everything the centre stands on and say what to do."""

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from appliance.centre import port_is_free
from appliance.connection import Connection, read_connection
from appliance.doctor.centre import answers, check_broker, check_devices, hear_statuses
from appliance.doctor.devices import check_clips, check_reading, check_signs, check_sound
from appliance.doctor.finding import Finding, Level, error, note, ok
from appliance.doctor.keypads import check_dispenser, check_keypads
from appliance.doctor.machine import check_machine
from appliance.doctor.printers import check_printers
from appliance.doctor.site import account_here, check_site, hear_site
from appliance.doctor.staff import check_staff
from appliance.doctor.store import check_backup, check_clock, check_store, newest_record
from appliance.doctor.texts import line, verdict
from appliance.doctor.tickets import check_tickets
from appliance.errors import ApplianceError
from bus.states import DeviceStatus
from config import Clock, ConfigError, Device, load_centre, load_device
from config.process import STORE_VARIABLE
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from provisioning.layout import Layout
from wait_log.dialects import store_url
from wait_log.reader import open_reader

_STYLES = {Level.OK: "green", Level.NOTE: "yellow", Level.ERROR: "bold red"}


def command(arguments: list[str]) -> int:
    """Check everything; return 0 when there is nothing to do, 1 when there is."""
    t = words_of(os.environ)
    options = _parser(t).parse_args(arguments)
    lang = options.lang or t.lang
    named = {STORE_VARIABLE: options.store} if options.store else {}
    if options.site:
        findings = list(_site(options))
    else:
        findings = list(examine(options.data, options.config, options.device, os.environ | named))
    errors = sum(finding.level is Level.ERROR for finding in findings)
    console = Console(highlight=False)
    _show(console, findings, lang)
    console.print(verdict(errors, lang))
    return 1 if errors else 0


def _site(options: argparse.Namespace) -> Iterator[Finding]:
    """Return all findings about every box of the site."""
    layout = Layout(options.root)
    own = layout.device_file if layout.device_file.exists() else None
    try:
        device = load_device(options.device or own)
        account, site = account_here(options.data, device, layout)
    except (ConfigError, ApplianceError) as failure:
        yield error("broker", "connection_wrong", reason=failure)
        return
    roles, statuses = hear_site(account, site)
    if not roles:
        yield error("broker", "site_silent")
        return
    connection = read_connection(options.data) if _runs_here(options.data) else None
    real = connection is None or Clock.parse(connection.clock).speed == 1.0
    yield from check_site(roles, statuses, silence=real)


def _runs_here(data: Path) -> bool:
    return (data / "connection.json").exists()


def examine(
    data: Path, config: Path | None, device_file: Path | None, environment: Mapping[str, str]
) -> Iterator[Finding]:
    """Return all findings about the centre on `data` and the box of `device_file`.

    Without `device_file` the box is that of the running centre, else the one-machine default.
    """
    running = data / "run" / "device.toml"
    try:
        connection = read_connection(data) if (data / "connection.json").exists() else None
        alive = connection is not None and answers(connection.broker.host, connection.broker.port)
        clock = Clock.parse(connection.clock if connection and alive else None)
        shown = device_file or (running if connection and running.exists() else None)
        device = load_device(shown)
        centre = load_centre(config)
        yield ok("config")
    except ConfigError as failure:
        yield error("config", "wrong_config", reason=failure)
        return
    except ApplianceError as failure:
        yield error("broker", "connection_wrong", reason=failure)
        return
    yield from check_machine(device, data, environment)
    yield from check_staff(data, device.web, Clock().now())
    url = store_url(data, environment.get(STORE_VARIABLE))
    store = open_reader(url, centre.identity.site)
    yield from check_store(store)
    yield check_clock(clock, newest_record(store), centre.identity.zone)
    yield check_backup(data, clock.now())
    store.close()
    statuses = hear_statuses(connection) if connection and alive else {}
    yield from _running(connection, statuses, data, device)
    yield from check_printers(device, data, statuses)
    yield from check_tickets(device, centre)
    yield from check_signs(device, data, statuses)
    yield check_sound(device, data, configured=shown is not None)
    yield from check_reading(device, data)
    yield from check_clips(device, data)
    yield from check_keypads(device, centre, statuses)
    yield from check_dispenser(device, centre, statuses)


def _show(console: Console, findings: list[Finding], lang: str) -> None:
    """Print a table on a terminal, elsewhere one plain line per finding."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        cells = line(finding, lang)
        table.add_row(*cells, style=_STYLES[finding.level])
        if not console.is_terminal:
            console.print("  ".join(cells), soft_wrap=True, markup=False)
    if console.is_terminal:
        console.print(table)


def _running(
    connection: Connection | None, statuses: dict[str, DeviceStatus], data: Path, device: Device
) -> Iterator[Finding]:
    if connection is not None:
        yield check_broker(connection, statuses)
        if statuses:
            yield from check_devices(statuses, data)
        return
    yield note("broker", "not_running")
    if port_is_free(device.web.host, device.web.port):
        yield ok("port", "port_free", port=device.web.port)
    else:
        yield note("port", "port_taken", port=device.web.port, option="--web-port")


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot doctor",
        t(
            "Kiểm tra chương trình, thư viện, màn hình, đĩa, sổ ghi, máy chủ tin nhắn, dịch vụ, "
            "thiết bị, máy in, bảng LED và loa; mỗi dòng báo tốt hoặc việc cần làm, dù trung tâm "
            "có chạy hay không. Mã kết thúc: 0 không có việc phải làm, 1 có lỗi."
        ),
        t,
    )
    add = parser.add_argument
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add(
        "--store",
        metavar="URL",
        help=t("kho dữ liệu nếu không nằm trong DIR: postgresql+psycopg://…"),
    )
    add("--config", type=Path, metavar="FILE", help=t("cấu hình trung tâm (centre.toml)"))
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--site", action="store_true", help=t("mọi máy của đơn vị, hỏi từ máy chủ"))
    add("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    add("--lang", choices=["vi", "en"], help=t("ngôn ngữ của kết quả (theo máy)"))
    return parser
