"""The forms of what is settled for reports: letterheads, texts, signatories, mail."""

import asyncio

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.words import Words
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.desk import desk_page
from web.report.daily_sheet_job import trial_letter
from web.report.document import Letterhead, Signatory
from web.report.drafts import Author
from web.report.forms import MOST_BODY_BYTES, Typed, changed_settings, settings_from_form
from web.report.routes import ReportSite
from web.report.settings import MOST_SIGNATORIES, ReportSettings, letterhead
from web.settings.tabs import tab_names

ADDRESS = "/settings/report"
_FREE_ROWS = 2
_WRONG = 422


@get(ADDRESS, opt=open_to(Role.ADMINISTRATOR))
async def settings_page(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the settings of reports."""
    settled = await asyncio.to_thread(report.drafts.settings)
    said = ""
    if "saved" in request.query_params:
        said = t("Đã lưu.")
    elif "tried" in request.query_params:
        said = t("Đã xếp thư thử vào hàng gửi. Kết quả hiện ở trang Báo cáo sau ít phút.")
    return _page(report, settled, visitor, t, said=said)


@post(
    ADDRESS,
    opt=open_to(Role.ADMINISTRATOR),
    status_code=200,
    request_max_body_size=MOST_BODY_BYTES,
)
async def save_settings(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Keep the settings, and try waiting mail with them at once."""
    fields = await request.form()
    typed = Typed({name: value for name, value in fields.items() if isinstance(value, str)}, t)
    before = await asyncio.to_thread(report.drafts.settings)
    settled = settings_from_form(typed, before)
    if typed.problems:
        return _page(report, settled, visitor, t, typed.problems, status=_WRONG)
    author = Author(visitor.account, client_address(request))
    what = changed_settings(before, settled)
    if what:
        await asyncio.to_thread(report.drafts.settle, settled, author, what)
        await asyncio.to_thread(report.outbox.hurry)
    if typed.line("then") == "try" and settled.mail.on:
        await asyncio.to_thread(trial_letter, report.outbox, settled.mail, report.now())
        return Redirect(f"{ADDRESS}?tried", status_code=303)
    return Redirect(f"{ADDRESS}?saved", status_code=303)


@post("/reports/mail/{number:int}/remove", opt=open_to(Role.ADMINISTRATOR), status_code=200)
async def remove_mail(
    request: AnyRequest,
    report: NamedDependency[ReportSite],
    visitor: NamedDependency[Visitor],
    number: FromPath[int],
) -> Redirect:
    """Give up on a mail that cannot be sent."""
    address = client_address(request)
    number = min(number, 2**62)
    await asyncio.to_thread(report.outbox.remove, number, visitor.account, address)
    return Redirect("/reports", status_code=303)


SETTINGS_ROUTES: list[ControllerRouterHandler] = [settings_page, save_settings, remove_mail]


def _page(
    report: ReportSite,
    settled: ReportSettings,
    visitor: Visitor,
    t: Words,
    problems: dict[str, str] | None = None,
    *,
    said: str = "",
    status: int = 200,
) -> Template:
    centre = report.centre()
    plain = msgspec.structs.replace(settled, centre=Letterhead(), ward=Letterhead())
    usual = {
        who: letterhead(plain, centre, who) if centre else Letterhead()
        for who in ("centre", "ward")
    }
    free = [Signatory()] * min(_FREE_ROWS, MOST_SIGNATORIES - len(settled.signatories))
    return desk_page(
        "report_settings.html",
        visitor,
        t,
        current="/settings",
        status_code=status,
        settled=settled,
        tabs=tab_names(t),
        usual=usual,
        signatories=[*settled.signatories, *free],
        problems=problems or {},
        said=said,
    )
