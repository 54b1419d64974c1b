"""The addresses of the log and what they answer."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.model import Hall
from hall.words import Words
from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.rows import TicketRow
from wait_log.story import ticket_story
from wait_log.ticket_log import count_states, find_tickets
from web.access import AnyRequest, Role, Visitor, local_target, open_to
from web.desk import desk_page
from web.forms import read_form
from web.ticket_log.chain_watch import ChainWatch
from web.ticket_log.csv_file import MOST_ROWS, log_csv
from web.ticket_log.page import Found, log_view
from web.ticket_log.query import ADDRESS, LogQuery, read_query

_log = logging.getLogger(__name__)
_PAGE = 17
_CSV_PAGE = 2000


@dataclass(frozen=True, slots=True)
class LogSite:
    """What the log's pages are made from."""

    hall: Hall
    chain: ChainWatch
    open_log: Callable[[], Reader]
    """A reader of its own for every page."""
    now: Callable[[], datetime]

    def today(self) -> date:
        """Return the business day, by the calendar while nobody has said it."""
        services = self.hall.state.services
        try:
            return date.fromisoformat(services.business_day if services else "")
        except ValueError:
            return self.now().astimezone(self.hall.state.zone).date()


@get(ADDRESS, opt=open_to(Role.VIEWER))
async def ticket_log(
    request: AnyRequest,
    ticket_log_site: NamedDependency[LogSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the page "Nhật ký lượt"."""
    site = ticket_log_site
    state = site.hall.state
    query = read_query(_params(request), state.centre, site.today(), t)
    found = await asyncio.to_thread(_read, site.open_log, query)
    view = log_view(state, found, site.chain.state, site.now(), t)
    back = found.query.address(found.query.ticket, found.query.start, newer=found.query.newer)
    return desk_page("log.html", visitor, t, current=ADDRESS, page=view, back=back, Role=Role)


@get("/log.csv", opt=open_to(Role.VIEWER))
async def ticket_log_csv(
    request: AnyRequest, ticket_log_site: NamedDependency[LogSite], t: NamedDependency[Words]
) -> Response[bytes]:
    """Answer with the tickets that are looked for, for a spreadsheet."""
    site = ticket_log_site
    state = site.hall.state
    query = read_query(_params(request), state.centre, site.today(), t)
    rows = await asyncio.to_thread(_all_rows, site.open_log, query)
    period = query.period
    name = f"nhat-ky-luot-{period.first}-{period.last}.csv"
    return Response(
        await asyncio.to_thread(log_csv, state, rows, t),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@post("/log/check", opt=open_to(Role.MANAGER), status_code=303)
async def check_again(request: AnyRequest, ticket_log_site: NamedDependency[LogSite]) -> Redirect:
    """Prove the whole log again."""
    ticket_log_site.chain.start_over()
    form = await read_form(request)
    back = local_target(form.text("back", 1000) or ADDRESS)
    return Redirect(back, status_code=303)


ROUTES: list[ControllerRouterHandler] = [ticket_log, ticket_log_csv, check_again]


def _params(request: AnyRequest) -> Mapping[str, Sequence[str]]:
    return request.query_params.dict()


def _read(open_log: Callable[[], Reader], query: LogQuery) -> Found:
    reader = open_log()
    try:
        if not reader.exists():
            return Found(query, there=False)
        with reader:
            story = ticket_story(reader, query.ticket) if query.ticket else None
            if story and not query.dated:
                query = query.on(date.fromisoformat(story.row.business_day))
            page = find_tickets(reader, query.search, query.start, newer=query.newer, most=_PAGE)
            counts = count_states(reader, query.of_states(()).search)
            return Found(query, page, counts, story)
    except (StoreError, ValueError) as error:
        _log.info("log not readable error=%s", error)
        return Found(query, readable=False)
    finally:
        reader.close()


def _all_rows(open_log: Callable[[], Reader], query: LogQuery) -> list[TicketRow]:
    """Return what is looked for, newest first, as far as one file goes."""
    reader = open_log()
    rows: list[TicketRow] = []
    try:
        if not reader.exists():
            return rows
        with reader:
            start = None
            while len(rows) < MOST_ROWS:
                page = find_tickets(reader, query.search, start, most=_CSV_PAGE)
                rows += page.rows
                if page.older is None:
                    break
                start = page.older
    except StoreError as error:
        _log.info("log not readable error=%s", error)
    finally:
        reader.close()
    return rows[:MOST_ROWS]
