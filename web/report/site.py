"""How the report's parts hang together."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from config import Centre, Clock
from provisioning.site_db import SiteDb
from wait_log.figures import Figures, Selection, Tally, figures
from wait_log.reader import Reader
from web.export.satisfaction import Opinions
from web.report.daily_sheet_job import DailySheetJob, daily_sheets
from web.report.drafts import Drafts
from web.report.outbox import Outbox
from web.report.routes import ROUTES, ReportSite
from web.report.settings_page import SETTINGS_ROUTES


@dataclass(frozen=True, slots=True)
class Reports:
    """What the application needs of the reports."""

    site: ReportSite
    routes: list[ControllerRouterHandler]
    working: Callable[[Litestar], AbstractAsyncContextManager[None]]


def make_reports(
    db: SiteDb,
    log: Reader,
    centre: Callable[[], Centre | None],
    clock: Clock,
    sheets: Path,
    *,
    opinions: Opinions,
) -> Reports:
    """Return the pages, and what lays the day's sheet down in `sheets` after closing."""

    def count(selection: Selection, counted: Centre) -> Figures:
        if not log.exists():
            return Figures(selection, Tally())
        return figures(log, selection, counted, clock.now())

    def days() -> list[date]:
        return [date.fromisoformat(row.business_day) for row in log.days()] if log.exists() else []

    return Reports(
        ReportSite(Drafts(db), Outbox(db), centre, count, clock.now, opinions),
        [*ROUTES, *SETTINGS_ROUTES],
        daily_sheets(DailySheetJob(db, days, count, centre, clock.now, sheets)),
    )
