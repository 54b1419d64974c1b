"""The page "Theo cán bộ": a day by account, only where the site has turned it on."""

import asyncio
from datetime import date

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from hall.words import Words
from wait_log.by_account import AccountFigures, account_figures
from wait_log.errors import StoreError
from web.access import AnyRequest, Role, Visitor, open_to
from web.desk import desk_page
from web.waits.routes import WaitsSite

ADDRESS = "/waits/accounts"


@get(ADDRESS, opt=open_to(Role.MANAGER))
async def waits_by_account(
    request: AnyRequest,
    waits_site: NamedDependency[WaitsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with a day's services by account; there is no such page where it is not turned on."""
    centre = waits_site.hall().centre
    if centre is None or not centre.rules.show_accounts:
        raise NotFoundException("accounts are not shown here")
    day = _day(request.query_params.get("day", ""), waits_site.today())
    figures = await asyncio.to_thread(_read, waits_site, day)
    return desk_page("waits_accounts.html", visitor, t, current="/waits", day=day, figures=figures)


ACCOUNT_FIGURES_ROUTES: list[ControllerRouterHandler] = [waits_by_account]


def _read(site: WaitsSite, day: date) -> list[AccountFigures] | None:
    """Return the figures, None for a log that cannot be read; blocks."""
    reader = site.open_log()
    try:
        if not reader.exists():
            return []
        with reader:
            return account_figures(reader, day.isoformat())
    except StoreError:
        return None
    finally:
        reader.close()


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return today
