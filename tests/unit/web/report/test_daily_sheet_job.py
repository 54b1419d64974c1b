"""After closing: each day's sheet is laid down and mailed once, whatever breaks in between."""

import asyncio
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from litestar import Litestar

from config import Centre
from config.errors import ConfigError
from provisioning.errors import SiteDbError
from provisioning.site_db import SiteDb, open_site_db
from wait_log.errors import StoreError
from wait_log.figures import Figures, OutageFigures, Selection
from web.report.daily_sheet_job import DailySheetJob, daily_sheets, trial_letter
from web.report.day_sheet import day_sheet, sheet_file
from web.report.drafts import Author, Drafts
from web.report.errors import MailError
from web.report.outbox import Outbox
from web.report.settings import MailSettings, ReportSettings

MONDAY = date(2026, 11, 23)
MAIL = MailSettings(host="mail.ward.vn", sender="hall@ward.vn", to=("director@ward.vn",))
BY = Author("director", "127.0.0.1")


@dataclass
class Hall:
    """What the job finds around it."""

    at: datetime
    days: list[date] = field(default_factory=lambda: [MONDAY])
    sent: list[list[str]] = field(default_factory=list)
    answer: Callable[[], dict[str, str]] = dict
    asked: list[Selection] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def send(self, _settings: MailSettings, to: list[str], _message: bytes) -> dict[str, str]:
        refused = self.answer()
        self.sent.append(to)
        return refused


@pytest.fixture
def hall() -> Hall:
    return Hall(datetime(2026, 11, 23, 10, 31, tzinfo=UTC))  # half an hour after five o'clock


@pytest.fixture
def db(tmp_path: Path, hall: Hall) -> Iterator[SiteDb]:
    db = open_site_db(tmp_path / "job.db", hall.now)
    Drafts(db).settle(ReportSettings(mail=MAIL), BY, "mail")
    yield db
    db.close()


@pytest.fixture
def job(db: SiteDb, hall: Hall, centre: Centre, figures: Figures, tmp_path: Path) -> DailySheetJob:
    def count(selection: Selection, _centre: Centre) -> Figures:
        hall.asked.append(selection)
        return replace(figures, selection=selection)

    return DailySheetJob(
        db,
        lambda: hall.days,
        count,
        lambda: centre,
        hall.now,
        tmp_path / "day-sheets",
        hall.send,
    )


def files(job: DailySheetJob) -> list[str]:
    return sorted(path.name for path in job.folder.glob("*")) if job.folder.exists() else []


def test_the_sheet_is_made_and_mailed_once(job: DailySheetJob, hall: Hall) -> None:
    job.run_once()
    job.run_once()
    assert files(job) == ["phieu-ngay-2026-11-23.xlsx"]
    assert hall.sent == [["director@ward.vn"]]
    assert [selection.period.first for selection in hall.asked] == [MONDAY]


def test_nothing_before_the_hall_has_closed(job: DailySheetJob, hall: Hall) -> None:
    hall.at -= timedelta(minutes=2)
    job.run_once()
    assert files(job) == []
    hall.at += timedelta(minutes=2)
    job.run_once()
    assert files(job) != []


def test_days_that_were_missed_are_caught_up(job: DailySheetJob, hall: Hall) -> None:
    job.run_once()
    hall.days += [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)]
    hall.at = datetime(2026, 11, 26, 2, tzinfo=UTC)
    job.run_once()
    assert [name[11:21] for name in files(job)] == ["2026-11-23", "2026-11-24", "2026-11-25"]


def test_the_past_is_not_mailed_when_it_begins(job: DailySheetJob, hall: Hall) -> None:
    hall.days = [date(2026, 11, 19), date(2026, 11, 20), MONDAY]
    job.run_once()
    assert [name[11:21] for name in files(job)] == ["2026-11-23"]


def test_a_day_that_never_closes_waits_for_the_next(
    job: DailySheetJob, hall: Hall, centre: Centre
) -> None:
    hours = type(centre.hours)(always_open=True)
    always = type(centre)(
        **{name: getattr(centre, name) for name in centre.__struct_fields__} | {"hours": hours}
    )
    job = replace(job, centre=lambda: always)
    job.run_once()
    assert files(job) == []
    hall.days.append(date(2026, 11, 24))
    job.run_once()
    assert files(job) == ["phieu-ngay-2026-11-23.xlsx"]


