"""The page "Hôm nay": its addresses, its news, and what managers do on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage, Template
from litestar.types import ControllerRouterHandler

from bus.codec import FORBIDDEN
from bus.commands import (
    AnswerColleague,
    Command,
    ConfirmDay,
    EndOutage,
    Reply,
    ReportOutage,
    TellCounters,
)
from bus.vocabulary import CopyState, Error
from hall.model import Hall
from hall.words import N_, Words
from wait_log.copies import accept_without_copy
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.commands import CommandDesk, refusal_words
from web.day_log import DayLog
from web.desk import csrf_field, desk_page
from web.export import csv_name, day_csv
from web.forms import read_form
from web.once import OnceOnly
from web.pages import TodayPages
from web.view.notices import copy_of_store
from web.waiting import Changes, first_of

RECONNECT_MS = 2000
_UNAVAILABLE = 503
_LONGEST = 200
_LONGEST_MESSAGE = 120
Render = Callable[[], Awaitable[str]]


class LiveEvents:
    """Sends the newest page to everyone who listens, at once after a change.

    Changes within `gather_s` travel together; after `quiet_s` without one the page is made again,
    because waits grow. Ends all streams when `stopping` is set.
    """

    def __init__(
        self,
        changes: Changes,
        stopping: asyncio.Event,
        *,
        gather_s: float = 0.3,
        quiet_s: float = 15.0,
        most: int = 50,
    ) -> None:
        """Serve at most `most` listeners."""
        self._changes = changes
        self._stopping = stopping
        self._gather_s = gather_s
        self._quiet_s = quiet_s
        self._most = most
        self._listeners = 0

    @property
    def full(self) -> bool:
        """Return whether nobody more can listen."""
        return self._listeners >= self._most

    async def stream(
        self, render: Render, still_in: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[ServerSentEventMessage]:
        """Yield what `render` makes now and whenever that has changed, else a sign of life.

        Ends for who is not `still_in`.
        """
        self._listeners += 1
        try:
            sent = ""
            while not self._stopping.is_set() and await still_in():
                revision = self._changes.revision
                html = await render()
                yield _news(html) if html != sent else _sign_of_life()
                sent = html
                changed = self._changes.since(revision)
                await first_of(changed, self._stopping, self._quiet_s)
                await first_of(self._stopping.wait(), self._stopping, self._gather_s)
        finally:
            self._listeners -= 1


def _news(html: str) -> ServerSentEventMessage:
    return ServerSentEventMessage(event="today", data=html, retry=RECONNECT_MS)


def _sign_of_life() -> ServerSentEventMessage:
    return ServerSentEventMessage(comment="nothing new", data=None)


@dataclass(frozen=True, slots=True)
class Site:
    """What requests are answered from."""

    hall: Hall
    log: DayLog
    pages: TodayPages
    events: LiveEvents
    templates: Environment
    desk: CommandDesk
    once: OnceOnly[Reply]
    new_token: Callable[[], str]
    data: Path
    """The data directory of this machine, where the service looks what was accepted."""

    async def render_live(self, visitor: Visitor, t: Words) -> str:
        """Return what of the page changes by itself."""
        page = await self.pages.today(t)
        return self.templates.get_template("live.html").render(
            page=page,
            t=t,
            may_act=visitor.may(Role.MANAGER),
            csrf_field=lambda: csrf_field(visitor.csrf),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of what was asked for."""

    state: str
    """`good` or `bad`."""
    words: str


_DONE = {
    "confirm_day": N_("Đã mở ngày làm việc."),
    "without_copy": N_("Đã ghi nhận: chạy không còn bản sao, có hiệu lực trong vài giây."),
    "end_outage": N_("Đã ghi: hệ thống hoạt động lại."),
    "report_outage": N_("Đã ghi nhận gián đoạn, đang tính phút."),
    "answer_colleague": N_("Quầy đã được báo: quản lý đang đến."),
    "tell_counters": N_("Đã gửi tin nhắn đến quầy."),
    "answer_help": N_("Máy lấy số đã báo: cán bộ đang đến."),
    "prepare_visit": N_("Đã gửi đến máy lấy số."),
    "issue_ticket": N_("Đã lấy số, phiếu in ở máy lấy số."),
    "end_visit": N_("Đã ghi: không cần giúp nữa."),
}


