"""The addresses of "Khai báo lần đầu": six steps, each of which can be left for later."""

import asyncio
from collections.abc import Mapping, Sequence
from copy import deepcopy

from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from bus.commands import TestDevice
from hall.words import N_, Words
from provisioning.backup.errors import BackupError
from provisioning.backup.recovery import has_recovery, make_recovery
from provisioning.drafts import SettingsDraft
from provisioning.first_start.steps import Step
from wait_log.errors import StoreError
from web.access import AnyRequest, Visitor, client_address
from web.commands import refusal_words
from web.first_start.page import (
    ADMINISTRATORS,
    ANSWERS,
    ASKED,
    STEPS,
    UNAVAILABLE,
    FirstSite,
    after,
    first_page,
    sent,
    step_done,
)
from web.first_start.printing import PRINTER_ROUTES, take_printer
from web.settings.applying import Result, apply
from web.settings.changes import changes
from web.settings.routes import (
    OUTCOMES,
    NoVersionError,
    draft_of,
    form_texts,
    keep_draft,
    no_store,
    note_applied,
)
from web.settings.tabs import act, items, take_form

_MOST_FORM_BYTES = 512 * 1024
_LATER = "later"


@get("/start", opt=ADMINISTRATORS, status_code=303)
async def start(first_start: NamedDependency[FirstSite]) -> Redirect:
    """Lead to the first step that is not done."""
    answers = await asyncio.to_thread(first_start.steps.answers)
    step = next((step for step in STEPS if step not in answers), Step.CENTRE)
    return Redirect(f"/start/{step}", status_code=303)


@get("/start/{name:str}", opt=ADMINISTRATORS)
async def step_page(
    name: FromPath[str],
    request: AnyRequest,
    first_start: NamedDependency[FirstSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with a step."""
    step = _step(name, t)
    said = request.query_params.get("said", "")
    notice = t(N_("Đã gửi yêu cầu thử.")) if said == "sent" else ""
    failed = refusal_words(request.query_params.get("refused", ""), t)
    return await first_page(first_start, visitor, t, step, notice=notice, failed=failed)


@post("/start/{name:str}", opt=ADMINISTRATORS, request_max_body_size=_MOST_FORM_BYTES)
async def answer_step(
    name: FromPath[str],
    request: AnyRequest,
    first_start: NamedDependency[FirstSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Take what was typed or pressed in a step."""
    step = _step(name, t)
    form = await form_texts(request)
    do = form.get("do", [""])[0]
    if do == _LATER:
        return Redirect(after(step), status_code=303)
    if step in ASKED:
        return await _take_settings(request, first_start, visitor, t, step, form)
    if step is Step.PRINTER:
        return await take_printer(request, first_start, visitor, t, form)
    if step is Step.BOARDS:
        return await _take_test(request, first_start, visitor, t, form)
    return await _take_recovery(request, first_start, visitor, t, form)


START_ROUTES: list[ControllerRouterHandler] = [
    start,
    step_page,
    answer_step,
    *PRINTER_ROUTES,
]


async def _take_settings(  # noqa: PLR0917 - what a form is taken with
    request: AnyRequest,
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    step: Step,
    form: Mapping[str, Sequence[str]],
) -> Template | Redirect:
    """Keep the draft in any case; apply it when the step is to be left."""
    site = first_start.settings
    try:
        present, draft = await draft_of(site, visitor)
    except (StoreError, NoVersionError) as error:
        return no_store(error, visitor, t, step)
    raw = deepcopy(draft.centre)
    for item in range(max(1, items(step, raw))):
        take_form(step, raw, item, form)
    do, _, item_text = form.get("do", [""])[0].partition("-")
    item = int(item_text) if item_text.isdecimal() and len(item_text) < len("1000") else 0
    if do in ("add", "remove") and item < max(1, items(step, raw)):
        act(step, raw, item, do)
    await keep_draft(site, visitor, present, SettingsDraft(draft.version, raw))
    if do != "next":
        return Redirect(f"/start/{step}", status_code=303)
    if raw != present.centre:
        outcome = await apply(site.link, draft.version, raw, visitor.account)
        if outcome.result is not Result.APPLIED:
            return await first_page(
                first_start,
                visitor,
                t,
                step,
                failed=t(OUTCOMES[outcome.result]),
                refused=outcome.problems,
            )
        what = changes(present.centre, raw, t)
        detail = "; ".join(f"{c.place} {c.label}: {c.old} → {c.new}" for c in what)
        await note_applied(request, site, visitor, outcome, "settings_applied", detail)
    return await step_done(request, first_start, visitor, step, "")


async def _take_test(
    request: AnyRequest,
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    form: Mapping[str, Sequence[str]],
) -> Template | Redirect:
    """Have a device show that it works, or note how that looked."""
    step, do = Step.BOARDS, form.get("do", [""])[0]
    if do in ANSWERS:
        if do == "good":
            return await step_done(request, first_start, visitor, step, do)
        said = N_("Mời xem dây và nguồn, rồi thử lại; hoặc để bước này làm sau.")
        return await first_page(first_start, visitor, t, step, failed=t(said))
    device = form.get("device", [""])[0][:40]
    command = TestDevice(device=device)
    reply = await first_start.commands.send(request, visitor, command, "test_device", device)
    return sent(step, reply)


async def _take_recovery(
    request: AnyRequest,
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    form: Mapping[str, Sequence[str]],
) -> Template | Redirect:
    """Show a new phrase, this once; or take somebody's word that it is on paper."""
    step, do = Step.ADMINISTRATOR, form.get("do", [""])[0]
    made = await asyncio.to_thread(has_recovery, first_start.data)
    if do == "written" and made:
        return await step_done(request, first_start, visitor, step, "written")
    # A page that was sent again, or was left open, replaces no phrase that is on paper.
    if do != "make" or form.get("known", [""])[0] != ("yes" if made else ""):
        return Redirect(f"/start/{step}", status_code=303)
    try:
        phrase = await asyncio.to_thread(make_recovery, first_start.data)
    except BackupError as error:
        return await first_page(
            first_start, visitor, t, step, failed=error.said(t), status_code=UNAVAILABLE
        )
    address = client_address(request)
    await asyncio.to_thread(
        first_start.settings.db.audit, visitor.account, address, "recovery_made", ""
    )
    return await first_page(first_start, visitor, t, step, phrase=phrase)


def _step(name: str, t: Words) -> Step:
    if name not in frozenset(Step):
        raise NotFoundException(t("Không có trang này."))
    return Step(name)
