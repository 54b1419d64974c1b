"""`denluot ticket preview`: tickets as pictures, their bytes, and how long they take."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from bus.vocabulary import Language, TicketClass
from config import ConfigError, load_centre, load_device
from config.settings import Centre
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from paper.encode import encode_layout
from paper.layout import NAMES, SLOW_BAUD, Layout, load_layout, load_layouts
from paper.reading import expected_seconds
from paper.rendering import render
from paper.ticket import Ticket, centre_ticket, file_ticket

WIDTHS = (576, 512, 384)
_DOTS_PER_MM = 8
_LINES = {"9600": 9600, "19200": 19200, "115200": 115200, "USB, LAN": None}
_EXAMPLE_URL = "https://so.haiphong.gov.vn"
_EXAMPLE_TOKEN = "7KQ2M9XW4TCBRN5JH8DYPA"  # noqa: S105 - leads nowhere
_TAKEN_AT = datetime(2026, 11, 23, 8, 24)  # noqa: DTZ001 - the zone is the centre's


def command(argv: Sequence[str]) -> int:
    """Write the pictures that `argv` asks for; return 0, or 2 when something is not right."""
    t = words_of(os.environ)
    options = _parser(t).parse_args(argv)
    try:
        ticket = _ticket(options, t)
        layouts = _layouts(options, t)
        _write(options, ticket, layouts, t)
    except (ConfigError, ValueError) as error:
        sys.stderr.write(f"denluot ticket preview: {error}\n")
        return 2
    except OSError as error:
        problem = t("Không ghi được {path}: {reason}", path=error.filename, reason=error.strerror)
        sys.stderr.write(f"denluot ticket preview: {problem}\n")
        return 2
    return 0


def _ticket(options: argparse.Namespace, t: Words) -> Ticket:
    centre = load_centre(options.config)
    if options.qr and not centre.identity.phone_url:
        identity = msgspec.structs.replace(
            centre.identity, public_url=_EXAMPLE_URL, reached_url=_EXAMPLE_URL
        )
        centre = msgspec.structs.replace(centre, identity=identity)
    code = options.service or centre.services[0].code
    ticket = centre_ticket(
        centre,
        number=_number(centre, code, t),
        service=code,
        ticket_class=TicketClass(options.ticket_class),
        lang=Language(options.lang),
        ahead=None if options.offline else 2,
        wait_min=None if options.offline else (5, 10),
        issued_at=_TAKEN_AT.replace(tzinfo=centre.identity.zone),
        business_day=f"{_TAKEN_AT:%Y-%m-%d}",
        token=None if options.offline else _EXAMPLE_TOKEN,
        copy=options.copy,
        offline=options.offline,
    )
    return file_ticket(ticket) if options.file else ticket


def _number(centre: Centre, code: str, t: Words) -> str:
    try:
        return centre.number_text(code, 5)
    except KeyError as error:
        known = ", ".join(service.code for service in centre.services)
        raise ValueError(
            t("không có lĩnh vực {code!r}; có: {known}", code=code, known=known)
        ) from error


def _layouts(options: argparse.Namespace, t: Words) -> dict[str, Layout]:
    """Return the layouts to show, by name."""
    box = load_device(options.device).kiosk
    named = msgspec.structs.replace(box, printers=())
    widths = WIDTHS if options.all else (options.dots,)
    if options.layout and options.layout not in NAMES:
        path = Path(options.layout)
        if not path.exists():
            raise ValueError(
                t(
                    "không có mẫu phiếu {name!r}; có: {known}, hoặc một tệp",
                    name=options.layout,
                    known=", ".join(NAMES),
                )
            )
        return {path.stem: load_layout(path, widths)}
    layouts = load_layouts(named)
    shown = {name: getattr(layouts, name) for name in NAMES}
    if options.all and not options.layout:
        return shown
    chosen = options.layout or ("large" if options.large else "standard")
    return {chosen: shown[chosen]}


def _write(
    options: argparse.Namespace, ticket: Ticket, layouts: dict[str, Layout], t: Words
) -> None:
    if options.all:
        options.all.mkdir(parents=True, exist_ok=True)
    for name, layout in layouts.items():
        for dots in WIDTHS if options.all else (options.dots,):
            target = options.all / f"{name}-{dots}.png" if options.all else options.out
            encoded = encode_layout(ticket, dots, layout)
            job = encoded.job
            paper = render(job, dots)
            target.write_bytes(paper.png())
            length_mm = paper.image.height // _DOTS_PER_MM
            times = ", ".join(
                t("{line} {seconds:.1f} giây", line=line, seconds=expected_seconds(job, baud))
                for line, baud in _LINES.items()
            )
            drawn = t(
                "{name}, {dots} chấm, dài {length} mm, {count} byte; {times}",
                name=name,
                dots=dots,
                length=length_mm,
                count=len(job),
                times=times,
            )
            sys.stdout.write(f"{target}: {drawn}\n")
            if encoded.given_up:
                shortened = t(
                    "chữ trên phiếu dài; để không quá {budget} byte: {given_up}",
                    budget=layout.budget(dots),
                    given_up=", ".join(dict.fromkeys(encoded.given_up)),
                )
                sys.stdout.write(f"  {shortened}\n")
    slow = t("Dây nối tiếp đến {baud} baud tự in mẫu rút gọn.", baud=SLOW_BAUD)
    sys.stdout.write(f"{slow}\n")


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot ticket preview",
        t(
            "Vẽ phiếu đúng như khi in ra, không cần máy in, và cho biết phiếu có bao nhiêu byte, "
            "in mất bao lâu ở mỗi tốc độ đường truyền."
        ),
        t,
        t(
            "Ví dụ: {command}",
            command="denluot ticket preview --service CIVIL --class priority --dots 384",
        ),
    )
    add = parser.add_argument_group(t("phiếu")).add_argument
    add("--config", type=Path, metavar="FILE", help=t("cấu hình trung tâm (centre.toml)"))
    add("--service", metavar="CODE", help=t("mã lĩnh vực, ví dụ CIVIL; mặc định: lĩnh vực đầu"))
    add(
        "--class",
        dest="ticket_class",
        choices=[each.value for each in TicketClass],
        default=TicketClass.NORMAL.value,
        help=t("loại lượt (normal)"),
    )
    add(
        "--lang",
        choices=[each.value for each in Language],
        default="vi",
        help=t("ngôn ngữ của phiếu (vi)"),
    )
    add("--qr", action="store_true", help=t("có mã QR dù trung tâm không có public_url"))
    add("--copy", action="store_true", help=t("có dòng BẢN IN LẠI"))
    add("--file", action="store_true", help=t("phiếu kèm hồ sơ"))
    add("--offline", action="store_true", help=t("từ quyển số dự phòng của máy lấy số"))
    add = parser.add_argument_group(t("giấy")).add_argument
    add(
        "--dots",
        type=int,
        choices=WIDTHS,
        default=576,
        help=t("80 mm: 576 hoặc 512; 58 mm: 384"),
    )
    add(
        "--layout",
        metavar="NAME",
        help=t("standard, large, short, hoặc một tệp mẫu phiếu của quý vị"),
    )
    add("--large", action="store_true", help=t("giống như --layout large"))
    add(
        "--device",
        type=Path,
        metavar="FILE",
        help=t("dùng mẫu phiếu của thiết bị này (device.toml)"),
    )
    where = parser.add_argument_group(t("hình vẽ")).add_mutually_exclusive_group()
    where.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        default=Path("ticket-preview.png"),
        help=t("tệp để ghi (ticket-preview.png)"),
    )
    where.add_argument(
        "--all", type=Path, metavar="DIR", help=t("ghi mọi mẫu phiếu, mọi khổ giấy vào DIR")
    )
    return parser


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
