"""How the parts of the rating hang together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from jinja2 import Environment
from litestar import Litestar
from litestar.types import ControllerRouterHandler

from bus.session import Session
from config import Clock
from hall.model import Hall
from provisioning.errors import SiteDbError
from provisioning.ratings import Ratings
from provisioning.site_db import SiteDb
from provisioning.tablets import TabletCodes, Tablets
from wait_log.errors import StoreError
from wait_log.figures.kept_months import kept_months
from wait_log.reader import Reader
from web.assets import assets_version
from web.guard import Pace
from web.integrations.metrics import Metric
from web.rating.door import Refusals, TabletDoor, Why
from web.rating.routes import RATING_ROUTES, RatingSite
from web.rating.scene import TabletPages
from web.rating.tablets_page import TABLETS_ROUTES, TabletsSite
from web.rating.windows import Windows

_FORGET_EVERY_S = 3600.0
_CODES_PER_S, _CODES_BURST = 0.2, 10.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rating:
    """What the application needs of the rating."""

    site: RatingSite
    tablets_site: TabletsSite
    routes: list[ControllerRouterHandler]
    ratings: Ratings
    open_log: Callable[[], Reader]

    @asynccontextmanager
    async def lifespan(self, _app: Litestar) -> AsyncIterator[None]:
        """Follow the log's rule of retention until the server ends."""
        task = asyncio.create_task(self._forgetting())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _forgetting(self) -> None:
        while True:
            try:
                await asyncio.to_thread(forget_with_log, self.ratings, self.open_log)
            except (SiteDbError, StoreError) as error:
                _log.info("votes of forgotten tickets kept for now error=%s", error)
            except Exception:  # noqa: BLE001 - outermost: they would be kept for ever
                _log.exception("votes of forgotten tickets not looked for")
            await asyncio.sleep(_FORGET_EVERY_S)


def make_rating(
    link: Session,
    hall: Hall,
    db: SiteDb,
    open_log: Callable[[], Reader],
    refusals: Refusals,
    *,
    templates: Environment,
    stopping: asyncio.Event,
    clock: Clock,
    monotonic: Callable[[], float],
    address: Callable[[], str],
    secure: bool,
) -> Rating:
    """Return the tablets' pages and the page of tablets; `address` is where tablets begin."""
    tablets, codes, ratings = Tablets(db), TabletCodes(monotonic), Ratings(db)
    windows = Windows(hall, link.now, clock.real_s, monotonic)
    site = RatingSite(
        hall,
        TabletDoor(tablets, refusals, secure=secure),
        TabletPages(hall, windows, ratings, refusals, monotonic),
        codes,
        templates,
        stopping,
        monotonic,
        assets_version(),
        Pace(monotonic, per_s=1.0, burst=10.0),
        Pace(monotonic, per_s=_CODES_PER_S, burst=_CODES_BURST),
        Pace(monotonic, per_s=1.0, burst=4 * _CODES_BURST),
    )
    tablets_site = TabletsSite(hall, tablets, codes, address)
    return Rating(site, tablets_site, [*RATING_ROUTES, *TABLETS_ROUTES], ratings, open_log)


def refusal_metrics(refusals: Refusals) -> list[Metric]:
    """Return how many votes and tablets were refused, and why."""
    samples = [("", {"why": why.value}, float(refusals.counts[why])) for why in Why]
    name, said = "denluot_ratings_refused_total", "Votes and tablets that were refused."
    return [Metric(name, "counter", said, samples)]


def forget_with_log(ratings: Ratings, open_log: Callable[[], Reader]) -> int:
    """Make sums of the votes of tickets that the log has forgotten; blocking."""
    reader = open_log()
    try:
        months = kept_months(reader.meta_rows()) if reader.exists() else {}
    finally:
        reader.close()
    return ratings.forget_tickets(months) if months else 0
