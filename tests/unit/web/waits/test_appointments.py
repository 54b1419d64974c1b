"""Appointments in the figures: the page, both files, the report's table and sentence."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from config import Centre
from hall.words import Words
from wait_log.figures import Figures
from wait_log.figures.appointments import AppointmentCell, AppointmentTally
from web.export.figures_csv import figures_csv
from web.export.figures_xlsx import figures_xlsx
from web.report import sentences
from web.report.tables import annex_tables
from web.waits.appointments import appointments_part

VI, EN = Words("vi"), Words("en")
FIRST, SECOND = date(2026, 10, 20), date(2026, 10, 21)


@pytest.fixture
def appointed(month: Figures) -> Figures:
    return replace(
        month,
        appointments=(
            AppointmentCell(FIRST, "CERT", AppointmentTally(booked=5, came=4, early=2, late=1)),
            AppointmentCell(FIRST, "LAND", AppointmentTally(booked=3, missed=2, cancelled=1)),
            AppointmentCell(SECOND, "LAND", AppointmentTally(booked=2, came=2, early=2)),
        ),
    )


def test_the_page_counts_by_service_and_day(appointed: Figures, centre: Centre) -> None:
    part = appointments_part(appointed, centre, VI)
    assert part
    assert part.services.heads == (
        "Lĩnh vực", "Đã đặt", "Đã đến", "Đến sớm", "Đúng giờ", "Đến muộn", "Không đến", "Đã hủy",
        "Chưa đến giờ",
    )  # fmt: skip
    told = [[cell.words for cell in row] for row in (*part.services.rows, part.services.total)]
    assert {row[0]: row[1:] for row in told} == {
        "Chứng thực": ["5", "4", "2", "1", "1", "0", "0", "1"],
        "Đất đai": ["5", "2", "2", "0", "0", "2", "1", "0"],
        "Cộng": ["10", "6", "4", "1", "1", "2", "1", "1"],
    }
    assert [row[0].words for row in part.spans.rows] == ["20/10/2026", "21/10/2026"]


def test_nothing_is_said_where_nobody_is_appointed(month: Figures, centre: Centre) -> None:
    assert appointments_part(month, centre, VI) is None
    assert "Lịch hẹn" not in load_workbook(io.BytesIO(figures_xlsx(month, centre, VI))).sheetnames
    assert not any("Lịch hẹn" in table.caption for table in annex_tables(month, centre))
    assert "có hẹn" not in sentences.groups(month, centre)


def test_both_files_have_every_day_and_service(appointed: Figures, centre: Centre) -> None:
    rows = csv.DictReader(io.StringIO(figures_csv(appointed, centre, VI).decode("utf-8-sig")))
    told = {
        (row["Từ ngày"], row["Tên"]): row["Lịch hẹn"] for row in rows if row["Phần"] == "Lịch hẹn"
    }
    assert len(told) == 3 * 8
    assert told["2026-10-20", "Đất đai · Không đến"] == "2"
    assert told["2026-10-20", "Chứng thực · Đến muộn"] == "1"
    book = load_workbook(io.BytesIO(figures_xlsx(appointed, centre, EN)))
    values = [[cell.value for cell in row] for row in book["Appointments"].iter_rows()]
    assert any(row[:4] == ["Total", 10, 6, 4] for row in values)
    assert sum(row[1] == "Land" for row in values) == 2


def test_the_report_says_how_many_came_of_how_many(appointed: Figures, centre: Centre) -> None:
    (table,) = (one for one in annex_tables(appointed, centre) if "Lịch hẹn" in one.caption)
    assert table.rows[-1][1:] == ("Toàn Trung tâm", "10", "6", "4", "1", "1", "2", "1", "1")
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert (
        "Có 6 trên 8 người có hẹn đã đến, trong đó 1 người đến muộn; 2 người không đến; "
        "1 lịch hẹn đã được hủy trước."
    ) in sentences.groups(appointed, centre)
