"""The addresses of the page "Cấu hình": only for administrators."""

import asyncio
import logging
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from bus.session import Session
from bus.typed import convert
from config import Centre, Problem
from config.write import to_toml
from hall.model import Hall
from hall.words import N_, Words
from provisioning.drafts import MOST_BYTES, SettingsDraft, SettingsDrafts
from provisioning.site_db import SiteDb
from wait_log.errors import StoreError
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.assets import icon_names
from web.desk import desk_page
from web.settings.applying import Outcome, Result, apply, problems_of
from web.settings.changes import changes
from web.settings.fields import plain
from web.settings.labels import CHOICES
from web.settings.merge import merged
from web.settings.page import Counted, SettingsPage, address, said_of, settings_page
from web.settings.tabs import DEVICES, FORMS, act, groups, items, tab_names, take_form
from web.settings.versions import Version, Versions

_log = logging.getLogger(__name__)

_ADMINISTRATORS = open_to(Role.ADMINISTRATOR)
_MOST_FORM_BYTES = 512 * 1024
_MOST_FILE_BYTES = 256 * 1024
_MOST_VERSIONS = 50
_REFUSED, _CONFLICT, _UNAVAILABLE, _TOO_LARGE = 422, 409, 503, 413
_CURRENT = "/settings"

_NO_STORE = N_(
    "Chưa đọc được cấu hình từ kho dữ liệu. Mời quý vị thử lại sau ít phút, hoặc báo người quản "
    "trị xem nhật ký của máy."
)
OUTCOMES: Mapping[Result, str] = {
    Result.CONFLICT: N_("Người khác vừa áp dụng một phiên bản mới. Mời xem thay đổi của cả hai."),
    Result.REFUSED: N_("Chưa áp dụng được. Mời sửa các chỗ nêu bên cạnh rồi thử lại."),
    Result.UNKNOWN: N_(
        "Dịch vụ xếp hàng chưa trả lời nên chưa rõ phiên bản mới đã được áp dụng hay chưa. Mời "
        "xem thẻ Phiên bản sau ít phút; bản nháp vẫn còn."
    ),
}


@dataclass(frozen=True)
class SettingsSite:
    """What the page is made from."""

    hall: Hall
    link: Session
    versions: Versions
    drafts: SettingsDrafts
    db: SiteDb


class NoVersionError(Exception):
    """There is no version of the centre to edit."""


@get("/settings", opt=_ADMINISTRATORS, status_code=303)
async def settings_home() -> Redirect:
    """Lead to the first tab."""
    return Redirect("/settings/centre", status_code=303)