def test_mail_is_tried_until_it_is_sent(job: DailySheetJob, hall: Hall, db: SiteDb) -> None:
    def refuse() -> dict[str, str]:
        raise MailError("connection refused")

    hall.answer = refuse
    job.run_once()
    assert Outbox(db).newest()[0].problem == "connection refused"
    hall.answer = dict
    job.run_once()  # not before the pause is over
    assert hall.sent == []
    hall.at += timedelta(minutes=1)
    job.run_once()
    hall.at += timedelta(days=1)
    job.run_once()
    assert hall.sent == [["director@ward.vn"]]
    assert Outbox(db).newest()[0].sent_at


def test_a_cut_after_the_file_makes_it_again_and_mails_once(
    job: DailySheetJob, hall: Hall, db: SiteDb
) -> None:
    with db.write() as connection:
        connection.execute("ALTER TABLE day_sheets RENAME TO elsewhere")
    with pytest.raises(SiteDbError):
        job.run_once()
    with db.write() as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO day_sheets")
    job.run_once()
    with db.write() as connection:
        connection.execute("DELETE FROM day_sheets")  # as if cut off before the mark
    job.run_once()
    assert hall.sent == [["director@ward.vn"]]


def test_a_folder_that_refuses_is_told_and_tried_again(
    job: DailySheetJob, hall: Hall, tmp_path: Path
) -> None:
    (tmp_path / "day-sheets").write_text("in the way")
    with pytest.raises((ConfigError, OSError)):
        job.run_once()
    (tmp_path / "day-sheets").unlink()
    job.run_once()
    assert hall.sent == [["director@ward.vn"]]


def test_a_log_that_cannot_be_read_makes_no_sheet(job: DailySheetJob, hall: Hall) -> None:
    def unreadable() -> list[date]:
        raise StoreError("locked")

    with pytest.raises(StoreError):
        replace(job, days=unreadable).run_once()
    assert (files(job), hall.sent) == ([], [])


def test_no_sheet_and_no_mail_where_none_is_wanted(
    job: DailySheetJob, hall: Hall, db: SiteDb
) -> None:
    Drafts(db).settle(ReportSettings(sheet="", mail=MAIL), BY, "sheet")
    job.run_once()
    Drafts(db).settle(ReportSettings(sheet="docx"), BY, "sheet, mail")
    job.run_once()
    assert files(job) == ["phieu-ngay-2026-11-23.docx"]
    assert hall.sent == []


def test_a_trial_goes_through_the_same_outbox(job: DailySheetJob, hall: Hall, db: SiteDb) -> None:
    hall.days = []
    trial_letter(Outbox(db), MAIL, hall.at)
    job.run_once()
    assert hall.sent == [["director@ward.vn"]]


def test_rounds_go_on_after_whatever_breaks_and_end_with_the_application(
    job: DailySheetJob, hall: Hall, expected_warnings: list[str]
) -> None:
    expected_warnings += ["day sheet or mail failed error=locked", "day sheet or mail failed"]
    faults = [StoreError("locked"), StoreError("locked"), RuntimeError("a bug")]

    def days() -> list[date]:
        if faults:
            raise faults.pop(0)
        return hall.days

    async def run() -> None:
        loop, sent = asyncio.get_running_loop(), asyncio.Event()

        def take() -> dict[str, str]:
            loop.call_soon_threadsafe(sent.set)
            return {}

        hall.answer = take
        async with daily_sheets(replace(job, days=days), 0.001)(Litestar([])):
            await asyncio.wait_for(sent.wait(), 60)

    asyncio.run(run())
    assert hall.sent == [["director@ward.vn"]]


def test_the_sheet_reads_back(figures: Figures, centre: Centre) -> None:
    wild = '=HYPERLINK("http://x")\x01'
    out = OutageFigures(wild, 2, 600.0, 600.0, 0, 0.0)
    sheet = day_sheet(replace(figures, outages=(out,)), centre)
    made_at = datetime(2026, 11, 23, tzinfo=UTC)
    book = openpyxl.load_workbook(io.BytesIO(sheet_file(sheet, "xlsx", made_at)))
    page = book["Phiếu ngày"]
    rows = list(page.values)
    assert ("Toàn Trung tâm", 3314, 8.0, 6.7, 18.7, 83.0, 103, 5.2) in rows
    assert (wild.removesuffix("\x01"), 2, 10) in [row[:3] for row in rows]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    assert page.sheet_properties.pageSetUpPr.fitToPage
    document = Document(io.BytesIO(sheet_file(sheet, "docx", made_at)))
    assert document.tables[0].rows[-1].cells[1].text == "3.314"
