"""Pages from the hall and the log, as they are now."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from hall.model import Hall
from hall.words import Words
from web.day_log import DayLog, DayRecord
from web.view.today import TodayPage, today_page
from web.waiting import Changes

_KEEP_S = 5.0


class TodayPages:
    """Makes the page "Hôm nay"; reads the log once for all who look at the same moment."""

    def __init__(
        self,
        hall: Hall,
        changes: Changes,
        log: DayLog,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        """Tell the centre's time by `now`, the age of what was read by `monotonic`."""
        self._hall = hall
        self._changes = changes
        self._log = log
        self._now = now
        self._monotonic = monotonic
        self._reading = asyncio.Lock()  # one reader of the log at a time, shared by all waiting
        self._record = DayRecord()
        self._read_at = (-1, -_KEEP_S)

    async def today(self, words: Words) -> TodayPage:
        """Return the page in one language."""
        record = await self.record()
        return today_page(self._hall.state, record, self._now(), words)

    async def record(self) -> DayRecord:
        """Return today's log, read again whenever the hall has changed."""
        async with self._reading:
            revision, began = self._changes.revision, self._monotonic()
            if self._read_at[0] != revision or began - self._read_at[1] >= _KEEP_S:
                services = self._hall.state.services
                day = services.business_day if services else None
                self._record = await asyncio.to_thread(self._log.read, day)
                self._read_at = (revision, began)
            return self._record
