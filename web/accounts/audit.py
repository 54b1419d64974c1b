"""The page "Nhật ký quản trị": every login and every change."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from hall.words import Words
from provisioning.audit import ACTIONS, AuditQuery, audit_page, audited_actions
from web.access import AnyRequest, Role, Visitor, open_to
from web.desk import desk_page
from web.login.site import LoginSite

_HERE = "/accounts/audit"
_PER_PAGE = 50
_LONGEST = 64
_MOST_DIGITS = 18


@get(_HERE, opt=open_to(Role.ADMINISTRATOR))
async def audit_log(
    request: AnyRequest,
    login: NamedDependency[LoginSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the newest entries, or those before one."""
    asked = {name: value[:_LONGEST] for name, value in request.query_params.items()}
    zone, db = login.hall.state.zone, login.accounts.db
    wrong = [name for name in ("from", "to") if asked.get(name) and not _day(asked, name)]
    entries = await asyncio.to_thread(audit_page, db, _query(asked, zone), _PER_PAGE)
    chosen = {name: asked.get(name, "") for name in ("account", "action", "from", "to")}
    older = {**chosen, "before": entries[_PER_PAGE - 1].serial} if entries[_PER_PAGE:] else None
    context: dict[str, Any] = {
        "entries": entries[:_PER_PAGE],
        "actions": [(action, t(ACTIONS.get(action, action))) for action in await _actions(login)],
        "action_names": ACTIONS,
        "chosen": chosen,
        "wrong": wrong,
        "older": urlencode(older) if older else "",
        "newest": urlencode(chosen) if asked.get("before") else "",
        "zone": zone,
    }
    return desk_page("audit.html", visitor, t, current="/accounts", **context)


AUDIT_ROUTES: list[ControllerRouterHandler] = [audit_log]


async def _actions(login: LoginSite) -> list[str]:
    return await asyncio.to_thread(audited_actions, login.accounts.db)


def _query(asked: dict[str, str], zone: ZoneInfo) -> AuditQuery:
    since, last = _day(asked, "from"), _day(asked, "to")
    before = asked.get("before", "")
    numeric = before.isascii() and before.isdigit() and len(before) <= _MOST_DIGITS
    return AuditQuery(
        account=asked.get("account", "").strip(),
        action=asked.get("action", ""),
        since=_begin(since, zone) if since else None,
        until=_begin(last + timedelta(days=1), zone) if last else None,
        before=int(before) if numeric else None,
    )


def _day(asked: dict[str, str], name: str) -> date | None:
    """Return a day of this century that was asked for."""
    try:
        day = date.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day < date(2100, 1, 1) else None


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
