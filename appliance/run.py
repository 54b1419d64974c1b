"""`denluot run`: the whole centre on one machine."""

import argparse
import logging
import os
import re
import signal
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from appliance.centre import RunningCentre, lock_data, port_is_free
from appliance.errors import ApplianceError
from appliance.plan import Options, demonstration_device
from bus.broker import free_port
from bus.errors import BusError
from config import Centre, Clock, ConfigError, Device, Stopping, load_centre, load_device
from config.process import STORE_VARIABLE
from config.settings import SoundCard
from hall.words import Words
from hall.words.arguments import CommandParser, port, words_of
from hardware.speaker import SpeakerError, open_speaker
from provisioning.accounts import Accounts
from provisioning.errors import ProvisioningError
from provisioning.one_time import OneTimeCodes
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db
from wait_log.dialects import shown_url, store_url
from wait_log.errors import StoreError


def has_sound(data: Path) -> bool:
    """Return whether a sound output would play now."""
    speaker = open_speaker(SoundCard(), data, "announcer-1", Clock())
    try:
        speaker.output()
    except SpeakerError:
        return False
    finally:
        speaker.stop()
    return True


_WEB_PORT = 8080


def command(arguments: list[str]) -> int:
    """Run until a signal comes; return 0, or 2 with one line when it cannot run."""
    t = words_of(os.environ)
    options = _parser(t).parse_args(arguments)
    logging.basicConfig(level="WARNING", format="%(asctime)s %(message)s")
    try:
        centre = load_centre(options.config)
        clock = _clock(options, centre)
        shown_url(store_url(options.data, options.store))
        lock = lock_data(options.data)
    except (ConfigError, ApplianceError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        return _run(options, centre, clock, t)
    except (ConfigError, ApplianceError, BusError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    finally:
        os.close(lock)


def _run(options: argparse.Namespace, centre: Centre, clock: Clock, t: Words) -> int:
    headless = options.headless or not _has_screen()
    console = Console(highlight=False)
    asked = Options(
        config=options.config,
        data=options.data,
        headless=headless,
        always_open=options.always_open or options.config is None,
        all_counters=options.counters == "all",
        silent=headless or clock.speed != 1.0 or not has_sound(options.data),
        store=options.store,
    )
    device = _device(options, asked, centre)
    stopping = Stopping(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    running = RunningCentre(
        centre,
        device,
        asked,
        clock=clock,
        mqtt_port=options.mqtt_port or free_port(),
        environment=os.environ,
    )
    began = time.monotonic()
    with console.status(t("Đang khởi động…")) as status:
        running.start(lambda name: status.update(t("Đã chạy: {name}", name=name)))
    _tell(console, t, running, asked, time.monotonic() - began)
    try:
        running.tend(stopping)
    finally:
        console.print(t("Đang dừng…"))
        running.stop()
    return 0


def _device(options: argparse.Namespace, asked: Options, centre: Centre) -> Device:
    device = load_device(options.device) if options.device else None
    web_port = options.web_port or (device.web.port if device else _WEB_PORT)
    if not port_is_free("127.0.0.1", web_port):
        if options.web_port or device:
            raise ApplianceError(f"port {web_port} is taken by another program; choose --web-port")
        web_port = free_port()
    if device:
        return replace(device, web=replace(device.web, port=web_port))
    counters = [counter.number for counter in centre.counters]
    return demonstration_device(asked, counters, centre.identity.site, web_port)


def _clock(options: argparse.Namespace, centre: Centre) -> Clock:
    origin = parse_time(options.now, centre.identity.zone) if options.now else None
    return Clock.starting(origin, options.speed)


def parse_time(text: str, zone: ZoneInfo) -> datetime:
    """Return `07:30` (today) or `2026-11-23T07:30` as a moment; without an offset it is local.

    Raises ConfigError.
    """
    if re.fullmatch(r"\d\d?:\d\d(:\d\d)?", text):
        today = Clock().now().astimezone(zone).date()
        text = f"{today.isoformat()}T{text.zfill(5)}"
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            f"--now {text}: expected a time such as 07:30 or 2026-11-23T07:30"
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _tell(
    console: Console, t: Words, running: RunningCentre, asked: Options, took_s: float
) -> None:
    table = Table(
        title=t("Đến Lượt đang chạy ({seconds} giây)", seconds=f"{took_s:.1f}"),
        title_justify="left",
    )
    table.add_column(t("Tiến trình"))
    table.add_column("PID", justify="right")
    table.add_column(t("Xem ở đâu"), overflow="fold")
    table.add_row("broker", str(running.broker.pid), f"mqtt://127.0.0.1:{running.broker.port}")
    pids = running.supervisor.pids()
    for program in running.plan:
        where = running.web_address if program.name == "web" else ""
        where = where or str(asked.data / "log" / f"{program.name.replace(' ', '-')}.log")
        table.add_row(program.name, str(pids.get(program.name, "")), where)
    console.print(table)
    console.print(
        t(
            "Dữ liệu: {store} · phiếu: {data}/paper/ · kết nối: {data}/connection.json",
            store=shown_url(store_url(asked.data, asked.store)),
            data=asked.data,
        )
    )
    if asked.config is None:
        console.print(t("Đây là trung tâm trình diễn, mở cửa bất kể giờ nào."))
    if asked.headless:
        console.print(t("Không có màn hình: các cửa sổ được vẽ ẩn."))
    if running.speaks_to_files:
        console.print(
            t(
                "Lời gọi được ghi thành tệp trong {data}/voice/ thay vì phát ra loa.",
                data=asked.data,
            )
        )
    try:
        _tell_first_start(console, t, asked.data, running.web_address)
    except ProvisioningError as error:
        console.print(t("Chưa mở được kho tài khoản: {error}", error=error))
    console.print(t("Dừng: Ctrl+C"))


def _tell_first_start(console: Console, t: Words, data: Path, web_address: str) -> None:
    """Show on this very terminal, and nowhere else, how the first account is made."""
    with closing(open_site_db(data / SITE_DB)) as db:
        if Accounts(db).exist():
            return
        person = sys.stdin.isatty() and sys.stdout.isatty()
        code = OneTimeCodes(db).begin_first_start() if person else None
    if code is None:
        console.print(
            t(
                "Chưa có tài khoản nào. Thêm người quản trị: "
                "./denluot account add TÊN --role administrator --data {data}",
                data=data,
            )
        )
        return
    console.print(t("Chưa có tài khoản nào. Mời mở {address}/first", address=web_address))
    console.print(t("và nhập mã này trong 15 phút: {code}", code=code), style="bold")


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1000:  # noqa: PLR2004 - the range is the message
        raise argparse.ArgumentTypeError(f"0.01–1000: {text[:20]!r}?")
    return speed


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot run",
        t(
            "Chạy cả trung tâm trên máy này: máy chủ tin nhắn, dịch vụ xếp hàng, máy lấy số, "
            "bảng gọi số, loa, cửa sổ quầy, trang quản lý. Không có --config thì là trung tâm "
            "trình diễn, mở cửa bất kể giờ nào. Dừng: Ctrl+C."
        ),
        t,
    )
    add = parser.add_argument
    add("--config", type=Path, metavar="FILE", help=t("cấu hình trung tâm (centre.toml)"))
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add(
        "--store",
        metavar="URL",
        default=os.environ.get(STORE_VARIABLE),
        help=t("kho dữ liệu nếu không nằm trong DIR: postgresql+psycopg://…"),
    )
    add(
        "--mqtt-port",
        type=port,
        default=0,
        help=t("cổng của máy chủ tin nhắn (mặc định: một cổng trống)"),
    )
    add(
        "--web-port",
        type=port,
        default=0,
        help=t("cổng của trang quản lý (mặc định: {port})", port=_WEB_PORT),
    )
    add("--headless", action="store_true", help=t("chạy không cần màn hình"))
    add("--always-open", action="store_true", help=t("cấp số bất kể giờ nào"))
    add(
        "--counters",
        choices=["two", "all"],
        default="two",
        help=t("cửa sổ quầy được mở: hai quầy đầu (two) hay tất cả (all)"),
    )
    add("--now", metavar="TIME", help=t("đồng hồ bắt đầu lúc, ví dụ 2026-11-23T07:00"))
    add("--speed", type=_speed, default=1.0, help=t("đồng hồ chạy nhanh gấp mấy lần (1)"))
    return parser
