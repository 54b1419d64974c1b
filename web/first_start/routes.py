"""The addresses of "Khai báo lần đầu": six steps, each of which can be left for later."""

import asyncio
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from bus.commands import TestDevice
from config import Problem
from config import Role as DeviceRole
from hall.words import N_, Words
from provisioning.backup.errors import BackupError
from provisioning.backup.recovery import has_recovery, make_recovery
from provisioning.drafts import SettingsDraft
from provisioning.first_start.steps import FirstSteps, Step
from wait_log.errors import StoreError
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.assets import icon_names
from web.commands import CommandDesk, refusal_words
from web.desk import desk_page
from web.devices.view import devices_view
from web.settings.applying import Result, apply
from web.settings.changes import changes
from web.settings.fields import Field, Node
from web.settings.labels import CHOICES
from web.settings.page import SettingsPage, settings_page
from web.settings.routes import (
    OUTCOMES,
    NoVersionError,
    SettingsSite,
    draft_of,
    form_texts,
    keep_draft,
    no_store,
    note_applied,
)
from web.settings.tabs import act, items, take_form
from web.settings.versions import Version

_ADMINISTRATORS = open_to(Role.ADMINISTRATOR)
_MOST_FORM_BYTES = 512 * 1024
_REFUSED, _UNAVAILABLE = 422, 503
_LATER = "later"
_ANSWERS = ("good", "bad", "nothing")

TITLES: Mapping[Step, str] = {
    Step.CENTRE: N_("Tên phường"),
    Step.SERVICES: N_("Các lĩnh vực"),
    Step.COUNTERS: N_("Các quầy"),
    Step.PRINTER: N_("Máy in"),
    Step.BOARDS: N_("Bảng và loa"),
    Step.ADMINISTRATOR: N_("Cụm từ khôi phục"),
}
_TESTED: Mapping[Step, frozenset[DeviceRole]] = {
    Step.PRINTER: frozenset({DeviceRole.KIOSK}),
    Step.BOARDS: frozenset({DeviceRole.BOARD, DeviceRole.ANNOUNCER}),
}
_ASKED: Mapping[Step, tuple[str, ...]] = {
    Step.CENTRE: ("name", "place", "city", "hotline"),
    Step.SERVICES: ("name", "code", "digit"),
    Step.COUNTERS: ("number", "name", "serves"),
}
"""The last word of the settings that a step asks for; the others stay on the page "Cấu hình"."""
_STEPS = tuple(Step)


