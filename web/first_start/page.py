"""What every step of "Khai báo lần đầu" is drawn from, and how one is left."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from litestar.response import Redirect, Template

from bus.commands import Reply
from config import Problem
from config import Role as DeviceRole
from hall.words import N_, Words
from provisioning.backup.recovery import has_recovery
from provisioning.drafts import SettingsDraft
from provisioning.first_start.steps import FirstSteps, Step
from wait_log.errors import StoreError
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.assets import icon_names
from web.commands import CommandDesk
from web.desk import desk_page
from web.devices.view import devices_view
from web.first_start.printers import (
    Typed,
    printer_step,
)
from web.settings.fields import Field, Node
from web.settings.labels import CHOICES
from web.settings.page import SettingsPage, settings_page
from web.settings.routes import (
    NoVersionError,
    SettingsSite,
    draft_of,
    no_store,
)
from web.settings.tabs import items
from web.settings.versions import Version
from web.today import LiveEvents

ADMINISTRATORS = open_to(Role.ADMINISTRATOR)
REFUSED, UNAVAILABLE = 422, 503
ANSWERS = ("good", "bad", "nothing")

TITLES: Mapping[Step, str] = {
    Step.CENTRE: N_("Tên phường"),
    Step.SERVICES: N_("Các lĩnh vực"),
    Step.COUNTERS: N_("Các quầy"),
    Step.PRINTER: N_("Máy in"),
    Step.BOARDS: N_("Bảng và loa"),
    Step.ADMINISTRATOR: N_("Cụm từ khôi phục"),
}
_SHOWN_ON = frozenset({DeviceRole.BOARD, DeviceRole.ANNOUNCER})
ASKED: Mapping[Step, tuple[str, ...]] = {
    Step.CENTRE: ("name", "place", "city", "hotline"),
    Step.SERVICES: ("name", "code", "digit"),
    Step.COUNTERS: ("number", "name", "serves"),
}
"""The last word of the settings that a step asks for; the others stay on the page "Cấu hình"."""
STEPS = tuple(Step)


@dataclass(frozen=True)
class FirstSite:
    """What the steps are made from."""

    steps: FirstSteps
    settings: SettingsSite
    commands: CommandDesk
    events: LiveEvents
    templates: Environment
    data: Path


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one service or counter, or of the centre."""

    page: SettingsPage
    nodes: tuple[Node, ...]


async def step_done(
    request: AnyRequest, first_start: FirstSite, visitor: Visitor, step: Step, answer: str
) -> Redirect:
    """Note that a step is done, and lead to the next."""

    def note() -> None:
        first_start.steps.done(step, answer, by=visitor.account, address=client_address(request))

    await asyncio.to_thread(note)
    return Redirect(after(step), status_code=303)


async def first_page(
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    step: Step,
    *,
    notice: str = "",
    failed: str = "",
    phrase: str = "",
    refused: Sequence[Problem] = (),
    typed: Typed | None = None,
    status_code: int = 0,
) -> Template:
    """Answer with a step."""
    state = first_start.settings.hall.state
    parts: list[Part] = []
    if step in ASKED:
        try:
            present, draft = await draft_of(first_start.settings, visitor)
        except (StoreError, NoVersionError) as error:
            return no_store(error, visitor, t, step)
        parts = await asyncio.to_thread(_parts, first_start, step, present, draft, t, refused)
    answers = await asyncio.to_thread(first_start.steps.answers)
    roles, centre = _SHOWN_ON if step is Step.BOARDS else frozenset(), state.centre
    ours = {device.id for device in centre.devices if device.role in roles} if centre else set()
    hall, now = first_start.settings.hall, first_start.settings.link.now()
    cards = devices_view(state, hall.last_heard.get, now, t).cards if ours else ()
    return desk_page(
        "start.html",
        visitor,
        t,
        current="/start",
        status_code=status_code or (REFUSED if refused else 200),
        step=step.value,
        number=STEPS.index(step) + 1,
        steps=[(one.value, t(TITLES[one]), one in answers) for one in STEPS],
        title_of_step=t(TITLES[step]),
        parts_asked=parts,
        wrongs=parts[0].page.wrongs if parts else [],
        choices=CHOICES,
        icons=icon_names(),
        devices=[card for card in cards if card.id in ours],
        printers=printer_step(state, t, typed),
        notice=notice,
        failed=failed,
        phrase=phrase.split(),
        made=await asyncio.to_thread(has_recovery, first_start.data),
        all_done=all(one in answers for one in STEPS),
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
        and node.path.rpartition(".")[2] in ASKED[step]
        and not node.path.startswith("classes")
    )


def sent(step: Step, reply: Reply) -> Redirect:
    """Lead back to a step, which says whether the service took what was asked of it."""
    said = "said=sent" if reply.ok else f"refused={reply.error or 'unavailable'}"
    return Redirect(f"/start/{step}?{said}", status_code=303)


def after(step: Step) -> str:
    """Return the address of the next step, or of the page "Hôm nay"."""
    at = STEPS.index(step) + 1
    return f"/start/{STEPS[at]}" if at < len(STEPS) else "/"
