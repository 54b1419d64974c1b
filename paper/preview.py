"""`denluot ticket preview`: tickets as pictures, their bytes, and how long they take."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from bus.vocabulary import Language, TicketClass
from config import ConfigError, load_centre, load_device
from config.settings import Centre
from paper.encode import encode_layout
from paper.layout import NAMES, SLOW_BAUD, Layout, load_layout, load_layouts
from paper.reading import expected_seconds
from paper.rendering import render
from paper.ticket import Ticket, centre_ticket

WIDTHS = (576, 512, 384)
_DOTS_PER_MM = 8
_LINES = {"9600": 9600, "19200": 19200, "115200": 115200, "USB, LAN": None}
_EXAMPLE_URL = "https://so.haiphong.gov.vn"
_EXAMPLE_TOKEN = "7KQ2M9XW4TCBRN5JH8DYPA"  # noqa: S105 - leads nowhere
_TAKEN_AT = datetime(2026, 11, 23, 8, 24)  # noqa: DTZ001 - the zone is the centre's


def command(argv: Sequence[str]) -> int:
    """Write the pictures that `argv` asks for; return 0, or 2 when something is not right."""
    options = _parser().parse_args(argv)
    try:
        ticket = _ticket(options)
        layouts = _layouts(options)
        _write(options, ticket, layouts)
    except (ConfigError, ValueError) as error:
        sys.stderr.write(f"denluot ticket preview: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(
            f"denluot ticket preview: cannot write {error.filename}: {error.strerror}\n"
        )
        return 2
    return 0


def _ticket(options: argparse.Namespace) -> Ticket:
    centre = load_centre(options.config)
    if options.qr and not centre.identity.public_url:
        identity = msgspec.structs.replace(centre.identity, public_url=_EXAMPLE_URL)
        centre = msgspec.structs.replace(centre, identity=identity)
    code = options.service or centre.services[0].code
    return centre_ticket(
        centre,
        number=_number(centre, code),
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


def _number(centre: Centre, code: str) -> str:
    try:
        return centre.number_text(code, 5)
    except KeyError as error:
        known = ", ".join(service.code for service in centre.services)
        raise ValueError(f"there is no service {code!r}; there are {known}") from error


def _layouts(options: argparse.Namespace) -> dict[str, Layout]:
    """Return the layouts to show, by name."""
    box = load_device(options.device).kiosk
    named = msgspec.structs.replace(box, printers=())
    widths = WIDTHS if options.all else (options.dots,)
    if options.layout and options.layout not in NAMES:
        path = Path(options.layout)
        if not path.exists():
            raise ValueError(f"there is no layout {options.layout!r}; {', '.join(NAMES)} or a file")
        return {path.stem: load_layout(path, widths)}
    layouts = load_layouts(named)
    shown = {name: getattr(layouts, name) for name in NAMES}
    if options.all and not options.layout:
        return shown
    chosen = options.layout or ("large" if options.large else "standard")
    return {chosen: shown[chosen]}


def _write(options: argparse.Namespace, ticket: Ticket, layouts: dict[str, Layout]) -> None:
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
                f"{line} {expected_seconds(job, baud):.1f} s" for line, baud in _LINES.items()
            )
            sys.stdout.write(
                f"{target}: {name}, {dots} dots, {length_mm} mm, {len(job)} bytes; {times}\n"
            )
            if encoded.given_up:
                sys.stdout.write(
                    f"  its texts are long; to stay below {layout.budget(dots)} bytes: "
                    f"{', '.join(dict.fromkeys(encoded.given_up))}\n"
                )
    sys.stdout.write(f"Serial lines up to {SLOW_BAUD} baud print the short layout by themselves.\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="denluot ticket preview",
        description="Draw a ticket as it will come out of the printer, without one, and say how "
        "many bytes it has and how long it takes at each speed of line.",
        epilog="Example: denluot ticket preview --service CIVIL --class priority --dots 384",
    )
    what = parser.add_argument_group("the ticket")
    what.add_argument("--config", type=Path, metavar="FILE", help="the centre (centre.toml)")
    what.add_argument("--service", metavar="CODE", help="such as CIVIL; the centre's first")
    what.add_argument(
        "--class",
        dest="ticket_class",
        choices=[each.value for each in TicketClass],
        default=TicketClass.NORMAL.value,
    )
    what.add_argument("--lang", choices=[each.value for each in Language], default="vi")
    what.add_argument(
        "--qr", action="store_true", help="with a code even if the centre has no public_url"
    )
    what.add_argument("--copy", action="store_true", help="marked BẢN IN LẠI")
    what.add_argument("--offline", action="store_true", help="from a kiosk's offline book")
    how = parser.add_argument_group("the paper")
    how.add_argument(
        "--dots", type=int, choices=WIDTHS, default=576, help="80 mm: 576 or 512; 58 mm: 384"
    )
    how.add_argument(
        "--layout", metavar="NAME", help="standard, large, short, or a layout file of yours"
    )
    how.add_argument("--large", action="store_true", help="the same as --layout large")
    how.add_argument(
        "--device", type=Path, metavar="FILE", help="the box whose layouts to use (device.toml)"
    )
    where = parser.add_argument_group("the pictures").add_mutually_exclusive_group()
    where.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        default=Path("ticket-preview.png"),
        help="where to write it (ticket-preview.png)",
    )
    where.add_argument(
        "--all", type=Path, metavar="DIR", help="write every layout on every width into DIR"
    )
    return parser


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