@get("/settings/{tab:str}", opt=_ADMINISTRATORS)
async def settings_tab(
    tab: FromPath[str],
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the forms of a tab."""
    if tab not in FORMS:
        raise NotFoundException(t("Không có trang này."))
    try:
        present, draft = await draft_of(settings_site, visitor)
    except (StoreError, NoVersionError) as error:
        return no_store(error, visitor, t, tab)
    item = _item(request.query_params.get("item"))
    state = settings_site.hall.state
    page = await asyncio.to_thread(settings_page, tab, item, present, draft, state, t)
    said = request.query_params.get("said", "")
    return await _shown(page, settings_site, visitor, t, notice=_SAID.get(said, ""))


@post("/settings/{tab:str}/draft", opt=_ADMINISTRATORS, request_max_body_size=_MOST_FORM_BYTES)
async def change_draft(
    tab: FromPath[str],
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Response[Any] | Template | Redirect:
    """Keep what came with a tab's form in the draft, and do what its button says."""
    if tab not in FORMS:
        raise NotFoundException(t("Không có trang này."))
    form = await form_texts(request)
    try:
        present, draft = await draft_of(settings_site, visitor)
    except (StoreError, NoVersionError) as error:
        return no_store(error, visitor, t, tab)
    raw = deepcopy(draft.centre)
    item = _known_item(tab, raw, _item(form.get("item", ["0"])[0]))
    take_form(tab, raw, item, form)
    item = act(tab, raw, item, form.get("do", [""])[0])
    if len(msgspec.json.encode(raw)) > MOST_BYTES:
        said = t("Cấu hình quá dài nên chưa lưu. Mời quý vị bỏ bớt chữ.")
        return Response(f"{said}\n", status_code=_TOO_LARGE, media_type="text/plain")
    await keep_draft(settings_site, visitor, present, SettingsDraft(draft.version, raw))
    return Redirect(address(tab, item), status_code=303)


@post("/settings/apply", opt=_ADMINISTRATORS, request_max_body_size=_MOST_FORM_BYTES)
async def apply_draft(
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Apply the draft that was shown, and say what became of it."""
    form = await form_texts(request)
    tab, item = form.get("tab", ["centre"])[0], _item(form.get("item", ["0"])[0])
    tab = tab if tab in FORMS else "centre"
    try:
        present, draft = await draft_of(settings_site, visitor)
    except (StoreError, NoVersionError) as error:
        return no_store(error, visitor, t, tab)
    raw = deepcopy(draft.centre)
    take_form(tab, raw, _known_item(tab, raw, item), form)
    if raw != draft.centre:
        await keep_draft(settings_site, visitor, present, SettingsDraft(draft.version, raw))
        return Redirect(_address_saying("look", tab, item), status_code=303)
    outcome = await apply(settings_site.link, draft.version, draft.centre, visitor.account)
    if outcome.result is Result.APPLIED:
        what = changes(present.centre, draft.centre, t)
        detail = "; ".join(f"{c.place} {c.label}: {c.old} → {c.new}" for c in what)
        await note_applied(request, settings_site, visitor, outcome, "settings_applied", detail)
        return Redirect(f"/settings/versions?applied={outcome.version}", status_code=303)
    page = await asyncio.to_thread(
        settings_page, tab, item, present, draft, settings_site.hall.state, t, outcome.problems
    )
    return await _shown(page, settings_site, visitor, t, outcome=outcome)


@post("/settings/discard", opt=_ADMINISTRATORS)
async def discard_draft(
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """Forget the draft."""
    form = await form_texts(request)
    await asyncio.to_thread(settings_site.drafts.drop, visitor.account)
    tab = form.get("tab", [""])[0]
    return Redirect(f"/settings/{tab if tab in FORMS else 'centre'}", status_code=303)


@post("/settings/merge", opt=_ADMINISTRATORS)
async def merge_draft(
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Put the draft on top of the version that somebody else has applied meanwhile."""
    form = await form_texts(request)
    try:
        present, draft = await draft_of(settings_site, visitor)
        base = await asyncio.to_thread(settings_site.versions.newest, draft.version)
    except (StoreError, NoVersionError) as error:
        return no_store(error, visitor, t, "centre")
    prefer_mine = form.get("prefer", [""])[0] == "mine"
    begun_on = base.centre if base else present.centre
    raw = merged(begun_on, present.centre, draft.centre, prefer_mine=prefer_mine)
    await keep_draft(settings_site, visitor, present, SettingsDraft(present.number, raw))
    tab = form.get("tab", [""])[0]
    return Redirect(f"/settings/{tab if tab in FORMS else 'centre'}", status_code=303)


@get("/settings/versions", opt=_ADMINISTRATORS)
async def settings_versions(
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with every version: who, when, what."""
    applied = request.query_params.get("applied", "")
    return await _versions_page(settings_site, visitor, t, applied=applied)


@post("/settings/versions/{number:int}/restore", opt=_ADMINISTRATORS)
async def restore_version(
    number: FromPath[int],
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Apply an earlier version again, as a new one."""
    form = await form_texts(request)
    seen = _item(form.get("present", ["0"])[0])
    try:
        old = await asyncio.to_thread(settings_site.versions.newest, number)
    except StoreError as error:
        return no_store(error, visitor, t, "versions")
    if old is None:
        raise NotFoundException(t("Không có phiên bản này."))
    outcome = await apply(settings_site.link, seen, old.centre, visitor.account)
    if outcome.result is Result.APPLIED:
        detail = f"{number}"
        await note_applied(request, settings_site, visitor, outcome, "settings_restored", detail)
        return Redirect(f"/settings/versions?applied={outcome.version}", status_code=303)
    return await _versions_page(settings_site, visitor, t, outcome=outcome, raw=old.centre)


@get("/settings/centre.toml", opt=_ADMINISTRATORS)
async def centre_file(
    request: AnyRequest, settings_site: NamedDependency[SettingsSite], t: NamedDependency[Words]
) -> Response[str]:
    """Answer with a version as the file that says it."""
    wanted = _item(request.query_params.get("version")) or None
    try:
        version = await asyncio.to_thread(settings_site.versions.newest, wanted)
    except StoreError as error:
        _log.warning("settings not readable error=%s", error)
        return Response(f"{t(_NO_STORE)}\n", status_code=_UNAVAILABLE, media_type="text/plain")
    if version is None:
        raise NotFoundException(t("Không có phiên bản này."))
    text = to_toml(convert(version.centre, Centre))
    name = f"centre-{version.number}.toml" if wanted else "centre.toml"
    return Response(
        text,
        media_type="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@post("/settings/upload", opt=_ADMINISTRATORS, request_max_body_size=_MOST_FORM_BYTES)
async def upload_file(
    request: AnyRequest,
    settings_site: NamedDependency[SettingsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Take a file as the draft, or say all that is wrong with it."""
    try:
        present, _ = await draft_of(settings_site, visitor)
    except (StoreError, NoVersionError) as error:
        return no_store(error, visitor, t, "versions")
    sent = (await request.form()).get("file")
    content = await sent.read(_MOST_FILE_BYTES + 1) if isinstance(sent, UploadFile) else b""
    raw, wrong = read_file(content, present.centre["identity"]["site"], t)
    if wrong:
        return await _versions_page(settings_site, visitor, t, wrong=wrong)
    await keep_draft(settings_site, visitor, present, SettingsDraft(present.number, raw))
    await asyncio.to_thread(
        settings_site.db.audit, visitor.account, client_address(request), "settings_uploaded", ""
    )
    return Redirect("/settings/centre?said=uploaded", status_code=303)


def read_file(content: bytes, site: str, t: Words) -> tuple[dict[str, Any], list[str]]:
    """Return the centre that a file says as plain values, or all that is wrong with it."""
    if not content:
        return {}, [t("Mời chọn một tệp centre.toml.")]
    if len(content) > _MOST_FILE_BYTES:
        return {}, [t("Tệp lớn quá {size} KB.", size=_MOST_FILE_BYTES // 1024)]
    try:
        parsed = tomllib.loads(content.decode())
        raw: dict[str, Any] = msgspec.to_builtins(parsed)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, TypeError) as error:
        return {}, [t("Không phải tệp TOML: {reason}", reason=" ".join(str(error).split())[:200])]
    problems = problems_of(raw)
    if not problems and raw["identity"]["site"] != site:
        text = t("Tệp này là của trung tâm khác ({site}).", site=raw["identity"]["site"])
        return {}, [text]
    if problems:
        return {}, [_said_of_file(problem, raw, t) for problem in problems[:_MOST_VERSIONS]]
    return plain(convert(raw, Centre)), []


SETTINGS_ROUTES: list[ControllerRouterHandler] = [
    settings_home,
    settings_tab,
    change_draft,
    apply_draft,
    discard_draft,
    merge_draft,
    settings_versions,
    restore_version,
    centre_file,
    upload_file,
]

_SAID = {
    "uploaded": N_("Tệp đã thành bản nháp. Mời xem thay đổi rồi áp dụng."),
    "look": N_("Đã lưu thêm chỗ vừa sửa. Mời xem lại thay đổi rồi áp dụng."),
}


def _address_saying(what: str, tab: str, item: int) -> str:
    place = address(tab, item)
    return f"{place}{'&' if '?' in place else '?'}said={what}"


def _known_item(tab: str, raw: Mapping[str, Any], item: int) -> int:
    """Return an item that there is."""
    if tab == "counters" and item == DEVICES:
        return item
    return max(0, min(item, items(tab, dict(raw)) - 1))


def _said_of_file(problem: Problem, raw: Mapping[str, Any], t: Words) -> str:
    """Return a problem in words, and where it is in the file."""
    try:
        words = said_of(problem, raw, t)
    except (LookupError, TypeError, AttributeError, ValueError):
        words = problem.text
    return f"{words} ({problem.path.removeprefix('$.')[:200]})"


async def draft_of(site: SettingsSite, visitor: Visitor) -> tuple[Version, SettingsDraft]:
    """Return the version in force and the visitor's draft, which is the same at first.

    Raises StoreError, and NoVersionError before the service has ever run.
    """
    present = await asyncio.to_thread(site.versions.newest)
    if present is None:
        raise NoVersionError
    draft = await asyncio.to_thread(site.drafts.find, visitor.account)
    if draft is not None and not _is_whole(draft):
        _log.warning("draft dropped, it is from another version account=%s", visitor.account)
        draft = None
    return present, draft or SettingsDraft(present.number, present.centre)


def _is_whole(draft: SettingsDraft) -> bool:
    """Return whether every form can be made of a draft; another version may have kept it."""
    try:
        for tab in FORMS:
            for item in range(max(1, items(tab, draft.centre))):
                groups(tab, draft.centre, item)
    except (LookupError, TypeError, AttributeError):
        return False
    return True


async def keep_draft(
    site: SettingsSite, visitor: Visitor, present: Version, draft: SettingsDraft
) -> None:
    """Keep a draft; one that changes nothing is forgotten."""
    if draft.version == present.number and draft.centre == present.centre:
        await asyncio.to_thread(site.drafts.drop, visitor.account)
    else:
        await asyncio.to_thread(site.drafts.keep, visitor.account, draft)


async def note_applied(  # noqa: PLR0917 - who did what
    request: AnyRequest,
    site: SettingsSite,
    visitor: Visitor,
    outcome: Outcome,
    action: str,
    detail: str,
) -> None:
    """Note that a version was applied; the draft that became it is over."""
    address = client_address(request)
    text = f"{outcome.version}: {detail}"
    await asyncio.to_thread(site.db.audit, visitor.account, address, action, text)
    await asyncio.to_thread(site.drafts.drop, visitor.account)


async def _shown(
    page: SettingsPage,
    site: SettingsSite,
    visitor: Visitor,
    t: Words,
    *,
    notice: str = "",
    outcome: Outcome | None = None,
) -> Template:
    theirs, mine = [], []
    if page.moved:
        base = await asyncio.to_thread(site.versions.newest, page.draft.version)
        if base is not None:
            theirs = changes(base.centre, page.present.centre, t)
            mine = changes(base.centre, page.draft.centre, t)
    both = {(c.place, c.label) for c in theirs} & {(c.place, c.label) for c in mine}
    status = 200
    if outcome is not None:
        status = {Result.CONFLICT: _CONFLICT, Result.UNKNOWN: _UNAVAILABLE}.get(
            outcome.result, _REFUSED
        )
    return desk_page(
        "settings.html",
        visitor,
        t,
        current=_CURRENT,
        status_code=status,
        page=page,
        choices=CHOICES,
        counted=Counted(t),
        tabs=tab_names(t),
        tab=page.tab,
        version=page.present,
        zone=site.hall.state.zone,
        notice=t(notice) if notice else "",
        failed=t(OUTCOMES[outcome.result]) if outcome else "",
        theirs=theirs,
        mine=mine,
        both=both,
        there=site.hall.state.service_there,
        icons=icon_names(),
    )


async def _versions_page(
    site: SettingsSite,
    visitor: Visitor,
    t: Words,
    *,
    applied: str = "",
    outcome: Outcome | None = None,
    raw: Mapping[str, Any] | None = None,
    wrong: list[str] | None = None,
) -> Template:
    try:
        every = await asyncio.to_thread(site.versions.last, _MOST_VERSIONS + 1)
        accounts = await asyncio.to_thread(site.db.read, "SELECT account, name FROM accounts")
    except StoreError as error:
        return no_store(error, visitor, t, "versions")
    if not every:
        return no_store(NoVersionError(), visitor, t, "versions")
    told = [said_of(problem, raw or {}, t) for problem in (outcome.problems if outcome else ())]
    shown = every[:_MOST_VERSIONS]
    older = [*every[1:], None][: len(shown)]
    entries = [
        (version, changes(before.centre, version.centre, t) if before else [])
        for version, before in zip(shown, older, strict=True)
    ]
    status = 200 if not (outcome or wrong) else _REFUSED
    return desk_page(
        "settings_versions.html",
        visitor,
        t,
        current=_CURRENT,
        status_code=status,
        choices=CHOICES,
        counted=Counted(t),
        tabs=tab_names(t),
        tab="versions",
        version=every[0],
        zone=site.hall.state.zone,
        entries=entries,
        people={row["account"]: row["name"] for row in accounts},
        more=len(every) > len(shown),
        applied=applied == str(every[0].number),
        failed=t(OUTCOMES[outcome.result]) if outcome else "",
        wrong=[*told, *(wrong or [])],
        there=site.hall.state.service_there,
    )


def no_store(error: Exception, visitor: Visitor, t: Words, tab: str) -> Template:
    """Answer with the page that says why there is no configuration to edit."""
    if isinstance(error, StoreError):
        _log.warning("settings not readable error=%s", error)
    return desk_page(
        "settings_unavailable.html",
        visitor,
        t,
        current=_CURRENT,
        status_code=_UNAVAILABLE,
        choices=CHOICES,
        counted=Counted(t),
        tabs=tab_names(t),
        tab=tab,
        said=t(_NO_STORE),
    )


async def form_texts(request: AnyRequest) -> dict[str, list[str]]:
    """Return the texts that came with a form."""
    fields = await request.form()
    return {
        name: [value for value in fields.getall(name) if isinstance(value, str)] for name in fields
    }


def _item(text: str | None) -> int:
    """Return a small whole number, 0 for anything else."""
    text = (text or "")[:6]
    return int(text) if text.removeprefix("-").isdecimal() else 0
