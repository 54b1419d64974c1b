"""`denluot simulate`: play a day of citizens and staff through the running centre."""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from appliance.connection import Connection, read_connection
from appliance.errors import ApplianceError
from bus.session import Session, at_once, connect
from config import Centre, Clock, ConfigError
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from simulators.day.agenda import DayClock
from simulators.day.day import FIRST_ARRIVAL_S, HOUR_S
from simulators.day.play import Connect, Moment, Play, Script, Tell, hear_centre
from simulators.day.summary import Summary, summarise


@contextmanager
def shown_progress(console: Console, tickets: int, t: Words) -> Iterator[Tell]:
    """Show the day while the context lasts; yields what is told how far it is."""
    if console.is_terminal:
        with _bar(console) as progress:
            task = progress.add_task("", total=tickets, state="")
            yield lambda moment: progress.update(
                task,
                completed=moment.ended + moment.gone,
                description=_clock(moment.day_s),
                state=_state(moment, t),
            )
        return
    yield _hourly(console, t)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[state]}"),
        console=console,
    )


def _hourly(console: Console, t: Words) -> Tell:
    told = -1

    def tell(moment: Moment) -> None:
        nonlocal told
        hour = int(moment.day_s // HOUR_S)
        if hour > told:
            told = hour
            console.print(f"{_clock(moment.day_s)}  {_state(moment, t)}")

    return tell


def _clock(day_s: float) -> str:
    minutes = int(day_s // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _state(moment: Moment, t: Words) -> str:
    inside = moment.issued - moment.ended
    text = t("đã lấy số: {issued}, đang ở sảnh: {inside}", issued=moment.issued, inside=inside)
    return text + t(", không lấy được số: {count}", count=moment.gone) if moment.gone else text


_NEAR_S = 0.5 * HOUR_S
_SERVICE_WITHIN_S = 10.0
_MOST_TICKETS = 2000
_INTERRUPTED = 130


def command(arguments: list[str]) -> int:
    """Play a day; return 0 when all went well, 1 when something was wrong, 2 when it cannot."""
    t = words_of(os.environ)
    options = _parser(t).parse_args(arguments)
    try:
        summary = _play(options, Console(), t)
    except (ApplianceError, ConfigError) as error:
        sys.stderr.write(f"denluot simulate: {error}\n")
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    if options.json:
        options.json.write_text(json.dumps(summary.plain(), indent=1) + "\n")
    return 1 if summary.problems else 0


def day_clock(
    centre: Centre, clock: Clock, speed: float | None, from_s: float = FIRST_ARRIVAL_S
) -> DayClock:
    """Return the clock of a day that begins now, or at its real hour where that is possible.

    `from_s`, in seconds after midnight, is when the first citizens of the part that is played come.

    Raises ApplianceError when the centre's hours do not allow a whole day from now on.
    """
    speed = speed or clock.speed
    now = clock.now()
    local = now.astimezone(centre.identity.zone)
    local_s = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    began_s = local_s.total_seconds() + local.microsecond / 1e6
    if centre.hours.always_open:
        if abs(began_s - from_s) > _NEAR_S:
            began_s = from_s
    else:
        _check_hours(centre, local, began_s, from_s)
    return DayClock(
        monotonic=clock.monotonic,
        began=now,
        began_monotonic=clock.monotonic(),
        began_s=began_s,
        pace=speed / clock.speed,
        speed=speed,
    )


def _play(options: argparse.Namespace, console: Console, t: Words) -> Summary:
    connection = read_connection(options.data)
    clock = Clock.parse(connection.clock)
    connect = _connecting(connection, clock)
    centre = hear_centre(connect(min(connection.devices)), _SERVICE_WITHIN_S)
    from_s = FIRST_ARRIVAL_S if options.from_s is None else options.from_s
    day = day_clock(centre, clock, options.speed, from_s)
    on_paper = options.through == "kiosk"
    script = Script(options.seed, options.tickets, on_paper=on_paper, from_s=from_s)
    play = Play(centre, connect, day, script)
    console.print(
        t(
            "Một ngày {tickets} lượt (seed {seed}), nhanh gấp {speed} lần ngày thật; dừng: Ctrl+C.",
            tickets=script.tickets,
            seed=script.seed,
            speed=f"{day.speed:g}",
        )
    )
    with shown_progress(console, script.tickets, t) as tell:
        play.run(tell)
    summary = summarise(centre, script, day.pace, play.history)
    console.print(summary.table(t))
    return summary


def _check_hours(centre: Centre, local: datetime, began_s: float, from_s: float) -> None:
    if not centre.hours.on(local.date()) or began_s > from_s + _NEAR_S:
        raise ApplianceError(
            f"the centre keeps its hours and its clock shows {local:%A %H:%M}, too late for what "
            "is to be played; start it with ./denluot run --always-open, or with "
            "--now and a working day's morning, such as --now 2026-11-23T06:45+07:00"
        )


def _connecting(connection: Connection, clock: Clock) -> Connect:
    def session_of(device: str) -> Session:
        if device not in connection.devices:
            raise ApplianceError(f"connection.json has no account for {device}")
        return connect(
            connection.account(device, "simulate"),
            connection.site,
            "simulate",
            now=clock.now,
            monotonic=clock.monotonic,
            deliver=at_once,
            presence=False,
        )

    return session_of


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot simulate",
        t(
            "Cho một ngày của người dân và cán bộ diễn ra ở trung tâm đang chạy: lấy số ở máy lấy "
            "số; mở quầy, gọi, phục vụ, chờ ký, chuyển, tạm nghỉ, đóng quầy. Cuối ngày in thời "
            "gian chờ từng lĩnh vực và kiểm tra không số nào mất, trùng hay bị bỏ sót. Mã kết "
            "thúc: 0 tốt, 1 có sai sót, 2 trung tâm chưa chạy."
        ),
        t,
    )
    add = parser.add_argument
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--seed", type=int, default=1, help=t("ngày nào: cùng số này thì cùng người dân (1)"))
    add(
        "--tickets",
        type=_number(int, 1, _MOST_TICKETS, t),
        default=140,
        help=t("bao nhiêu người đến (140)"),
    )
    add(
        "--speed",
        type=_number(float, 0.01, 10000, t),
        metavar="X",
        help=t(
            "ngày diễn ra nhanh gấp mấy lần ngày thật; không ghi thì theo đồng hồ của trung tâm. "
            "Trung tâm chạy chậm hơn thì ngày được nén lại và thời gian chờ được nhân trở lại"
        ),
    )
    add(
        "--from",
        type=_time_of_day,
        metavar="HH:MM",
        dest="from_s",
        help=t("chỉ diễn phần của ngày từ giờ này, ví dụ 13:00"),
    )
    add(
        "--through",
        choices=["kiosk", "bus"],
        default="kiosk",
        help=t("kiosk: máy lấy số in từng phiếu; bus: chỉ lấy số, không in (kiosk)"),
    )
    add("--json", type=Path, metavar="FILE", help=t("ghi thêm toàn bộ diễn biến vào FILE"))
    return parser


def _time_of_day(text: str) -> float:
    try:
        hour = datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - an hour of the centre's day
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"HH:MM: {text[:20]!r}?") from error
    return hour.hour * HOUR_S + hour.minute * 60.0


def _number(kind: type[float], least: float, most: float, t: Words) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(
                t("là một số từ {least} đến {most}", least=f"{least:g}", most=f"{most:g}")
            )
        return value

    return read
