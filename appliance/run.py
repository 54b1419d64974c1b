"""`denluot run`: the whole centre on one machine."""

import argparse
import logging
import os
import re
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from appliance.centre import RunningCentre, lock_data, port_is_free
from appliance.errors import ApplianceError
from appliance.loudspeaker import has_sound
from appliance.plan import Options, demonstration_device
from appliance.texts import Texts
from bus.broker import free_port
from bus.errors import BusError
from config import Centre, Clock, ConfigError, Device, Stopping, load_centre, load_device

_WEB_PORT = 8080


def command(arguments: list[str]) -> int:
    """Run until a signal comes; return 0, or 2 with one line when it cannot run."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level="WARNING", format="%(asctime)s %(message)s")
    texts = Texts.of(os.environ)
    try:
        centre = load_centre(options.config)
        clock = _clock(options, centre)
        lock = lock_data(options.data)
    except (ConfigError, ApplianceError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        return _run(options, centre, clock, texts)
    except (ConfigError, ApplianceError, BusError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    finally:
        os.close(lock)


def _run(options: argparse.Namespace, centre: Centre, clock: Clock, texts: Texts) -> int:
    headless = options.headless or not _has_screen()
    console = Console(highlight=False)
    asked = Options(
        config=options.config,
        data=options.data,
        headless=headless,
        always_open=options.always_open or options.config is None,
        all_counters=options.counters == "all",
        silent=headless or clock.speed != 1.0 or not has_sound(options.data),
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
    with console.status(texts("starting")) as status:
        running.start(lambda name: status.update(texts("started", name=name)))
    _tell(console, texts, running, asked, time.monotonic() - began)
    try:
        running.tend(stopping)
    finally:
        console.print(texts("stopping"))
        running.stop()
    return 0


def _device(options: argparse.Namespace, asked: Options, centre: Centre) -> Device:
    device = load_device(options.device) if options.device else None
    port = options.web_port or (device.web.port if device else _WEB_PORT)
    if not port_is_free("127.0.0.1", port):
        if options.web_port or device:
            raise ApplianceError(f"port {port} is taken by another program; choose --web-port")
        port = free_port()
    if device:
        return replace(device, web=replace(device.web, port=port))
    counters = [counter.number for counter in centre.counters]
    return demonstration_device(asked, counters, centre.identity.site, port)


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
    console: Console, texts: Texts, running: RunningCentre, asked: Options, took_s: float
) -> None:
    table = Table(title=texts("title", seconds=f"{took_s:.1f}"), title_justify="left")
    table.add_column(texts("process"))
    table.add_column("PID", justify="right")
    table.add_column(texts("look"), overflow="fold")
    table.add_row("broker", str(running.broker.pid), f"mqtt://127.0.0.1:{running.broker.port}")
    pids = running.supervisor.pids()
    for program in running.plan:
        where = running.web_address if program.name == "web" else ""
        where = where or str(asked.data / "log" / f"{program.name.replace(' ', '-')}.log")
        table.add_row(program.name, str(pids.get(program.name, "")), where)
    console.print(table)
    console.print(texts("data", data=asked.data))
    if asked.config is None:
        console.print(texts("demonstration"))
    if asked.headless:
        console.print(texts("headless"))
    if running.speaks_to_files:
        console.print(texts("silent", data=asked.data))
    console.print(texts("end"))


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1000:  # noqa: PLR2004 - the range is the message
        raise argparse.ArgumentTypeError(f"expected a number from 0.01 to 1000, got {text}")
    return speed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="denluot run",
        description="Run the whole centre on this machine: broker, service, kiosk, boards, voice, "
        "counter windows, web page. Without --config it is the demonstration centre, open "
        "whatever the hour. Stop it with Ctrl+C.",
    )
    parser.add_argument("--config", type=Path, help="the centre (centre.toml)")
    parser.add_argument("--device", type=Path, help="what this box has (device.toml)")
    parser.add_argument("--data", type=Path, default=Path("var"), help="where data lies (var/)")
    parser.add_argument("--mqtt-port", type=int, default=0, help="port of the broker (a free one)")
    parser.add_argument("--web-port", type=int, default=0, help=f"port of the page ({_WEB_PORT})")
    parser.add_argument("--headless", action="store_true", help="run without a screen")
    parser.add_argument("--always-open", action="store_true", help="ignore the hours")
    parser.add_argument("--counters", choices=["two", "all"], default="two", help="windows shown")
    parser.add_argument("--now", metavar="TIME", help="the clock starts at, e.g. 2026-11-23T07:00")
    parser.add_argument("--speed", type=_speed, default=1.0, help="how fast the clock runs (1)")
    return parser
