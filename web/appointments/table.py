"""Another system's list of appointments: a file becomes lines, each with what is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from bus.commands import MOST_APPOINTMENTS
from config import Centre
from hall.procedures.alphabet import plain
from hall.procedures.table import Problem, TableError, date_of, read_csv
from hall.words import N_, Words
from web.export.csv_file import harmless
from web.procedures.workbook import read_xlsx

MOST_FILE_BYTES = 2 * 1024 * 1024
MOST_LINES = MOST_APPOINTMENTS
_MOST_EMPTY = 20
_LONGEST_REFERENCE = 64
_LONGEST_CELL = 120
_LONGEST_HEAD = 40
_MOST_HEADS_TOLD = 12
_TIME = re.compile(r"(\d{1,2})\s*(?::|h|giờ|g)\s*(\d{2})?(?::\d{2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read, and what may head it."""

    key: str
    label: str
    hint: str
    heads: frozenset[str]


COLUMNS = (
    Column(
        "reference",
        N_("Mã bên kia"),
        N_("Mã riêng của mỗi lịch hẹn ở hệ thống kia. Nhờ mã này, nhập lại không đặt hai lần."),
        frozenset({"ma ben kia", "ma lich hen", "ma ho so", "ma", "reference", "id"}),
    ),
    Column(
        "service",
        N_("Lĩnh vực"),
        N_("Tên hoặc mã lĩnh vực ở thẻ Lĩnh vực."),
        frozenset({"linh vuc", "ma linh vuc", "service"}),
    ),
    Column(
        "day",
        N_("Ngày"),
        N_("Như 24/11/2026. Có thể kèm giờ: 24/11/2026 08:30."),
        frozenset({"ngay", "ngay hen", "ngay gio", "date", "day"}),
    ),
    Column(
        "time",
        N_("Giờ"),
        N_("Giờ bắt đầu khung giờ, như 08:30. Bỏ cột này nếu cột ngày đã có giờ."),
        frozenset({"gio", "gio hen", "khung gio", "time"}),
    ),
)
_OWN = frozenset({"ma hen", "ket qua", "dong trong tep", "code", "outcome", "row in the file"})
"""What heads our own list of codes, which may be taken in again."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for people, not yet in their language."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def words(self, t: Words) -> str:
        """Return it in a language."""
        return t(self.message, **self.values)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: who is meant, for what and when; `wrong` when nobody can be booked by it."""

    row: int
    """As the spreadsheet counts."""
    reference: str
    service: str = ""
    """Its code."""
    at: datetime | None = None
    texts: tuple[str, str, str] = ("", "", "")
    """Service, day and time as the file says them."""
    wrong: Said | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A whole file."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...] = ()
    """What heads the columns that are neither read nor kept, such as names and phone numbers."""


