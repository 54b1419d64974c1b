"""The files of figures, read back as a spreadsheet reads them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from config import Centre, Text
from hall.words import Words
from provisioning.ratings import Face
from wait_log.figures import Figures, MonthFigures, OutageFigures
from web.export import figures_csv, figures_name, figures_xlsx
from web.export.measures import axis_step, notes, percent
from web.export.satisfaction import Opinion, Satisfaction

VI, EN = Words("vi"), Words("en")
SHEETS = [
    "Tổng hợp",
    "Theo ngày",
    "Giờ và thứ",
    "Theo lĩnh vực",
    "Theo quầy",
    "Kết quả",
    "Gián đoạn",
    "Bản ghi nghi ngờ",
]
FORMULAS = ("=1+1", '=HYPERLINK("http://a.example","b")', "+1", "-1", "@SUM(1)", " =1", "＝1")
LINKS = ("http://a.example", "mailto:a@example.org", "internal:A1", "{=1+1}")


def rows_of(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def book_of(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def cells_of(book: Workbook) -> Iterator[Any]:
    return (cell for sheet in book for row in sheet.iter_rows() for cell in row)


def row_of(sheet: Worksheet, name: str) -> list[Any]:
    found: list[Any] = next(
        [cell.value for cell in row]
        for row in sheet.iter_rows()
        if str(row[0].value).startswith(name)
    )
    return found


def renamed(centre: Centre, name: str) -> Centre:
    """Return the centre with one text wherever a person types one."""
    text, services = Text(vi=name, en=name), list(centre.services)
    services[0] = msgspec.structs.replace(services[0], name=text)
    counters = [
        msgspec.structs.replace(centre.counters[0], name=text),
        *centre.counters[1:],
    ]
    identity = msgspec.structs.replace(centre.identity, name=text)
    return msgspec.structs.replace(
        centre, identity=identity, services=tuple(services), counters=tuple(counters)
    )


def tampered(month: Figures, text: str) -> Figures:
    """Return figures in which a person typed `text` as a system and a number."""
    outage = replace(month.outages[0], system=text)
    clock = month.doubtful[0]
    odd = replace(clock.first[0], number=text, service=text)
    doubtful = (replace(clock, first=(odd,)), *month.doubtful[1:])
    gone = replace(month.by_service[0], service=text)
    services = (*month.by_service, gone)
    return replace(month, outages=(outage,), doubtful=doubtful, by_service=services)


def test_csv_is_one_table_of_whole_numbers(month: Figures, centre: Centre) -> None:
    data = figures_csv(month, centre, VI)
    assert data.startswith("\ufeffPhần,Tên,Từ ngày,Đến ngày,Lượt giao dịch (lượt),".encode())
    rows = rows_of(data)
    assert all(None not in row and None not in row.values() for row in rows)
    whole = rows[0]
    assert whole["Phần"] == "Toàn kỳ"
    assert whole["Tên"] == "Tất cả lĩnh vực · Tất cả quầy"
    assert (whole["Từ ngày"], whole["Đến ngày"]) == ("2026-10-15", "2026-11-14")
    assert whole["Lượt giao dịch (lượt)"] == "3314"
    assert whole["Chờ bình quân (giây)"] == "480"
    assert whole["90 % số lượt chờ không quá (giây)"] == "1120"
    assert whole["Chờ trong 15 phút (%)"] == "83"
    assert whole["Có ít nhất một quầy mở (giây)"] == "700000"
    parts = [row["Phần"] for row in rows]
    assert parts.count("Theo lĩnh vực") == len(centre.services)
    assert parts.count("Theo quầy") == len(centre.counters)
    assert parts.count("Theo ngày") == month.days
    assert parts.count("Giờ và thứ") == 40
    outages = [row for row in rows if row["Phần"] == "Gián đoạn"]
    assert [row["Gián đoạn (giây)"] for row in outages] == ["4260", "4260"]
    doubts = [row for row in rows if row["Phần"] == "Bản ghi nghi ngờ"]
    assert [row["Bản ghi nghi ngờ"] for row in doubts] == ["4", "0", "1"]


def test_csv_says_nothing_of_what_is_not_known_of_an_hour(month: Figures, centre: Centre) -> None:
    hour = next(
        row for row in rows_of(figures_csv(month, centre, VI)) if row["Phần"] == "Giờ và thứ"
    )
    assert hour["Tên"] == "Thứ Hai, 7 giờ"
    assert hour["Lượt giao dịch (lượt)"] == "67"
    assert hour["Đã phục vụ (lượt)"] == ""


def test_csv_of_nothing_has_its_heads_and_no_averages(no_figures: Figures, centre: Centre) -> None:
    (row,) = rows_of(figures_csv(no_figures, centre, EN))
    assert row["Section"] == "Whole period"
    assert row["Visits (visits)"] == "0"
    assert row["Mean wait (seconds)"] == ""


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_a_csv_is_a_formula(month: Figures, centre: Centre, text: str) -> None:
    data = figures_csv(tampered(month, text), renamed(centre, text), VI)
    cells = [cell for row in rows_of(data) for cell in row.values()]
    assert f"'{text}" in cells
    assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@＝")]


def test_workbook_has_its_sheets_and_native_values(month: Figures, centre: Centre) -> None:
    book = book_of(figures_xlsx(month, centre, VI))
    assert book.sheetnames == SHEETS
    total = row_of(book["Tổng hợp"], "Chờ bình quân")
    assert total == [
        "Chờ bình quân (phút:giây)",
        timedelta(minutes=8),
        timedelta(minutes=9),
        timedelta(minutes=7),
    ]
    assert row_of(book["Tổng hợp"], "Lượt giao dịch")[1:] == [3314, 3187, 900]
    share = row_of(book["Tổng hợp"], "Chờ trong 15 phút")[1]
    assert share == pytest.approx(0.83, abs=0.001)
    days = book["Theo ngày"]
    first = next(row for row in days.iter_rows() if isinstance(row[0].value, datetime))
    assert first[0].value.date() == date(2026, 10, 15)
    assert first[0].number_format == "dd/mm/yyyy"
    assert first[2].value == 155
    assert days.max_column == len(row_of(days, "Ngày"))


def test_a_roll_of_paper_is_said_to_have_no_waits(month: Figures, centre: Centre) -> None:
    code = month.by_service[0].service
    services = tuple(
        msgspec.structs.replace(one, roll_last=899) if one.code == code else one
        for one in centre.services
    )
    with_roll = msgspec.structs.replace(centre, services=services)
    name = centre.service(code).name.vi
    said = f"Số ở cuộn giấy ({name}) không có giờ lấy nên không tính vào thời gian chờ."
    told = [notes(month, each, VI) for each in (centre, with_roll)]
    assert [said in each for each in told] == [False, True]


def test_durations_are_minutes_beyond_an_hour(month: Figures, centre: Centre) -> None:
    book = book_of(figures_xlsx(month, centre, VI))
    cell = next(row[-1] for row in book["Theo quầy"].iter_rows() if str(row[0].value) == "Quầy 1")
    assert cell.number_format == "[m]:ss"
    assert cell.value == timedelta(seconds=5e5)


def test_heads_stay_in_sight_and_columns_are_wide_enough(month: Figures, centre: Centre) -> None:
    book = book_of(figures_xlsx(month, centre, VI))
    for sheet in book:
        assert sheet.freeze_panes, sheet.title
        assert sheet.column_dimensions["A"].width >= 14, sheet.title
    services = book["Theo lĩnh vực"]
    longest = max(len(service.name.vi) for service in centre.services)
    assert services.column_dimensions["A"].width >= longest


def test_days_and_services_have_charts(month: Figures, centre: Centre) -> None:
    book = book_of(figures_xlsx(month, centre, VI))
    charts = {sheet.title: sheet._charts for sheet in book if sheet._charts}
    assert sorted(charts) == ["Theo lĩnh vực", "Theo ngày"]
    (line,) = charts["Theo ngày"]
    assert len(line.series) == 3
    for series in line.series:
        assert "'Theo ngày'!" in series.val.numRef.f


def test_a_long_period_has_months(month: Figures, centre: Centre, no_figures: Figures) -> None:
    months = tuple(
        MonthFigures(date(2025, n, 1), date(2025, n, 28), month.tally) for n in range(1, 13)
    )
    book = book_of(figures_xlsx(replace(month, by_day=(), by_month=months), centre, VI))
    assert "Theo tháng" in book.sheetnames
    assert book["Theo tháng"]._charts
    empty = book_of(figures_xlsx(no_figures, centre, VI))
    assert empty.sheetnames == SHEETS
    assert not [sheet for sheet in empty if sheet._charts]


@pytest.mark.parametrize("text", [*FORMULAS, *LINKS])
def test_nothing_in_a_workbook_is_a_formula_or_a_link(
    month: Figures, centre: Centre, text: str
) -> None:
    book = book_of(figures_xlsx(tampered(month, text), renamed(centre, text), VI))
    typed = [cell for cell in cells_of(book) if cell.value == text]
    assert len(typed) >= 6
    assert {cell.data_type for cell in cells_of(book)} <= {"s", "n", "d"}
    assert not [cell for cell in cells_of(book) if cell.hyperlink]


def test_an_outage_that_goes_on_says_so(month: Figures, centre: Centre) -> None:
    sheet = book_of(figures_xlsx(month, centre, VI))["Gián đoạn"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    began = datetime(2026, 10, 29, 8, 30)  # noqa: DTZ001 - a workbook knows no zones
    assert ["Hệ thống của thành phố", began, began + timedelta(minutes=71), None] in [
        [*row[:3], row[3] or None] for row in rows
    ]
    assert [row for row in rows if row[2] == "chưa kết thúc"]


def test_english_workbook_has_english_names(month: Figures, centre: Centre) -> None:
    book = book_of(figures_xlsx(month, centre, EN))
    assert book.sheetnames[0] == "Summary"
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_names_of_files_and_small_numbers(month: Figures) -> None:
    name = figures_name(month.selection.period, "csv")
    assert name == "thoi-gian-cho-2026-10-15--2026-11-14.csv"
    assert percent(0.031, VI) == "3,1 %"
    assert percent(0.831, VI) == "83 %"
    assert percent(0.0, VI) == "0 %"
    assert percent(None, VI) == "–"
    assert [axis_step(most) for most in (0, 4, 12, 31, 100, 10_000)] == [1, 1, 5, 10, 20, 2000]


def test_outage_of_no_name_is_left_to_the_total(month: Figures, centre: Centre) -> None:
    quiet = replace(month, outages=(OutageFigures("Thuế", 0, 0, 0, 0, 0),))
    parts = [
        row["Tên"] for row in rows_of(figures_csv(quiet, centre, VI)) if row["Phần"] == "Gián đoạn"
    ]
    assert parts == ["Ít nhất một hệ thống gián đoạn"]


def test_outcomes_stand_in_both_files_with_what_was_not_recorded(
    month: Figures, centre: Centre
) -> None:
    rows = rows_of(figures_csv(month, centre, VI))
    counted = {
        row["Tên"]: row["Lượt phục vụ tại quầy"] for row in rows if row["Phần"] == "Kết quả phục vụ"
    }
    assert counted["Chứng thực · Trả kết quả"] == "811"
    assert counted["Cộng · Chưa ghi"] == str(3190 - 2340)
    assert counted["Cộng · gone"] == "5", "one that is no longer in the list"
    visits = {row["Tên"]: row for row in rows if row["Phần"] == "Một lần hẹn"}
    assert visits["Xong ngay lần gọi lại"]["Lượt phục vụ tại quầy"] == "52"
    assert visits["Đi và về bình quân"]["Bình quân tại quầy (giây)"] == "1500"
    sheet = book_of(figures_xlsx(month, centre, VI))["Kết quả"]
    assert row_of(sheet, "Cộng")[1:10] == [1204, 811, 300, 0, 20, 5, 850, 2340, 3190]
    assert row_of(sheet, "Đất đai")[7:10] == [890, 0, 890]


HOW_IT_WAS = Satisfaction(
    Opinion(86, {Face.VERY_SATISFIED: 8, Face.UNSATISFIED: 4}),
    ((3, Opinion(40, {Face.VERY_SATISFIED: 8})),),
    (("wait", 2),),
)


def test_how_it_was_stands_in_both_files_with_how_many_were_served(
    month: Figures, centre: Centre
) -> None:
    rows = rows_of(figures_csv(month, centre, VI, HOW_IT_WAS))
    told = {
        row["Tên"]: (row["Ý kiến (lượt)"], row["Lượt phục vụ tại quầy"])
        for row in rows
        if row["Phần"] in {"Mức độ hài lòng", "Lý do của ý kiến"}
    }
    assert told["Cộng"] == ("12", "86")
    assert told["Cộng · Chưa hài lòng"] == ("4", "86")
    assert next(told[name] for name in told if name.startswith("Quầy 3")) == ("8", "40")
    assert list(told.values())[-1] == ("2", "86")
    assert None not in [value for row in rows for value in row.values()]
    book = book_of(figures_xlsx(month, centre, VI, HOW_IT_WAS))
    assert book.sheetnames == [*SHEETS[:6], "Mức độ hài lòng", *SHEETS[6:]]
    sheet = book["Mức độ hài lòng"]
    assert row_of(sheet, "Cộng")[1:7] == [8, 0, 0, 4, 12, 86]
    assert row_of(sheet, "Quầy 3")[1:7] == [8, 0, 0, 0, 8, 40]
    english = book_of(figures_xlsx(month, centre, EN, HOW_IT_WAS))
    assert row_of(english["Satisfaction"], "Total")[5:7] == [12, 86]
