"""The Word file through LibreOffice: it opens, in the right letters, on the pages expected."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from config import Centre
from config.settings import Text
from provisioning.ratings import Face
from wait_log.figures import Figures, ServiceFigures
from wait_log.figures.appointments import AppointmentCell, AppointmentTally
from web.export.satisfaction import Opinion, Satisfaction
from web.report.document import Report
from web.report.make import make_report
from web.report.settings import ReportSettings
from web.report.word import word_file

MADE_AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
OFFICE = shutil.which("soffice")
LONGEST_WARD = "Phường Phan Rang - Tháp Chàm Nguyễn Bỉnh Khiêm"

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not OFFICE, reason="apt-get install libreoffice-writer-nogui"),
]


def office_file(report: Report, folder: Path, kind: str = "pdf") -> bytes:
    (folder / "report.docx").write_bytes(word_file(report, MADE_AT))
    home = f"-env:UserInstallation=file://{folder}/office"
    command = [str(OFFICE), home, "--headless", "--convert-to", kind, "report.docx"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return (folder / f"report.{kind.partition(':')[0]}").read_bytes()


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def fonts(pdf: bytes) -> set[str]:
    return {name.decode() for name in re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?(\w+)", pdf)}


def test_a_month_is_two_pages_and_an_annex_in_one_family_of_letters(
    report: Report, tmp_path: Path
) -> None:
    pdf = office_file(report, tmp_path)
    assert 3 <= pages(pdf) <= 6
    assert fonts(pdf)
    assert all(re.match("Liberation ?Serif|TimesNewRoman", font) for font in fonts(pdf)), fonts(pdf)


def test_forty_fields_and_the_longest_ward_still_open(
    figures: Figures, full_centre: Centre, tmp_path: Path
) -> None:
    tally = figures.by_service[0].tally
    services = tuple(
        ServiceFigures(service.code, tally, 6e5, 6e5) for service in full_centre.services
    )
    place = Text(vi=LONGEST_WARD, en="")
    identity = msgspec.structs.replace(full_centre.identity, place=place)
    centre = msgspec.structs.replace(full_centre, identity=identity)
    report = make_report(replace(figures, by_service=services), centre, ReportSettings())
    assert len(report.services.rows) == 41
    assert 4 <= pages(office_file(report, tmp_path)) <= 10


def test_nothing_but_zeros_still_opens(no_figures: Figures, centre: Centre, tmp_path: Path) -> None:
    report = make_report(no_figures, centre, ReportSettings())
    assert pages(office_file(report, tmp_path)) >= 3


def test_how_it_was_stands_on_paper_with_how_many_were_served(
    figures: Figures, centre: Centre, tmp_path: Path
) -> None:
    told = Satisfaction(
        Opinion(3211, {Face.VERY_SATISFIED: 1200, Face.UNSATISFIED: 4}),
        tuple((number, Opinion(400, {Face.SATISFIED: 90})) for number in range(1, 9)),
    )
    report = make_report(figures, centre, ReportSettings(), told)
    text = office_file(report, tmp_path, "txt:Text (encoded):UTF8").decode()
    words = " ".join(text.split())
    assert "Có 1.204 trên 3.211 lượt đã phục vụ cho ý kiến" in words
    assert "Biểu 6. Mức độ hài lòng của công dân" in words
    assert "Toàn Trung tâm 1.200 0 0 4 1.204 3.211" in words


def test_appointments_are_read_in_the_annex_and_in_a_sentence(
    figures: Figures, centre: Centre, tmp_path: Path
) -> None:
    came = AppointmentTally(booked=9, came=7, early=4, late=1, missed=1, cancelled=1)
    cells = (
        AppointmentCell(figures.selection.period.first, "CERT", came),
        AppointmentCell(figures.selection.period.last, "LAND", AppointmentTally(booked=2, came=2)),
    )
    report = make_report(replace(figures, appointments=cells), centre, ReportSettings())
    told = office_file(report, tmp_path, "txt:Text (encoded):UTF8").decode("utf-8-sig")
    text = " ".join(told.split())
    number = len(report.annex)
    assert f"Biểu {number}. Lịch hẹn theo lĩnh vực" in text
    assert "Đã đặt Đã đến Đến sớm Đúng giờ Đến muộn Không đến Đã hủy Chưa đến giờ" in text
    assert "Toàn Trung tâm 11 9 4 4 1 1 1 0" in text
    assert "Có 9 trên 10 người có hẹn đã đến, trong đó 1 người đến muộn; 1 người không đến" in text
