"""A month's figures, and the report made of them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config import Centre
from wait_log.figures import (
    Comparison,
    DayFigures,
    Doubt,
    Doubtful,
    Figures,
    HourFigures,
    OutageFigures,
    OutageSpan,
    Selection,
    ServiceFigures,
    Tally,
    Times,
    Waits,
)
from wait_log.periods import Period
from web.report.document import Report, Signatory
from web.report.make import make_report
from web.report.settings import ReportSettings

MONTH = Period(date(2026, 10, 15), date(2026, 11, 14))


@dataclass(frozen=True)
class Samples:
    """Figures as they might be, each mean given in minutes."""

    centre: Centre
    period: Period = MONTH
    settings: ReportSettings = field(
        default_factory=lambda: ReportSettings(
            goal_percent=80,
            recipients=("Như trên", "Chủ tịch, các Phó Chủ tịch UBND phường", "Lưu: VT, TTPVHCC"),
            signatories=(Signatory(office="Giám đốc", name="Phạm Thị Hương Giang"),),
        )
    )

    def tally(self, issued: int, mean_min: float, *, absent: int = 0) -> Tally:
        count = issued - absent
        waits = Waits(
            count=count,
            mean_s=mean_min * 60,
            median_s=mean_min * 50,
            p90_s=mean_min * 140,
            within_15=count * 83 // 100,
            within_20=count * 90 // 100,
            over_30=count // 25,
        )
        service = Times(count=count, mean_s=312.0, median_s=300.0, p90_s=700.0)
        return Tally(
            issued=issued,
            served=count,
            absent=absent,
            priority=issued // 7,
            waits=waits,
            service=service,
        )

    def figures(self) -> Figures:
        means = {"CERT": 9.7, "CIVIL": 6.9, "LAND": 16.2, "PICK": 3.2}
        working = [day for day in self.period.dates() if day.weekday() < 5]
        begin = datetime(2026, 10, 29, 1, 30, tzinfo=UTC)
        span = OutageSpan(begin, begin + timedelta(minutes=71))
        out = OutageFigures("", 1, 4260.0, 4260.0, 0, 0.0, (span,))
        return Figures(
            selection=Selection(self.period),
            tally=self.tally(3314, 8.0, absent=103),
            days=len(working),
            by_service=tuple(
                ServiceFigures(
                    service.code, self.tally(360, means.get(service.code, 4.0)), 6e5, 8e5
                )
                for service in self.centre.services
            ),
            by_day=tuple(DayFigures(day, self.tally(150, 8.0)) for day in working),
            by_hour=tuple(
                HourFigures(day, hour, 60, self._waits(20.0 if hour in {8, 9} else 5.0, day))
                for day in range(5)
                for hour in (7, 8, 9, 10, 11, 13, 14, 15, 16)
            ),
            open_s=6e5,
            outages=(replace(out, system="Cổng Dịch vụ công quốc gia"),),
            any_outage=out,
            doubtful=(Doubtful(Doubt.CLOCK, 4),),
            before=Comparison(self.period.before(), self.tally(3187, 9.0), complete=True),
        )

    def _waits(self, mean_min: float, weekday: int) -> Waits:
        return self.tally(60, mean_min + (4 if weekday == 0 else 0)).waits


@pytest.fixture
def figures(centre: Centre) -> Figures:
    return Samples(centre).figures()


@pytest.fixture
def no_figures() -> Figures:
    return Figures(selection=Selection(MONTH), tally=Tally())


@pytest.fixture
def report_settings(centre: Centre) -> ReportSettings:
    return Samples(centre).settings


@pytest.fixture
def report(figures: Figures, centre: Centre, report_settings: ReportSettings) -> Report:
    return make_report(figures, centre, report_settings)