def read_list(content: bytes, centre: Centre) -> Listed:
    """Return the lines of a CSV or XLSX file; raises TableError where it is no such list."""
    if not content:
        raise _refusal(N_("Mời chọn một tệp CSV hoặc XLSX."))
    if len(content) > MOST_FILE_BYTES:
        raise _refusal(N_("Tệp lớn quá {size} MB."), size=MOST_FILE_BYTES // 1024 // 1024)
    most = MOST_LINES + _MOST_EMPTY
    rows = read_xlsx(content, most) if content.startswith(b"PK") else read_csv(content, most)
    filled = [(row, cells) for row, cells in rows if any(cell.strip() for cell in cells)]
    if len(filled) < 2:  # noqa: PLR2004 - a head and a line
        raise _refusal(N_("Tệp chưa có lịch hẹn nào: cần một dòng tiêu đề và các dòng bên dưới."))
    if len(filled) > MOST_LINES + 1:
        raise _refusal(N_("Nhiều nhất {most} dòng một tệp. Mời chia tệp ra."), most=MOST_LINES)
    columns, unread = _columns(filled[0][1])
    return Listed(tuple(_lines(filled[1:], columns, centre)), unread)


def _refusal(message: str, **values: object) -> TableError:
    return TableError(Problem(0, "", message, values))


def _columns(cells: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    found: dict[str, int] = {}
    unread: list[str] = []
    for place, cell in enumerate(cells):
        head = plain(cell).replace("_", " ").removesuffix("*").strip()
        column = next((each for each in COLUMNS if head in each.heads), None)
        if column and column.key in found:
            raise _refusal(N_("Có hai cột “{head}”. Mời bỏ bớt một."), head=_short(cell))
        if column:
            found[column.key] = place
        elif head and head not in _OWN:
            unread.append(_short(cell)[:_LONGEST_HEAD])
    for column in COLUMNS[:3]:
        if column.key not in found:
            raise _refusal(
                N_("Thiếu cột “{head}”. Dòng đầu phải có: Mã bên kia, Lĩnh vực, Ngày, Giờ."),
                head=column.label,
            )
    return found, tuple(unread[:_MOST_HEADS_TOLD])


def _lines(
    rows: Iterable[tuple[int, Sequence[str]]], columns: Mapping[str, int], centre: Centre
) -> Iterable[Line]:
    services = {
        plain(name): service.code
        for service in centre.services
        for name in (service.name.en, service.name.vi, service.code)
    }
    first: dict[str, int] = {}
    for row, cells in rows:
        said = {
            key: _short(cells[place]) if place < len(cells) else ""
            for key, place in columns.items()
        }
        line = _line(row, said, services, centre)
        if line.wrong is None and (same := first.get(line.reference)):
            wrong = Said(
                N_("Trùng mã bên kia với dòng {row}. Mời sửa mã hoặc bỏ dòng."), {"row": same}
            )
            line = Line(row, line.reference, texts=line.texts, wrong=wrong)
        first.setdefault(line.reference, row)
        yield line


def _line(row: int, said: Mapping[str, str], services: Mapping[str, str], centre: Centre) -> Line:
    reference, texts = said["reference"], (said["service"], said["day"], said.get("time", ""))
    service = services.get(plain(said["service"]), "")
    day, clock = _day_and_time(said["day"], said.get("time", ""))
    wrong = _wrong_reference(reference)
    if wrong is None and not service:
        wrong = Said(
            N_("Không có lĩnh vực “{text}”. Mời ghi tên hoặc mã như ở Cấu hình, thẻ Lĩnh vực."),
            {"text": said["service"]},
        )
    if wrong is None and day is None:
        wrong = Said(
            N_("“{text}” không phải một ngày có thật, như 24/11/2026."), {"text": said["day"]}
        )
    if wrong is None and clock is None:
        text = said.get("time", "") or said["day"]
        wrong = Said(N_("“{text}” chưa có giờ đọc được. Mời ghi như 08:30."), {"text": text})
    if wrong or day is None or clock is None:
        return Line(row, reference[:_LONGEST_REFERENCE], texts=texts, wrong=wrong)
    at = datetime.combine(day, clock, centre.identity.zone)
    return Line(row, reference, service, at, texts)


def _wrong_reference(reference: str) -> Said | None:
    if not reference:
        return Said(N_("Thiếu mã bên kia. Mỗi lịch hẹn cần một mã riêng."))
    if len(reference) > _LONGEST_REFERENCE:
        return Said(N_("Mã bên kia dài quá {most} ký tự."), {"most": _LONGEST_REFERENCE})
    if harmless(reference) != reference:
        return Said(
            N_("Bảng tính sẽ coi mã “{text}” là công thức. Mời bỏ dấu ở đầu mã."),
            {"text": reference},
        )
    return None


def _day_and_time(day: str, clock: str) -> tuple[date | None, time | None]:
    """Return both, from two cells or from the first alone."""
    if not clock:
        day, _, clock = day.partition("T" if "T" in day else " ")
    found = _TIME.fullmatch(clock.strip())
    try:
        at = time(int(found[1]), int(found[2] or 0)) if found else None
    except ValueError:
        at = None
    return date_of(day.partition(" ")[0] if at else day), at


def _short(cell: str) -> str:
    """Return a cell on one line, without what nobody sees."""
    shown = "".join(
        letter if letter.isprintable() else " " for letter in cell.replace("\u200b", "")
    )
    return " ".join(shown.split())[:_LONGEST_CELL]
