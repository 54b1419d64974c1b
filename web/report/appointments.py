"""Who came by appointment, as the report says it: a table and a sentence."""

from collections.abc import Iterator

from config import Centre
from wait_log.figures import Figures
from wait_log.figures.appointments import AppointmentTally, by_key, whole
from web.export.measures import APPOINTMENT_COUNTS
from web.report.document import Column, Table, decimal

_OF_COUNTS = 124.0


def appointment_tables(figures: Figures, centre: Centre) -> Iterator[Table]:
    """Return what became of appointments by field; no table where there were none."""
    cells = figures.appointments
    if not cells:
        return
    by_service = by_key(cells, lambda cell: cell.service)
    names = {service.code: service.name("vi") for service in centre.services}
    codes = [code for code in names if code in by_service]
    codes += sorted(code for code in by_service if code not in names)
    rows = [
        (str(index), names.get(code, code), *_cells(by_service[code]))
        for index, code in enumerate(codes, 1)
    ]
    yield Table(
        caption="Lịch hẹn theo lĩnh vực",
        note="(lịch hẹn)",
        columns=(
            Column("TT", 8.5, "centre"),
            Column("Lĩnh vực", 32.5, "left"),
            *(
                Column(label, _OF_COUNTS / len(APPOINTMENT_COUNTS))
                for label, _ in APPOINTMENT_COUNTS
            ),
        ),
        rows=(*rows, ("", "Toàn Trung tâm", *_cells(whole(cells)))),
        total=True,
        footnote=(
            "Đến sớm: lấy số trước giờ hẹn. Đến muộn: quá giờ hẹn lâu hơn quy định nên nhận số "
            "thường. Lịch hẹn được tính vào ngày hẹn."
        ),
    )


def appointment_sentences(figures: Figures) -> Iterator[str]:
    """Return how many came of those who were appointed, with its denominator."""
    one = whole(figures.appointments)
    due = one.booked - one.cancelled - one.expected
    if not due:
        return
    told = f"Có {_count(one.came)} trên {_count(due)} người có hẹn đã đến"
    if one.late:
        told += f", trong đó {_count(one.late)} người đến muộn"
    if one.missed:
        told += f"; {_count(one.missed)} người không đến"
    if one.cancelled:
        told += f"; {_count(one.cancelled)} lịch hẹn đã được hủy trước"
    yield f"{told}."


def _cells(tally: AppointmentTally) -> Iterator[str]:
    return (_count(value(tally)) for _, value in APPOINTMENT_COUNTS)


def _count(number: int) -> str:
    return decimal(number, 0)
