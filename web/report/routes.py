"""The page "Báo cáo": make the report of a period, edit it, download it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from config import Centre
from hall.words import N_, Words
from wait_log.errors import StoreError
from wait_log.figures import Figures, Selection
from wait_log.periods import Period, Preset, last_ended, period_of
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.desk import desk_page
from web.export.satisfaction import Opinions
from web.report.document import Report, Wording
from web.report.drafts import Author, Draft, Drafts
from web.report.errors import DraftChangedError, NoDraftError
from web.report.forms import MOST_BODY_BYTES, Typed, wording_from
from web.report.make import make_report
from web.report.outbox import Outbox
from web.report.preview import sheet
from web.report.word import word_file

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PRESETS = {
    Preset.MONTH: N_("Tháng báo cáo (15 – 14)"),
    Preset.CALENDAR_MONTH: N_("Tháng dương lịch"),
    Preset.WEEK: N_("Tuần"),
    Preset.QUARTER: N_("Quý"),
    Preset.HALF: N_("Sáu tháng"),
    Preset.NINE_MONTHS: N_("Chín tháng"),
    Preset.YEAR: N_("Năm"),
    Preset.TODAY: N_("Hôm nay"),
}
_ADDRESS = "/reports"
_AT_ONCE = 2
_CONFLICT = 409
_UNAVAILABLE = 503
_WRONG = 422


@dataclass(frozen=True)
class ReportSite:
    """What the reports are answered from; `figures` blocks and raises StoreError."""

    drafts: Drafts
    outbox: Outbox
    centre: Callable[[], Centre | None]
    figures: Callable[[Selection, Centre], Figures]
    now: Callable[[], datetime]
    opinions: Opinions
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    """Who makes a report or a file waits for a turn, so that the other pages have threads."""

    def today(self) -> date:
        """Return the date at the centre."""
        centre = self.centre()
        zone = centre.identity.zone if centre else ZoneInfo("Asia/Ho_Chi_Minh")
        return self.now().astimezone(zone).date()

    async def make(self, period: Period) -> Report:
        """Return the report of a period; raises StoreError."""
        async with self.turns:
            return await asyncio.to_thread(self._make, period)

    async def word_file(self, report: Report) -> bytes:
        """Return a report's Word file."""
        async with self.turns:
            return await asyncio.to_thread(word_file, report, self.now())

    def _make(self, period: Period) -> Report:
        centre = self.centre()
        if centre is None:
            raise StoreError("the centre is not known yet")
        figures = self.figures(Selection(period), centre)
        return make_report(figures, centre, self.drafts.settings(), self.opinions(figures))


