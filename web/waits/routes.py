"""The addresses of the page and of its files."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import BoundedSemaphore

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from config import Centre, ConfigError, centre_from_wire
from hall.model import HallState
from hall.words import Words
from wait_log.errors import StoreError
from wait_log.figures import Figures, Selection, Tally, figures
from wait_log.reader import Reader
from web.access import AnyRequest, Role, Visitor, open_to
from web.desk import desk_page
from web.export import figures_csv, figures_name, figures_xlsx
from web.export.satisfaction import Opinions, Satisfaction
from web.waits.page import waits_page
from web.waits.query import ADDRESS, CSV_ADDRESS, XLSX_ADDRESS, read_query

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIGURES_AT_ONCE = 2
_UNAVAILABLE = 503
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WaitsSite:
    """What the page is made from; `open_log` returns a reader for one request alone."""

    hall: Callable[[], HallState]
    open_log: Callable[[], Reader]
    now: Callable[[], datetime]
    opinions: Opinions
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(FIGURES_AT_ONCE))
    """Live pages go on while some people look at ten years."""
    patience_s: float = 30.0

    def today(self) -> date:
        """Return the business day, by the calendar while nobody has said it."""
        state = self.hall()
        try:
            return date.fromisoformat(state.services.business_day if state.services else "")
        except ValueError:
            return self.now().astimezone(state.zone).date()

    def read(self, selection: Selection) -> tuple[Figures | None, Centre | None]:
        """Return the figures and the centre, None for what cannot be read; blocks."""
        centre = self.hall().centre
        if not self.turns.acquire(timeout=self.patience_s):
            return None, centre
        reader = self.open_log()
        try:
            return self._read(reader, selection, centre)
        except StoreError as error:
            _log.info("log not readable error=%s", error)
            return None, centre
        finally:
            reader.close()
            self.turns.release()

    def _read(
        self, reader: Reader, selection: Selection, centre: Centre | None
    ) -> tuple[Figures | None, Centre | None]:
        if not reader.exists():
            return Figures(selection, Tally()), centre
        with reader:
            centre = centre or _newest_centre(reader)
            if centre is None:
                return None, None
            return figures(reader, selection, centre, self.now()), centre


@get(ADDRESS, opt=open_to(Role.VIEWER))
async def waits(
    request: AnyRequest,
    waits_site: NamedDependency[WaitsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the page "Thời gian chờ"."""
    today = waits_site.today()
    query = read_query(request.query_params.dict(), today, t)
    found, centre = await asyncio.to_thread(waits_site.read, query.selection)
    opinion = await asyncio.to_thread(waits_site.opinions, found) if found else None
    page = waits_page(query, found, centre, today, t, opinion=opinion)
    may_report = visitor.may(Role.MANAGER)
    return desk_page(
        "waits.html",
        visitor,
        t,
        current=ADDRESS,
        page=page,
        may_report=may_report,
        by_account=may_report and centre is not None and centre.rules.show_accounts,
    )


@get(CSV_ADDRESS, opt=open_to(Role.VIEWER))
async def waits_csv(
    request: AnyRequest, waits_site: NamedDependency[WaitsSite], t: NamedDependency[Words]
) -> Response[bytes]:
    """Answer with the figures as one table."""
    return await _file(request, waits_site, t, figures_csv, "csv")


@get(XLSX_ADDRESS, opt=open_to(Role.VIEWER))
async def waits_xlsx(
    request: AnyRequest, waits_site: NamedDependency[WaitsSite], t: NamedDependency[Words]
) -> Response[bytes]:
    """Answer with the figures as a workbook."""
    return await _file(request, waits_site, t, figures_xlsx, "xlsx")


ROUTES: list[ControllerRouterHandler] = [waits, waits_csv, waits_xlsx]

_Write = Callable[[Figures, Centre, Words, Satisfaction | None], bytes]


async def _file(
    request: AnyRequest, site: WaitsSite, t: Words, write: _Write, suffix: str
) -> Response[bytes]:
    query = read_query(request.query_params.dict(), site.today(), t)
    found, centre = await asyncio.to_thread(site.read, query.selection)
    if found is None or centre is None:
        said = t("Chưa đọc được nhật ký trên máy chủ. Mời quý vị thử lại sau ít phút.")
        return Response(f"{said}\n".encode(), status_code=_UNAVAILABLE, media_type="text/plain")
    opinion = await asyncio.to_thread(site.opinions, found)
    name = figures_name(query.selection.period, suffix)
    return Response(
        await asyncio.to_thread(write, found, centre, t, opinion),
        media_type="text/csv" if suffix == "csv" else XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _newest_centre(reader: Reader) -> Centre | None:
    """Return the centre as the log last kept it, while nobody has told it."""
    row = reader.newest_config()
    try:
        return centre_from_wire(msgspec.json.decode(row.body)) if row else None
    except (ConfigError, msgspec.DecodeError):
        return None
