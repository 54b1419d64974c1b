"""How long the tickets of this box take to come out."""

from collections.abc import Iterator
from datetime import UTC, datetime

from appliance.doctor.finding import Finding, error, note, ok
from bus.vocabulary import Language, TicketClass
from config import Centre, ConfigError, Device
from config.settings import Printer, SerialPrinter, SimulatedPrinter
from paper import (
    Layouts,
    Ticket,
    centre_ticket,
    encode_layout,
    expected_seconds,
    is_slow,
    load_layouts,
)

_PATIENCE_S = 5.0
"""How long citizens stand before a printer without doubting it."""
_TAKEN_AT = datetime(2026, 11, 23, tzinfo=UTC)
_TOKEN = "7KQ2M9XW4TCBRN5JH8DYPA"  # noqa: S105 - leads nowhere


def check_tickets(device: Device, centre: Centre) -> Iterator[Finding]:
    """Say for each printer how long its longest usual ticket takes, and what would be faster."""
    try:
        layouts = load_layouts(device.kiosk)
    except ConfigError as failure:
        yield error("tickets", "wrong_config", reason=failure)
        return
    for printer in device.kiosk.printers:
        if not isinstance(printer, SimulatedPrinter):
            yield _time(printer, _longest_seconds(printer, centre, layouts))


def _time(printer: Printer, seconds: float) -> Finding:
    name, seconds = printer.name, round(seconds, 1)
    if seconds > _PATIENCE_S:
        return note("printer", "print_slow", name=name, seconds=seconds)
    if is_slow(printer):
        return ok("printer", "print_short", name=name, seconds=seconds)
    return ok("printer", "print_time", name=name, seconds=seconds)


def _longest_seconds(printer: Printer, centre: Centre, layouts: Layouts) -> float:
    baud = printer.baud if isinstance(printer, SerialPrinter) else None
    jobs = (
        _job(
            centre_ticket(
                centre,
                number=centre.number_text(service.code, 888),
                service=service.code,
                ticket_class=TicketClass.PRIORITY,
                lang=Language.VIETNAMESE,
                ahead=28,
                wait_min=(25, 30),
                issued_at=_TAKEN_AT,
                business_day="2026-11-23",
                token=_TOKEN,
            ),
            printer,
            layouts,
        )
        for service in centre.services
    )
    return max(expected_seconds(job, baud) for job in jobs)


def _job(ticket: Ticket, printer: Printer, layouts: Layouts) -> bytes:
    return encode_layout(ticket, printer.dots, layouts.choose(ticket, printer.name)).job