@get(_ADDRESS, opt=open_to(Role.VIEWER))
async def reports_page(
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the drafts, and the form that makes one."""
    return await _list(report, visitor, t)


@post(_ADDRESS, opt=open_to(Role.MANAGER), status_code=200)
async def make_draft(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Make the report of a period and go on to it."""
    typed = await _typed(request, t)
    try:
        period = _period(typed, report.today())
    except ValueError:
        problem = t("Mời chọn ngày đầu và ngày cuối, ngày cuối không trước ngày đầu.")
        return await _list(report, visitor, t, problem, _WRONG)
    try:
        made = await report.make(period)
    except StoreError:
        return await _list(report, visitor, t, _no_log(t), _UNAVAILABLE)
    number = await asyncio.to_thread(report.drafts.add, made, _author(request, visitor))
    return Redirect(f"{_ADDRESS}/{number}", status_code=303)


@get(_ADDRESS + "/{number:int}", opt=open_to(Role.VIEWER))
async def draft_page(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
    number: FromPath[int],
) -> Template:
    """Answer with a draft: its words to edit, and how it looks."""
    draft = await _find(report, number)
    said = t("Đã lưu.") if "saved" in request.query_params else ""
    return _editor(draft, draft.report.wording, visitor, t, said=said)


@post(
    _ADDRESS + "/{number:int}",
    opt=open_to(Role.MANAGER),
    status_code=200,
    request_max_body_size=MOST_BODY_BYTES,
)
async def save_draft(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
    number: FromPath[int],
) -> Template | Redirect:
    """Keep what was typed."""
    draft, typed = await _find(report, number), await _typed(request, t)
    wording = wording_from(typed)
    if typed.problems:
        return _editor(draft, wording, visitor, t, typed.problems, status=_WRONG)
    rev = typed.number("rev", 0, 10**9, 0)
    author = _author(request, visitor)
    try:
        await asyncio.to_thread(report.drafts.reword, number, rev, wording, author)
    except DraftChangedError:
        problem = t(
            "{name} đã sửa báo cáo này sau khi quý vị mở. Dưới đây là nội dung quý vị vừa nhập; "
            "lưu lần nữa sẽ thay bản của người đó.",
            name=draft.entry.changed_by,
        )
        return _editor(draft, wording, visitor, t, {"": problem}, status=_CONFLICT)
    except NoDraftError as error:
        raise NotFoundException from error
    onward = "/docx" if typed.line("then") == "docx" else "?saved"
    return Redirect(f"{_ADDRESS}/{number}{onward}", status_code=303)


@post(
    _ADDRESS + "/{number:int}/preview",
    opt=open_to(Role.MANAGER),
    status_code=200,
    request_max_body_size=MOST_BODY_BYTES,
)
async def preview_draft(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    t: NamedDependency[Words],
    number: FromPath[int],
) -> Template:
    """Answer with how a draft looks with what is typed so far; nothing is kept."""
    draft, typed = await _find(report, number), await _typed(request, t)
    wording = wording_from(typed)
    shown = msgspec.structs.replace(draft.report, wording=wording)
    return Template("report_sheet.html", context={"sheet": sheet(shown)})


@post(_ADDRESS + "/{number:int}/again", opt=open_to(Role.MANAGER), status_code=200)
async def make_again(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
    number: FromPath[int],
) -> Template | Redirect:
    """Make a draft's figures and sentences again from the log as it is now."""
    draft, typed = await _find(report, number), await _typed(request, t)
    period = Period(draft.report.first, draft.report.last)
    try:
        made = await report.make(period)
    except StoreError:
        problems = {"": _no_log(t)}
        wording = draft.report.wording
        return _editor(draft, wording, visitor, t, problems, status=_UNAVAILABLE)
    made = msgspec.structs.replace(made, wording=_kept(draft.report.wording, made.wording))
    author, rev = _author(request, visitor), typed.number("rev", 0, 10**9, 0)
    try:
        await asyncio.to_thread(report.drafts.replace, number, rev, made, author)
    except DraftChangedError:
        problem = t("Báo cáo này vừa được người khác sửa. Mời xem lại rồi bấm lần nữa.")
        newest = await _find(report, number)
        wording = newest.report.wording
        return _editor(newest, wording, visitor, t, {"": problem}, status=_CONFLICT)
    except NoDraftError as error:
        raise NotFoundException from error
    return Redirect(f"{_ADDRESS}/{number}?saved", status_code=303)


@post(_ADDRESS + "/{number:int}/remove", opt=open_to(Role.MANAGER), status_code=200)
async def remove_draft(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    number: FromPath[int],
) -> Redirect:
    """Throw a draft away."""
    await asyncio.to_thread(report.drafts.remove, number, _author(request, visitor))
    return Redirect(_ADDRESS, status_code=303)


@get(_ADDRESS + "/{number:int}/docx", opt=open_to(Role.VIEWER))
async def download(report: NamedDependency[ReportSite], number: FromPath[int]) -> Response[bytes]:
    """Answer with the Word file of a draft."""
    draft = await _find(report, number)
    file = await report.word_file(draft.report)
    name = file_name(draft.report.first, draft.report.last)
    return Response(
        file,
        media_type=WORD_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


ROUTES: list[ControllerRouterHandler] = [
    reports_page,
    make_draft,
    draft_page,
    save_draft,
    preview_draft,
    make_again,
    remove_draft,
    download,
]


def file_name(first: date, last: date) -> str:
    """Return the name under which a report is saved."""
    return f"bao-cao-thoi-gian-cho-{first}--{last}.docx"


def _period(typed: Typed, today: date) -> Period:
    """Return the chosen period: the days that were typed, else the newest of its kind."""
    preset = typed.line("preset")
    if typed.line("first") and typed.line("last"):
        preset = ""
    if preset == Preset.TODAY:
        return period_of(Preset.TODAY, today)
    if preset in set(Preset):
        return last_ended(Preset(preset), today)
    return Period.parse(typed.line("first"), typed.line("last"))


async def _list(
    report: ReportSite, visitor: Visitor, t: Words, problem: str = "", status: int = 200
) -> Template:
    today = report.today()
    periods = [
        (
            preset,
            t(name),
            period_of(preset, today) if preset == Preset.TODAY else last_ended(preset, today),
        )
        for preset, name in PRESETS.items()
    ]
    entries = await asyncio.to_thread(report.drafts.entries)
    centre = report.centre()
    return desk_page(
        "reports.html",
        visitor,
        t,
        current=_ADDRESS,
        status_code=status,
        periods=periods,
        entries=entries,
        mail=await asyncio.to_thread(report.outbox.newest),
        zone=centre.identity.zone if centre else ZoneInfo("Asia/Ho_Chi_Minh"),
        may_edit=visitor.may(Role.MANAGER),
        may_settle=visitor.may(Role.ADMINISTRATOR),
        problem=problem,
    )


def _editor(
    draft: Draft,
    wording: Wording,
    visitor: Visitor,
    t: Words,
    problems: dict[str, str] | None = None,
    *,
    said: str = "",
    status: int = 200,
) -> Template:
    shown = msgspec.structs.replace(draft.report, wording=wording)
    return desk_page(
        "report_draft.html",
        visitor,
        t,
        current=_ADDRESS,
        status_code=status,
        entry=draft.entry,
        wording=wording,
        sheet=sheet(shown),
        problems=problems or {},
        said=said,
        may_edit=visitor.may(Role.MANAGER),
    )


def _kept(before: Wording, made: Wording) -> Wording:
    """Return new sentences with what a person has typed about who writes to whom."""
    return msgspec.structs.replace(
        made,
        letterhead=before.letterhead,
        number=before.number,
        signed_on=before.signed_on,
        subject=before.subject,
        addressees=before.addressees,
        opening=before.opening,
        closing=before.closing,
        recipients=before.recipients,
        signatory=before.signatory,
        annex=before.annex,
    )


async def _find(report: ReportSite, number: int) -> Draft:
    try:
        return await asyncio.to_thread(report.drafts.find, min(number, 2**62))
    except NoDraftError as error:
        raise NotFoundException from error


async def _typed(request: AnyRequest, t: Words) -> Typed:
    fields = await request.form()
    return Typed({name: value for name, value in fields.items() if isinstance(value, str)}, t)


def _author(request: AnyRequest, visitor: Visitor) -> Author:
    return Author(visitor.account, client_address(request))


def _no_log(t: Words) -> str:
    return t("Chưa đọc được nhật ký lượt, nên chưa lập được báo cáo. Mời thử lại sau ít phút.")
