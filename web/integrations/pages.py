"""Pages of administrators: tokens of programs, and webhooks."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from litestar.types import ControllerRouterHandler

from hall.model import HallState
from hall.words import N_, Words
from provisioning.errors import IntegrationError
from provisioning.tokens import MOST_DAYS, SCOPE_NAMES, Scope, Tokens
from provisioning.webhooks import LONGEST_URL, Webhooks
from wait_log.errors import StoreError
from wait_log.reader import Reader
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.desk import desk_page
from web.errors import TargetError
from web.forms import Form, read_form
from web.integrations.delivery import Courier, newest_seq
from web.integrations.public_events import KINDS
from web.integrations.targets import Targets

TOKENS = "/accounts/tokens"
WEBHOOKS = "/accounts/webhooks"
_ACCOUNTS = "/accounts"
_USUAL_DAYS = 180
_MOST_SECRETS = 50
_NOTHING = Form(FormMultiDict())
_TESTED = {
    "ok": N_("Nơi nhận đã nhận tin thử."),
    "failed": N_("Nơi nhận chưa nhận được tin thử."),
}
_KIND_NAMES = {
    "ticket_issued": N_("Cấp số"),
    "ticket_delivered": N_("Số sổ dự phòng được chuyển đến"),
    "ticket_called": N_("Gọi số"),
    "ticket_recalled": N_("Gọi lại"),
    "serving_started": N_("Bắt đầu phục vụ"),
    "ticket_finished": N_("Xong lượt"),
    "ticket_absent": N_("Vắng mặt"),
    "ticket_parked": N_("Chờ ký"),
    "ticket_transferred": N_("Chuyển lượt"),
    "ticket_returned": N_("Trở lại hàng chờ"),
    "class_set": N_("Sửa diện ưu tiên"),
    "ticket_voided": N_("Hủy số"),
    "step_undone": N_("Hoàn tác một bước"),
    "counter_opened": N_("Quầy mở"),
    "counter_paused": N_("Quầy tạm nghỉ"),
    "counter_closed": N_("Quầy đóng"),
    "outage_reported": N_("Sự cố hệ thống bắt đầu"),
    "outage_ended": N_("Sự cố hệ thống kết thúc"),
    "call_announced": N_("Lời gọi đã đến người dân"),
    "call_unannounced": N_("Lời gọi chưa đến người dân"),
    "config_applied": N_("Áp dụng cấu hình"),
    "day_opened": N_("Mở ngày làm việc"),
    "restored": N_("Phục hồi từ bản sao lưu"),
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IntegrationsSite:
    """What the pages need; `shown_once` holds a new secret until the next page of its maker."""

    tokens: Tokens
    webhooks: Webhooks
    targets: Targets
    courier: Courier
    reader: Reader
    hall: Callable[[], HallState]
    now: Callable[[], datetime]
    shown_once: dict[bytes, tuple[str, str]] = field(default_factory=dict)

    def keep_secret(self, visitor: Visitor, name: str, secret: str) -> None:
        """Keep a secret for the next page of this login."""
        self.shown_once[visitor.login.digest] = (name, secret)
        while len(self.shown_once) > _MOST_SECRETS:
            del self.shown_once[next(iter(self.shown_once))]

    def take_secret(self, visitor: Visitor) -> tuple[str, str] | None:
        """Return the secret to show, once."""
        return self.shown_once.pop(visitor.login.digest, None)


@get(TOKENS, opt=open_to(Role.ADMINISTRATOR))
async def tokens_page(
    integrations: NamedDependency[IntegrationsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the tokens of programs."""
    return await _tokens_page(integrations, visitor, t, _NOTHING, {})


