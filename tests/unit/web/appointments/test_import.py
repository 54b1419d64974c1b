"""Another system's list: read, checked, booked line by line, cut off and gone on with."""

import asyncio
import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bus.codec import plain
from bus.codes import reference_digest
from bus.commands import (
    AppointmentRefusal,
    AppointmentResult,
    BookAppointment,
    DaySlots,
    Reply,
    Slot,
)
from bus.vocabulary import Error, WhyNoAppointment
from config import Centre, load_centre
from hall.procedures.table import TableError
from hall.words import Words
from wait_log.rows import AppointmentRow
from web.appointments.importing import KEPT_S, Imports, Stage, TakenList
from web.appointments.preview import Entry, Outcome, checked
from web.appointments.table import MOST_LINES, Line, read_list

T = Words()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday, 08:00 local."""
DAY = date(2026, 11, 24)
HEAD = "Mã bên kia,Lĩnh vực,Ngày,Giờ,Họ tên\n"
LINE = "A,LAND,24/11/2026,08:30,\n"


@pytest.fixture(scope="module")
def centre() -> Centre:
    centre = load_centre()
    services = tuple(
        replace(service, appointment_hours=("08:00-10:00",)) if service.code == "LAND" else service
        for service in centre.services
    )
    return replace(centre, services=services)


def lines(centre: Centre, text: str, head: str = HEAD) -> tuple[Line, ...]:
    return read_list((head + text).encode(), centre).lines


def said(line: Line) -> str:
    return line.wrong.words(T) if line.wrong else ""


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("24/11/2026", "08:30"),
        ("24/11/2026", "8h30"),
        ("2026-11-24", "8 giờ 30"),
        ("24-11-2026", "08:30:00"),
        ("24/11/2026 08:30", ""),
        ("2026-11-24T08:30", ""),
        ("24/11/2026 00:00", "8:30"),
    ],
)
def test_days_and_times_as_people_write_them(centre: Centre, day: str, clock: str) -> None:
    (line,) = lines(centre, f"A1,land,{day},{clock},Nguyễn Văn An\n")
    assert (line.wrong, line.service) == (None, "LAND")
    assert line.at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",LAND,24/11/2026,08:30", "Thiếu mã bên kia"),
        ("A,Thuế xe,24/11/2026,08:30", "Không có lĩnh vực “Thuế xe”"),
        ("A,LAND,31/11/2026,08:30", "“31/11/2026” không phải một ngày có thật"),
        ("A,LAND,24/11/2026,25:00", "“25:00” chưa có giờ đọc được"),
        ("A,LAND,24/11/2026,", "“24/11/2026” chưa có giờ đọc được"),
        ("=1+1,LAND,24/11/2026,08:30", "công thức"),
        ("+84901234567,LAND,24/11/2026,08:30", "công thức"),
        (f"{'x' * 65},LAND,24/11/2026,08:30", "dài quá 64"),
    ],
)
def test_every_bad_line_says_what_to_do(centre: Centre, line: str, why: str) -> None:
    (found,) = lines(centre, line + ",\n")
    assert why in said(found)


def test_a_reference_that_comes_twice_is_one_line(centre: Centre) -> None:
    first, second = lines(centre, "A,LAND,24/11/2026,08:30,\nA,LAND,24/11/2026,09:00,\n")
    assert (said(first), said(second)) == (
        "",
        "Trùng mã bên kia với dòng 2. Mời sửa mã hoặc bỏ dòng.",
    )


def test_names_are_neither_read_nor_kept(centre: Centre) -> None:
    listed = read_list(f"{HEAD}A,LAND,24/11/2026,08:30,Nguyễn Văn An\n".encode(), centre)
    assert listed.unread == ("Họ tên",)
    assert "Nguyễn" not in repr(listed)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Mời chọn một tệp"),
        (HEAD.encode(), "chưa có lịch hẹn nào"),
        ("Lĩnh vực,Ngày,Giờ\nLAND,24/11/2026,08:30\n".encode(), "Thiếu cột “Mã bên kia”"),
        ("Mã,Mã,Lĩnh vực,Ngày\nA,A,LAND,24/11/2026\n".encode(), "Có hai cột “Mã”"),
        (b"\xff\xfe\xfa", "UTF-8"),
        (b"PK\x03\x04 torn", "XLSX"),
        (b"x" * (2 * 1024 * 1024 + 1), "lớn quá 2 MB"),
        ((HEAD + LINE * (MOST_LINES + 1)).encode(), "Nhiều nhất 2000 dòng"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(centre: Centre, content: bytes, why: str) -> None:
    with pytest.raises(TableError) as error:
        read_list(content, centre)
    assert why in error.value.problem.said(T)


def row(reference: str, at: datetime, state: str = "booked") -> AppointmentRow:
    day = at.date().isoformat()
    at_us = int(at.timestamp() * 1_000_000)
    return AppointmentRow(
        f"of-{reference}", day, "LAND", at_us, state, False, None, 0, reference_digest(reference)
    )


async def slots(service: str, day: date) -> DaySlots:
    """Four slots of a seat, the second one taken; none on Wednesday."""
    if day != DAY:
        return DaySlots(service=service, day=day.isoformat())
    begin = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    return DaySlots(
        service=service,
        day=day.isoformat(),
        slots=tuple(
            Slot(at=begin + timedelta(minutes=30 * place), seats=1, free=int(place != 1))
            for place in range(4)
        ),
    )


def check(centre: Centre, text: str, *rows: AppointmentRow) -> list[tuple[str, str]]:
    found = asyncio.run(checked(lines(centre, text), rows, centre, NOW, slots))
    return [(each.outcome.value, each.said.words(T) if each.said else "") for each in found]


def test_lines_are_checked_against_the_slots_and_against_each_other(centre: Centre) -> None:
    found = check(
        centre,
        "A,LAND,24/11/2026,08:00,\n"
        "B,LAND,24/11/2026,08:00,\n"  # the file itself has taken it
        "C,LAND,24/11/2026,08:30,\n"  # somebody else has
        "D,LAND,24/11/2026,08:10,\n"
        "E,LAND,25/11/2026,08:00,\n"
        "F,LAND,23/11/2026,07:30,\n"
        "G,LAND,23/12/2026,08:00,\n"
        "H,TAX,24/11/2026,08:00,\n",
    )
    assert [outcome for outcome, _ in found] == ["ready", *["wrong"] * 7]
    parts = (
        "",
        "Khung giờ này hết chỗ (có 1). Gần nhất còn chỗ: 09:00, 09:30.",
        "Gần nhất còn chỗ: 09:00, 09:30.",
        "Không có khung giờ 08:10. Ngày ấy có: 08:00, 08:30, 09:00, 09:30.",
        "Ngày 25/11/2026 không có khung giờ hẹn nào",
        "Giờ này đã qua",
        "nhận hẹn đến 07/12/2026. Mời nhập dòng này từ 09/12/2026.",
        "chưa nhận hẹn giờ",
    )
    for (_, words), part in zip(found, parts, strict=True):
        assert part in words


def test_what_was_taken_in_before_is_never_booked_again(centre: Centre) -> None:
    at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    found = check(
        centre,
        "A,LAND,24/11/2026,08:00,\nB,LAND,24/11/2026,09:30,\nC,LAND,24/11/2026,09:00,\n",
        row("A", at),
        row("B", at),
        row("C", at, "cancelled"),
    )
    assert found[0] == ("known", "")
    assert found[1][0] == "known"
    assert "Đang hẹn lúc 08:00, 24/11/2026, khác với tệp" in found[1][1]
    assert found[2][0] == "wrong"
    assert "Đã hủy ở đây" in found[2][1]


class Service:
    """Books every reference once, as the engine does, until it falls silent."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.asked: list[BookAppointment] = []
        self.silent_from = 10**6
        self.fast_left = 0

    async def ask(self, command: BookAppointment) -> Reply:
        self.asked.append(command)
        if len(self.asked) > self.silent_from:
            return Reply(id=command.id, ok=False, error=Error.UNAVAILABLE)
        if self.fast_left:
            self.fast_left -= 1
            return Reply(id=command.id, ok=False, error=Error.TOO_FAST)
        reference = command.reference or ""
        if known := self.codes.get(reference):
            told = AppointmentRefusal(
                why=WhyNoAppointment.KNOWN, at=command.at, service=command.service, code=known
            )
            return Reply(id=command.id, ok=False, error=Error.CONFLICT, result=plain(told))
        if reference == "FULL":
            full = AppointmentRefusal(why=WhyNoAppointment.SLOT_FULL)
            return Reply(
                id=command.id, ok=False, error=Error.FULL, message="Hết chỗ.", result=plain(full)
            )
        code = self.codes[reference] = f"AAAA{len(self.codes):02}"
        booked = AppointmentResult(
            appointment=f"id-{reference}", service=command.service, at=command.at, code=code
        )
        return Reply(id=command.id, ok=True, result=plain(booked))


