"""`denluot simulate`: play a day of citizens and staff through the running centre."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from appliance.connection import Connection, read_connection
from appliance.errors import ApplianceError
from bus.connect import connect_device
from bus.device import DeviceLink
from bus.mqtt import Account
from config import Centre, Clock, ConfigError
from simulators.day.agenda import DayClock
from simulators.day.day import FIRST_ARRIVAL_S, HOUR_S
from simulators.day.play import Connect, Play, Script, hear_centre
from simulators.day.progress import shown_progress
from simulators.day.summary import Summary, summarise

_NEAR_S = 0.5 * HOUR_S
_SERVICE_WITHIN_S = 10.0
_MOST_TICKETS = 2000
_INTERRUPTED = 130


def command(arguments: list[str]) -> int:
    """Play a day; return 0 when all went well, 1 when something was wrong, 2 when it cannot."""
    options = _parser().parse_args(arguments)
    try:
        summary = _play(options, Console())
    except (ApplianceError, ConfigError) as error:
        sys.stderr.write(f"denluot simulate: {error}\n")
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    if options.json:
        options.json.write_text(json.dumps(summary.plain(), indent=1) + "\n")
    return 1 if summary.problems else 0


def day_clock(centre: Centre, clock: Clock, speed: float | None) -> DayClock:
    """Return the clock of a day that begins now, or at its real hour where that is possible.

    Raises ApplianceError when the centre's hours do not allow a whole day from now on.
    """
    speed = speed or clock.speed
    now = clock.now()
    local = now.astimezone(centre.identity.zone)
    local_s = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    began_s = local_s.total_seconds() + local.microsecond / 1e6
    if centre.hours.always_open:
        if abs(began_s - FIRST_ARRIVAL_S) > _NEAR_S:
            began_s = FIRST_ARRIVAL_S
    else:
        _check_hours(centre, local, began_s)
    return DayClock(
        monotonic=clock.monotonic,
        began=now,
        began_monotonic=clock.monotonic(),
        began_s=began_s,
        pace=speed / clock.speed,
        speed=speed,
    )


def _play(options: argparse.Namespace, console: Console) -> Summary:
    connection = read_connection(options.data)
    clock = Clock.parse(connection.clock)
    connect = _connecting(connection, clock)
    centre = hear_centre(connect(min(connection.devices)), _SERVICE_WITHIN_S)
    day = day_clock(centre, clock, options.speed)
    script = Script(options.seed, options.tickets, on_paper=options.through == "kiosk")
    play = Play(centre, connect, day, script)
    console.print(
        f"A day with {script.tickets} tickets (seed {script.seed}) at {day.speed:g} times "
        "real speed; Ctrl-C stops it."
    )
    with shown_progress(console, script.tickets) as tell:
        play.run(tell)
    summary = summarise(centre, script, day.pace, play.history)
    console.print(summary.table())
    return summary


def _check_hours(centre: Centre, local: datetime, began_s: float) -> None:
    if not centre.hours.on(local.date()) or began_s > FIRST_ARRIVAL_S + _NEAR_S:
        raise ApplianceError(
            f"the centre keeps its hours and its clock shows {local:%A %H:%M}, too late for a "
            "whole day; start it with ./denluot run --always-open, or with "
            "--now and a working day's morning, such as --now 2026-11-23T06:45+07:00"
        )


def _connecting(connection: Connection, clock: Clock) -> Connect:
    def connect(device: str) -> DeviceLink:
        known = connection.devices.get(device)
        if known is None:
            raise ApplianceError(f"connection.json has no account for {device}")
        account = Account(
            connection.broker.host,
            connection.broker.port,
            f"{device}-simulate",
            known.username,
            known.password,
        )
        return connect_device(
            account,
            connection.site,
            "simulate",
            now=clock.now,
            monotonic=clock.monotonic,
            presence=False,
        )

    return connect


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="denluot simulate",
        description="Play a day of citizens and staff through the running centre: people take "
        "numbers at the kiosk, officers open, call, serve, park, transfer, rest and close. "
        "At the end it shows the waits of every service and checks that no number was lost, "
        "given twice or left out. Exit code: 0 all well, 1 something was wrong, 2 no centre runs.",
    )
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="the running centre's files (var/)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="which day: the same seed, the same citizens (1)"
    )
    parser.add_argument(
        "--tickets",
        type=_number(int, 1, _MOST_TICKETS),
        default=140,
        help="how many citizens come (140)",
    )
    parser.add_argument(
        "--speed",
        type=_number(float, 0.01, 10000),
        metavar="X",
        help="how many times faster than real the day is played; the centre's own speed if not "
        "given. If the centre is slower, its day is compressed and the waits are multiplied back",
    )
    parser.add_argument(
        "--through",
        choices=["kiosk", "bus"],
        default="kiosk",
        help="kiosk: the kiosk prints every ticket; bus: numbers without paper (kiosk)",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the whole history to FILE"
    )
    return parser


def _number(kind: type[float], least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = kind(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be from {least:g} to {most:g}")
        return value

    read.__name__ = "number"  # what argparse says it expected
    return read