@dataclass(frozen=True)
class FirstSite:
    """What the steps are made from."""

    steps: FirstSteps
    settings: SettingsSite
    commands: CommandDesk
    data: Path


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one service or counter, or of the centre."""

    page: SettingsPage
    nodes: tuple[Node, ...]


@get("/start", opt=_ADMINISTRATORS, status_code=303)
async def start(first_start: NamedDependency[FirstSite]) -> Redirect:
    """Lead to the first step that is not done."""
    answers = await asyncio.to_thread(first_start.steps.answers)
    step = next((step for step in _STEPS if step not in answers), Step.CENTRE)
    return Redirect(f"/start/{step}", status_code=303)


@get("/start/{name:str}", opt=_ADMINISTRATORS)
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
    return await _page(first_start, visitor, t, step, notice=notice, failed=failed)


@post("/start/{name:str}", opt=_ADMINISTRATORS, request_max_body_size=_MOST_FORM_BYTES)
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
        return Redirect(_after(step), status_code=303)
    if step in _ASKED:
        return await _take_settings(request, first_start, visitor, t, step, form)
    if step in _TESTED:
        return await _take_test(request, first_start, visitor, t, step, form)
    return await _take_recovery(request, first_start, visitor, t, form)


START_ROUTES: list[ControllerRouterHandler] = [start, step_page, answer_step]


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
            return await _page(
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
    return await _done(request, first_start, visitor, step, "")


async def _take_test(  # noqa: PLR0917 - what a form is taken with
    request: AnyRequest,
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    step: Step,
    form: Mapping[str, Sequence[str]],
) -> Template | Redirect:
    """Have a device show that it works, or note how that looked."""
    do = form.get("do", [""])[0]
    if do in _ANSWERS:
        if do == "good":
            return await _done(request, first_start, visitor, step, do)
        said = N_("Mời xem dây, nguồn và giấy, rồi thử lại; hoặc để bước này làm sau.")
        return await _page(first_start, visitor, t, step, failed=t(said))
    device = form.get("device", [""])[0][:40]
    command = TestDevice(device=device)
    reply = await first_start.commands.send(request, visitor, command, "test_device", device)
    said = "said=sent" if reply.ok else f"refused={reply.error or 'unavailable'}"
    return Redirect(f"/start/{step}?{said}", status_code=303)


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
        return await _done(request, first_start, visitor, step, "written")
    # A page that was sent again, or was left open, replaces no phrase that is on paper.
    if do != "make" or form.get("known", [""])[0] != ("yes" if made else ""):
        return Redirect(f"/start/{step}", status_code=303)
    try:
        phrase = await asyncio.to_thread(make_recovery, first_start.data)
    except BackupError as error:
        return await _page(
            first_start, visitor, t, step, failed=error.said(t), status_code=_UNAVAILABLE
        )
    address = client_address(request)
    await asyncio.to_thread(
        first_start.settings.db.audit, visitor.account, address, "recovery_made", ""
    )
    return await _page(first_start, visitor, t, step, phrase=phrase)


async def _done(
    request: AnyRequest, first_start: FirstSite, visitor: Visitor, step: Step, answer: str
) -> Redirect:
    def note() -> None:
        first_start.steps.done(step, answer, by=visitor.account, address=client_address(request))

    await asyncio.to_thread(note)
    return Redirect(_after(step), status_code=303)


async def _page(
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    step: Step,
    *,
    notice: str = "",
    failed: str = "",
    phrase: str = "",
    refused: Sequence[Problem] = (),
    status_code: int = 0,
) -> Template:
    state = first_start.settings.hall.state
    parts: list[Part] = []
    if step in _ASKED:
        try:
            present, draft = await draft_of(first_start.settings, visitor)
        except (StoreError, NoVersionError) as error:
            return no_store(error, visitor, t, step)
        parts = await asyncio.to_thread(_parts, first_start, step, present, draft, t, refused)
    answers = await asyncio.to_thread(first_start.steps.answers)
    roles, centre = _TESTED.get(step, frozenset()), state.centre
    ours = {device.id for device in centre.devices if device.role in roles} if centre else set()
    hall, now = first_start.settings.hall, first_start.settings.link.now()
    cards = devices_view(state, hall.last_heard.get, now, t).cards if ours else ()
    return desk_page(
        "start.html",
        visitor,
        t,
        current="/start",
        status_code=status_code or (_REFUSED if refused else 200),
        step=step.value,
        number=_STEPS.index(step) + 1,
        steps=[(one.value, t(TITLES[one]), one in answers) for one in _STEPS],
        title_of_step=t(TITLES[step]),
        parts_asked=parts,
        wrongs=parts[0].page.wrongs if parts else [],
        choices=CHOICES,
        icons=icon_names(),
        devices=[card for card in cards if card.id in ours],
        notice=notice,
        failed=failed,
        phrase=phrase.split(),
        made=await asyncio.to_thread(has_recovery, first_start.data),
        all_done=all(one in answers for one in _STEPS),
    )


def _parts(  # noqa: PLR0917 - what a page is made from
    first_start: FirstSite,
    step: Step,
    present: Version,
    draft: SettingsDraft,
    t: Words,
    refused: Sequence[Problem],
) -> list[Part]:
    state = first_start.settings.hall.state
    found = []
    for item in range(max(1, items(step, draft.centre))):
        page = settings_page(step, item, present, draft, state, t, refused)
        nodes = [node for group in page.groups for node in group.nodes if _is_asked(step, node)]
        found.append(Part(page, tuple(nodes)))
    return found


def _is_asked(step: Step, node: Node) -> bool:
    return (
        isinstance(node, Field)
        and node.path.rpartition(".")[2] in _ASKED[step]
        and not node.path.startswith("classes")
    )


def _step(name: str, t: Words) -> Step:
    if name not in frozenset(Step):
        raise NotFoundException(t("Không có trang này."))
    return Step(name)


def _after(step: Step) -> str:
    at = _STEPS.index(step) + 1
    return f"/start/{_STEPS[at]}" if at < len(_STEPS) else "/"