@post(TOKENS, opt=open_to(Role.ADMINISTRATOR))
async def make_token(
    request: AnyRequest,
    integrations: NamedDependency[IntegrationsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Response[object] | Template:
    """Make a token and show its secret on the page that follows, and never again."""
    form = await read_form(request)
    scopes = {Scope(scope) for scope in form.all("scope") if scope in set(Scope)}
    try:
        token, secret = await asyncio.to_thread(
            integrations.tokens.make,
            form.text("name"),
            scopes,
            _number(form.text("days", 4)),
            by=visitor.account,
            address=client_address(request),
        )
    except IntegrationError as error:
        return await _tokens_page(integrations, visitor, t, form, {error.field: t(str(error))})
    integrations.keep_secret(visitor, token.name, secret)
    return _see(TOKENS)


@post(f"{TOKENS}/{{number:int}}/revoke", opt=open_to(Role.ADMINISTRATOR))
async def revoke_token(
    request: AnyRequest,
    integrations: NamedDependency[IntegrationsSite],
    visitor: NamedDependency[Visitor],
    number: FromPath[int],
) -> Response[object]:
    """Revoke a token."""
    await asyncio.to_thread(
        integrations.tokens.revoke, number, by=visitor.account, address=client_address(request)
    )
    return _see(TOKENS)


@get(WEBHOOKS, opt=open_to(Role.ADMINISTRATOR))
async def webhooks_page(
    request: AnyRequest,
    integrations: NamedDependency[IntegrationsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the receivers of events."""
    tested = request.query_params.get("tested", "")
    return await _webhooks_page(integrations, visitor, t, _NOTHING, {}, tested=tested)


@post(WEBHOOKS, opt=open_to(Role.ADMINISTRATOR))
async def add_webhook(
    request: AnyRequest,
    integrations: NamedDependency[IntegrationsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Response[object] | Template:
    """Add a receiver; its secret is shown on the page that follows."""
    form = await read_form(request)
    url = form.text("url", LONGEST_URL).strip()
    try:
        integrations.targets.parse(url)
        cursor = await asyncio.to_thread(newest_seq, integrations.reader)
        webhook = await asyncio.to_thread(
            integrations.webhooks.add,
            form.text("name"),
            url,
            [kind for kind in form.all("kind") if kind in KINDS],
            cursor,
            by=visitor.account,
            address=client_address(request),
        )
    except IntegrationError as error:
        wrong = {error.field: t(str(error))}
        return await _webhooks_page(integrations, visitor, t, form, wrong)
    except StoreError as error:
        _log.warning("no webhook added error=%s", error)
        wrong = {"url": t("Chưa đọc được sổ ghi lúc này. Mời quý vị thử lại sau ít phút.")}
        return await _webhooks_page(integrations, visitor, t, form, wrong)
    integrations.keep_secret(visitor, webhook.name, webhook.secret)
    return _see(WEBHOOKS)


@post(f"{WEBHOOKS}/{{number:int}}/remove", opt=open_to(Role.ADMINISTRATOR))
async def remove_webhook(
    request: AnyRequest,
    integrations: NamedDependency[IntegrationsSite],
    visitor: NamedDependency[Visitor],
    number: FromPath[int],
) -> Response[object]:
    """Forget a receiver and what waits for it."""
    await asyncio.to_thread(
        integrations.webhooks.remove, number, by=visitor.account, address=client_address(request)
    )
    return _see(WEBHOOKS)


@post(f"{WEBHOOKS}/{{number:int}}/test", opt=open_to(Role.ADMINISTRATOR))
async def try_webhook(
    integrations: NamedDependency[IntegrationsSite], number: FromPath[int]
) -> Response[object]:
    """Send a message that says that it is a test, and tell whether it was taken."""
    found = await asyncio.to_thread(integrations.webhooks.list)
    webhook = next((one for one in found if one.id == number), None)
    if webhook is None:
        return _see(WEBHOOKS)
    now = integrations.now()
    body = json.dumps({"kind": "test", "at": now.isoformat(), "data": {}}).encode()
    try:
        await integrations.courier.send(webhook, f"{number}-test-{now.timestamp():.0f}", body)
    except TargetError as error:
        _log.info("webhook test failed webhook=%d error=%s", number, error)
        return _see(f"{WEBHOOKS}?tested=failed")
    return _see(f"{WEBHOOKS}?tested=ok")


PAGE_ROUTES: list[ControllerRouterHandler] = [
    tokens_page,
    make_token,
    revoke_token,
    webhooks_page,
    add_webhook,
    remove_webhook,
    try_webhook,
]


async def _tokens_page(
    site: IntegrationsSite, visitor: Visitor, t: Words, form: Form, wrong: dict[str, str]
) -> Template:
    tokens = await asyncio.to_thread(site.tokens.list)
    return desk_page(
        "tokens.html",
        visitor,
        t,
        current=_ACCOUNTS,
        status_code=400 if wrong else 200,
        tokens=tokens,
        scopes=[(scope, t(name)) for scope, name in SCOPE_NAMES.items()],
        scope_names={scope: t(name) for scope, name in SCOPE_NAMES.items()},
        now=site.now(),
        zone=site.hall().zone,
        most_days=MOST_DAYS,
        usual_days=_USUAL_DAYS,
        form=form,
        wrong=wrong,
        secret=None if wrong else site.take_secret(visitor),
    )


async def _webhooks_page(
    site: IntegrationsSite,
    visitor: Visitor,
    t: Words,
    form: Form,
    wrong: dict[str, str],
    *,
    tested: str = "",
) -> Template:
    webhooks = await asyncio.to_thread(site.webhooks.list)
    return desk_page(
        "webhooks.html",
        visitor,
        t,
        current=_ACCOUNTS,
        status_code=400 if wrong else 200,
        webhooks=webhooks,
        kinds=[(kind, t(_KIND_NAMES[kind])) for kind in KINDS],
        kind_names={kind: t(name) for kind, name in _KIND_NAMES.items()},
        zone=site.hall().zone,
        longest_url=LONGEST_URL,
        form=form,
        wrong=wrong,
        tested=tested,
        tested_says=t(_TESTED[tested]) if tested in _TESTED else "",
        secret=None if wrong else site.take_secret(visitor),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _see(target: str) -> Redirect:
    return Redirect(target, status_code=303)