@get("/", opt=open_to(Role.VIEWER))
async def today(
    request: AnyRequest,
    site: NamedDependency[Site],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the page "Hôm nay"."""
    page = await site.pages.today(t)
    return desk_page(
        "today.html",
        visitor,
        t,
        current="/",
        page=page,
        may_act=visitor.may(Role.MANAGER),
        once=site.new_token(),
        answer=_answer(request, t),
    )


@post("/today/confirm-day", opt=open_to(Role.MANAGER), status_code=303)
async def confirm_day(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Open the day that waits for a person."""
    day = (await read_form(request)).text("business_day", _LONGEST)
    services = site.hall.state.services
    if services is None or day != services.day_to_confirm:
        return refused(Error.CONFLICT)
    return await act(request, site, visitor, ConfirmDay(business_day=day), day)


@post("/today/end-outage", opt=open_to(Role.MANAGER), status_code=303)
async def end_outage(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Note that a system works again."""
    system = (await read_form(request)).text("system", _LONGEST)
    board = site.hall.state.board
    if board is None or system not in {outage.system for outage in board.outages}:
        return refused(Error.CONFLICT)
    return await act(request, site, visitor, EndOutage(system=system), system)


@post("/today/report-outage", opt=open_to(Role.MANAGER), status_code=303)
async def report_outage(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Note that a system is slow or down."""
    system = (await read_form(request)).text("system", _LONGEST)
    centre = site.hall.state.centre
    if centre is None or system not in {known.vi for known in centre.wording.systems}:
        return refused(Error.UNKNOWN)
    return await act(request, site, visitor, ReportOutage(system=system), system)


@post("/today/answer-colleague", opt=open_to(Role.MANAGER), status_code=303)
async def answer_colleague(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Tell a counter that a manager comes."""
    calling = (await read_form(request)).text("calling", _LONGEST)
    calls = site.hall.state.staff.calls if site.hall.state.staff else ()
    if calling not in {str(call.counter) for call in calls if call.answered_at is None}:
        return refused(Error.CONFLICT)
    return await act(request, site, visitor, AnswerColleague(calling=int(calling)), calling)


@post("/today/tell-counters", opt=open_to(Role.MANAGER), status_code=303)
async def tell_counters(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Tell counters something; without a tick all of them."""
    form = await read_form(request)
    text = " ".join(FORBIDDEN.sub("", form.text("text", _LONGEST)).split())
    centre = site.hall.state.centre
    known = {str(counter.number) for counter in centre.counters} if centre else set()
    ticked = dict.fromkeys(form.all("counter"))
    if not 0 < len(text) <= _LONGEST_MESSAGE or not ticked.keys() <= known:
        return refused(Error.INVALID)
    counters = tuple(int(number) for number in ticked)
    to = ",".join(ticked) or "*"
    return await act(request, site, visitor, TellCounters(text=text, counters=counters), to)


@post("/today/without-copy", opt=open_to(Role.MANAGER), status_code=303)
async def go_without_copy(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Let the service commit although no copy keeps the store."""
    if copy_of_store(site.hall.state) is not CopyState.MISSING:
        return refused(Error.CONFLICT)
    await asyncio.to_thread(accept_without_copy, site.data, visitor.account)
    audit, address = site.desk.db.audit, client_address(request)
    await asyncio.to_thread(audit, visitor.account, address, "without_copy", "")
    return Redirect("/?done=without_copy", status_code=303)


@get("/today.csv", opt=open_to(Role.VIEWER))
async def today_csv(site: NamedDependency[Site], t: NamedDependency[Words]) -> Response[bytes]:
    """Answer with today's tickets for a spreadsheet."""
    record = await site.pages.record()
    return Response(
        day_csv(site.hall.state, record, t),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{csv_name(record)}"'},
    )


@get("/events", opt=open_to(Role.VIEWER, quiet=True))
async def live_events(
    site: NamedDependency[Site], visitor: NamedDependency[Visitor], t: NamedDependency[Words]
) -> Response[bytes] | ServerSentEvent:
    """Answer with the page's news as they come."""
    if site.events.full:
        return Response(b"too many listeners\n", status_code=_UNAVAILABLE, media_type="text/plain")

    async def render() -> str:
        return await site.render_live(visitor, t)

    news = site.events.stream(render, visitor.still_in)
    return ServerSentEvent(news, headers={"Cache-Control": "no-store"})


TODAY_ROUTES: list[ControllerRouterHandler] = [
    today,
    confirm_day,
    end_outage,
    report_outage,
    answer_colleague,
    tell_counters,
    go_without_copy,
    today_csv,
    live_events,
]


async def act(
    request: AnyRequest, site: Site, visitor: Visitor, command: Command, detail: str
) -> Redirect:
    """Send a command once, however often its form comes, and say on the page what became of it."""
    action = str(command.__struct_config__.tag)
    once = (await read_form(request)).text("once", _LONGEST)

    async def send() -> Reply:
        return await site.desk.send(request, visitor, command, action, detail)

    reply = await site.once.run(f"{visitor.account} {once} {command!r}", send)
    return Redirect(f"/?done={action}", status_code=303) if reply.ok else refused(reply.error)


def refused(error: Error | None) -> Redirect:
    """Return to the page, which says why nothing was done."""
    return Redirect(f"/?refused={error or Error.NOT_ALLOWED}", status_code=303)


def _answer(request: AnyRequest, t: Words) -> Answer | None:
    """Return what the address says became of what was asked for; only in words of ours."""
    done, refused = request.query_params.get("done"), request.query_params.get("refused")
    if done in _DONE:
        return Answer("good", t(_DONE[done]))
    return Answer("bad", refusal_words(refused, t)) if refused else None
