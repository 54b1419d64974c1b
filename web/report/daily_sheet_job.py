"""After closing: the day's sheet goes to its folder and into the mail, each once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from litestar import Litestar

from config import Centre
from config.durable import data_directory, replace_durably
from config.errors import ConfigError
from provisioning.errors import SiteDbError
from provisioning.site_db import SiteDb
from wait_log.errors import StoreError
from wait_log.figures import Figures, Selection
from wait_log.periods import Period
from web.report.day_sheet import DaySheet, day_sheet, sheet_file, sheet_name
from web.report.drafts import Drafts
from web.report.errors import MailError
from web.report.mail import Letter, compose, send
from web.report.outbox import Mail, Outbox
from web.report.settings import MailSettings

_log = logging.getLogger(__name__)
_ROUND_S = 30.0
_AFTER_CLOSING = timedelta(minutes=30)
_CAUGHT_UP_DAYS = 7
_Send = Callable[[MailSettings, list[str], bytes], dict[str, str]]


@dataclass(frozen=True)
class DailySheetJob:
    """Makes sheets of days that are over and hands mail over; its calls block."""

    db: SiteDb
    days: Callable[[], list[date]]
    """The business days of the log, oldest first; raises StoreError."""
    figures: Callable[[Selection, Centre], Figures]
    centre: Callable[[], Centre | None]
    now: Callable[[], datetime]
    folder: Path
    send: _Send = send

    def run_once(self) -> None:
        """Do what is due; raises StoreError, SiteDbError, OSError, ConfigError when it cannot."""
        centre = self.centre()
        if centre is not None:
            for day in self._due(centre):
                self._lay_down(day, centre)
        self._deliver()

    def _due(self, centre: Centre) -> list[date]:
        """Return the days that are over and have no sheet: at first the newest, later a week's."""
        if not Drafts(self.db).settings().sheet:
            return []
        made = {row["business_day"] for row in self.db.read("SELECT business_day FROM day_sheets")}
        days = self.days()
        local = self.now().astimezone(centre.identity.zone)
        newest = days[-_CAUGHT_UP_DAYS:]
        over = [day for day in newest if day < days[-1] or _closed(centre, day, local)]
        return [day for day in (over if made else over[-1:]) if day.isoformat() not in made]

    def _lay_down(self, day: date, centre: Centre) -> None:
        """Write file, mail and mark in this order; whatever is cut off is done again the same."""
        settings = Drafts(self.db).settings()
        sheet = day_sheet(self.figures(Selection(Period(day, day)), centre), centre)
        name = sheet_name(day, settings.sheet)
        file = sheet_file(sheet, settings.sheet, self.now())
        replace_durably(data_directory(self.folder) / name, file)
        if settings.mail.on:
            letter = Letter(sheet.title, _told(sheet), name, file)
            key = f"phieu-ngay-{day}"
            to, identity = list(settings.mail.to), f"<{key}@{centre.identity.site}.denluot.invalid>"
            message = compose(letter, settings.mail.sender, to, identity, self.now())
            Outbox(self.db).put(key, letter.subject, to, message)
        with self.db.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO day_sheets VALUES (?, ?, ?)",
                (day.isoformat(), self.db.now_us(), name),
            )
        _log.info("day sheet made day=%s", day)

    def _deliver(self) -> None:
        outbox, settings = Outbox(self.db), Drafts(self.db).settings().mail
        for mail in outbox.due() if settings.host else []:
            self._hand_over(outbox, settings, mail)

    def _hand_over(self, outbox: Outbox, settings: MailSettings, mail: Mail) -> None:
        try:
            refused = self.send(settings, list(mail.to), mail.message)
        except MailError as error:
            outbox.failed(mail, str(error))
            return
        if refused:
            why = "; ".join(f"{address}: {said}" for address, said in refused.items())
            outbox.failed(mail, why, list(refused))
        else:
            outbox.sent(mail)


def trial_letter(outbox: Outbox, settings: MailSettings, at: datetime) -> None:
    """Put a mail into the outbox that shows whether the settings are right."""
    letter = Letter(
        "Thư thử của hệ thống lấy số",
        "Thư này cho biết máy chủ thư đã được cài đặt đúng.\n",
        "thu-thu.txt",
        "Thư thử.\n".encode(),
    )
    key = f"thu-thu-{at:%Y%m%dT%H%M%S}"
    message = compose(letter, settings.sender, list(settings.to), f"<{key}@denluot.invalid>", at)
    outbox.put(key, letter.subject, list(settings.to), message)


def daily_sheets(
    job: DailySheetJob, round_s: float = _ROUND_S
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Return what keeps `job` going as long as an application runs."""
    return partial(_keep_going, job, round_s)


@asynccontextmanager
async def _keep_going(job: DailySheetJob, round_s: float, _app: Litestar) -> AsyncIterator[None]:
    task = asyncio.create_task(_rounds(job, round_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _rounds(job: DailySheetJob, round_s: float) -> None:
    trouble = ""
    while True:
        await asyncio.sleep(round_s)
        try:
            await asyncio.to_thread(job.run_once)
        except (StoreError, SiteDbError, OSError, ConfigError) as error:
            if str(error) != trouble:
                _log.warning("day sheet or mail failed error=%s", error)
            trouble = str(error)
        except Exception:  # noqa: BLE001 - the outermost loop: the next round goes on
            _log.exception("day sheet or mail failed")
        else:
            trouble = ""


def _closed(centre: Centre, day: date, local: datetime) -> bool:
    """Return whether the last hours of `day` are over for a while."""
    if local.date() != day:
        return local.date() > day
    hours = centre.hours.on(day)
    if centre.hours.always_open or not hours:
        return False
    last = max(window.end for window in hours)
    return local >= datetime.combine(day, last, local.tzinfo) + _AFTER_CLOSING


def _told(sheet: DaySheet) -> str:
    return "\n\n".join((sheet.centre, sheet.title, *sheet.sentences)) + "\n"