class Desk:
    """Lists in the hand of one test; everything runs on one loop."""

    def __init__(self) -> None:
        self.service = Service()
        self.audit: list[tuple[str, str]] = []
        self.at_s = 0.0
        self.numbers = iter(range(1000))
        self.imports = Imports(lambda: self.at_s, lambda: f"list-{next(self.numbers)}", 0, 0)

    async def note(self, action: str, detail: str) -> None:
        self.audit.append((action, detail))

    def keep(self, *references: str, account: str = "an") -> TakenList:
        at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
        entries = [
            Entry(
                Line(place, reference, "LAND", at, ("LAND", "24/11/2026", "08:00")), Outcome.READY
            )
            for place, reference in enumerate(references, start=2)
        ]
        taken = self.imports.keep(account, "lich.csv", entries, ())
        assert taken is not None
        return taken

    async def book(self, taken: TakenList) -> None:
        assert self.imports.start(taken, self.service.ask, self.note)
        await self.imports.wait()


def run(test: Callable[[Desk], Any]) -> None:
    async def whole() -> None:
        await test(Desk())

    asyncio.run(whole())


def table(taken: TakenList) -> list[list[str]]:
    return list(csv.reader(io.StringIO(taken.csv(T).decode("utf-8-sig"))))


def test_codes_come_back_one_row_for_each_line() -> None:
    async def test(desk: Desk) -> None:
        taken = desk.keep("A", "FULL", "B")
        await desk.book(taken)
        assert taken.stage is Stage.DONE
        head, *rows = table(taken)
        assert head[0] == "Mã bên kia"
        assert [(r[0], r[4], r[5]) for r in rows] == [
            ("A", "AAA-A00", "Đã đặt"),
            ("FULL", "", "Không đặt được. Hết chỗ."),
            ("B", "AAA-A01", "Đã đặt"),
        ]
        assert desk.audit[0][0] == "appointments_import_started"
        assert desk.audit[1] == ("appointments_imported", "lich.csv booked=2 wrong=1")

    run(test)


