"""How the parts for other programs hang together."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from config import Clock
from config.settings import WebBox
from hall.model import HallState
from provisioning.ratings import Ratings
from provisioning.site_db import SiteDb
from provisioning.tokens import Tokens
from provisioning.webhooks import Webhooks
from wait_log.figures import figures
from wait_log.reader import Reader
from web.day_log import DayRecord
from web.errors import AddressError
from web.export.satisfaction import opinions_of
from web.guard import Pace
from web.integrations.api import FIGURES_AT_ONCE, ApiSite, api_router
from web.integrations.delivery import Courier
from web.integrations.machine_metrics import machine_metrics, show_units
from web.integrations.metrics import Metric, MetricsSite, metrics
from web.integrations.oidc import Provider
from web.integrations.openapi import openapi_document
from web.integrations.pages import PAGE_ROUTES, IntegrationsSite
from web.integrations.sign_in import SIGN_IN_ROUTES, SignInSite
from web.integrations.targets import Targets
from web.integrations.token_door import TokenDoor


@dataclass(frozen=True)
class Integrations:
    """The room for other programs: its routes, what they need, and what runs beside them."""

    routes: list[ControllerRouterHandler]
    sites: dict[str, object]
    door: TokenDoor
    courier: Courier
    reader: Reader
    single_sign_on: str
    """What the button of the login calls it; empty where there is none."""

    @asynccontextmanager
    async def working(self, _app: Litestar) -> AsyncIterator[None]:
        """Deliver to webhooks as long as the application runs."""
        keeping = asyncio.create_task(self.courier.keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
            await asyncio.to_thread(self.reader.close)


def make_integrations(
    db: SiteDb,
    reader: Reader,
    box: WebBox,
    *,
    hall: Callable[[], HallState],
    record: Callable[[], Awaitable[DayRecord]],
    clock: Clock,
    monotonic: Callable[[], float],
    data: Path,
    more: Callable[[], Iterable[Metric]] = tuple,
) -> Integrations:
    """Return the room; `record` is today's log, `monotonic` counts real seconds.

    `more` are metrics of other rooms.
    """
    tokens, webhooks = Tokens(db), Webhooks(db)
    targets = Targets(frozenset(box.webhook_hosts))
    courier = Courier(webhooks, reader, targets, now=db.now, rng=random.SystemRandom())
    counting = asyncio.Semaphore(FIGURES_AT_ONCE)
    provider = _provider(db, box, monotonic)
    sign_in = SignInSite(provider, Pace(monotonic, per_s=0.5, burst=20)) if provider else None
    return Integrations(
        routes=[api_router(metrics), *PAGE_ROUTES, *(SIGN_IN_ROUTES if sign_in else ())],
        sites={
            **({"sign_in": sign_in} if sign_in else {}),
            "api": ApiSite(
                reader,
                hall,
                clock.now,
                figures,
                openapi_document(),
                counting,
                opinions_of(Ratings(db)),
            ),
            "metrics_site": MetricsSite(
                hall,
                record,
                webhooks,
                clock.now,
                db.now().timestamp(),
                lambda: list(machine_metrics(data, db.now(), show_units)),
                more,
            ),
            "integrations": IntegrationsSite(
                tokens, webhooks, targets, courier, reader, hall, db.now
            ),
        },
        door=TokenDoor.opened(tokens, monotonic),
        courier=courier,
        reader=reader,
        single_sign_on=provider.settings.label if provider else "",
    )


def _provider(db: SiteDb, box: WebBox, monotonic: Callable[[], float]) -> Provider | None:
    settings = box.oidc
    if settings is None:
        return None
    secret = ""
    if settings.client_secret_file:
        path = Path(settings.client_secret_file)
        try:
            secret = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise AddressError(f"web.oidc.client_secret_file: {path}: {error}") from error
    return Provider(settings, secret, now_s=lambda: db.now().timestamp(), monotonic=monotonic)
