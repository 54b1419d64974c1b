"""`/healthz`: whether the hall can be served from here, one word for each part it stands on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from litestar import Response, get
from litestar.di import NamedDependency

from hall.model import Hall
from provisioning.errors import SiteDbError
from provisioning.site_db import SiteDb
from web.access import PUBLIC
from web.day_log import DayLog

_KEPT_S = 1.0
_WELL, _UNWELL = 200, 503


@dataclass
class HealthSite:
    """What is looked at; whoever asks often gets the answer of a moment ago."""

    hall: Hall
    log: DayLog
    db: SiteDb
    monotonic: Callable[[], float]
    _last: tuple[float, dict[str, str]] | None = field(default=None, init=False)

    async def parts(self) -> dict[str, str]:
        """Return each part with its word: `ok`, or what it is instead."""
        now_s = self.monotonic()
        if self._last is None or now_s - self._last[0] > _KEPT_S:
            state = self.hall.state
            self._last = (
                now_s,
                {
                    "store": await asyncio.to_thread(self._store),
                    "accounts": await asyncio.to_thread(self._accounts),
                    "broker": "ok" if state.linked else "away",
                    "service": "ok" if state.service_there else "away",
                    "states": "stale" if self.hall.stale else "ok",
                },
            )
        return self._last[1]

    def _store(self) -> str:
        return "ok" if self.log.available() else "unreadable"

    def _accounts(self) -> str:
        try:
            self.db.read("SELECT 1")
        except SiteDbError:
            return "unreadable"
        return "ok"


@get("/healthz", opt=PUBLIC, include_in_schema=False)
async def healthz(health: NamedDependency[HealthSite]) -> Response[dict[str, str]]:
    """Answer 200 when every part is `ok`, else 503; nothing here is a secret."""
    parts = await health.parts()
    well = set(parts.values()) == {"ok"}
    return Response(parts, status_code=_WELL if well else _UNWELL)