def test_a_link_that_is_lost_is_told_and_gone_on_with() -> None:
    async def test(desk: Desk) -> None:
        taken = desk.keep("A", "B", "C")
        desk.service.silent_from = 1
        await desk.book(taken)
        assert taken.stage == "broken"
        assert [each.outcome.value for each in taken.entries] == ["booked", "unsure", "ready"]
        assert desk.audit[-1][0] == "appointments_import_broken"
        assert [r[5] for r in table(taken)[1:]] == [
            "Đã đặt", "Chưa rõ: dịch vụ chưa trả lời", "Chưa đặt",
        ]  # fmt: skip
        desk.service.silent_from = 10**6
        await desk.book(taken)
        assert taken.stage == "done"
        assert taken.counts == {Outcome.BOOKED: 3}
        asked = [command.id for command in desk.service.asked]
        assert asked[1] == asked[2]  # the same command: a lost answer books nothing twice

    run(test)


def test_the_same_file_again_books_nobody_and_tells_the_codes() -> None:
    async def test(desk: Desk) -> None:
        first, codes = desk.keep("A", "B"), []
        for taken in (first, desk.keep("A", "B")):
            await desk.book(taken)
            codes.append([row[4] for row in table(taken)[1:]])
        assert codes[0] == codes[1] == ["AAA-A00", "AAA-A01"]
        assert taken.counts == {Outcome.KNOWN: 2}
        assert len(desk.service.codes) == 2

    run(test)


def test_two_lists_are_booked_one_after_the_other() -> None:
    async def test(desk: Desk) -> None:
        one, other = desk.keep("A"), desk.keep("A", account="binh")
        assert desk.imports.start(one, desk.service.ask, desk.note)
        assert not desk.imports.start(other, desk.service.ask, desk.note)
        assert desk.imports.start(one, desk.service.ask, desk.note)  # a second press does nothing
        assert desk.imports.keep("an", "again.csv", [], ()) is None
        desk.imports.drop("an")
        assert desk.imports.of("an") is one
        await desk.imports.wait()
        await desk.book(other)
        assert other.counts == {Outcome.KNOWN: 1}

    run(test)


def test_a_service_that_asks_for_patience_gets_it() -> None:
    async def test(desk: Desk) -> None:
        taken = desk.keep("A")
        desk.service.fast_left = 3
        await desk.book(taken)
        assert (taken.stage, len(desk.service.asked)) == (Stage.DONE, 4)

    run(test)


def test_codes_are_forgotten_after_two_hours() -> None:
    async def test(desk: Desk) -> None:
        await desk.book(desk.keep("A"))
        assert desk.imports.of("an") is not None
        desk.at_s = KEPT_S + 1
        assert desk.imports.of("an") is None
        assert desk.imports.of("binh") is None

    run(test)
