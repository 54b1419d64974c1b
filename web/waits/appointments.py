"""What became of appointments, as the page says it."""

from dataclasses import dataclass

from config import Centre
from hall.words import Words
from wait_log.figures import Figures
from wait_log.figures.appointments import AppointmentTally, by_key, whole
from web.export.measures import APPOINTMENT_COUNTS, service_label
from web.waits.tables import Cell, Table


@dataclass(frozen=True, slots=True)
class AppointmentsPart:
    """The card of the page: by service, and by day or month."""

    services: Table
    spans: Table


def appointments_part(figures: Figures, centre: Centre, t: Words) -> AppointmentsPart | None:
    """Return what the page says; None where nobody was appointed."""
    cells = figures.appointments
    if not cells:
        return None
    counts = [t(label) for label, _ in APPOINTMENT_COUNTS]
    place = {service.code: index for index, service in enumerate(centre.services)}
    services = sorted(
        by_key(cells, lambda cell: cell.service).items(),
        key=lambda item: (place.get(item[0], len(place)), item[0]),
    )
    monthly = bool(figures.by_month)
    spans = by_key(cells, lambda cell: f"{cell.day:%m/%Y}" if monthly else f"{cell.day:%d/%m/%Y}")
    return AppointmentsPart(
        services=Table(
            (t("Lĩnh vực"), *counts),
            tuple(_row(service_label(centre, code, t), tally, t) for code, tally in services),
            _row(t("Cộng"), whole(cells), t),
        ),
        spans=Table(
            (t("Tháng") if monthly else t("Ngày"), *counts),
            tuple(_row(name, tally, t) for name, tally in spans.items()),
        ),
    )


def _row(name: str, tally: AppointmentTally, t: Words) -> tuple[Cell, ...]:
    return (Cell(name), *(Cell(t.count(value(tally))) for _, value in APPOINTMENT_COUNTS))
