"""The tab "Thủ tục" of the settings: upload a table, look at what changes, apply it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.procedures import Document, DocumentError, Procedure, Published, publish
from hall.procedures.table import COLUMNS, Problem, TableError, read_csv, read_table
from hall.words import N_, Words
from provisioning.procedures import ProceduresDraft
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.desk import desk_page
from web.export.csv_file import csv_file
from web.forms import read_form
from web.procedures.public import names_of
from web.procedures.site import ProceduresSite
from web.procedures.workbook import make_xlsx, read_xlsx, table_of
from web.settings.tabs import tab_names

MOST_FILE_BYTES = 2 * 1024 * 1024
_MOST_FORM_BYTES = MOST_FILE_BYTES + 64 * 1024
_MOST_CHANGES = 300
_LONGEST_SOURCE = 120
_REFUSED, _CONFLICT = 422, 409
_PAGE = "/settings/procedures"
_ADMINISTRATORS = open_to(Role.ADMINISTRATOR)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOVED = N_("Người khác vừa áp dụng một danh mục mới. Mời xem lại thay đổi so với danh mục ấy.")
_NO_CENTRE = N_("Chưa biết các lĩnh vực của trung tâm. Mời thử lại khi dịch vụ xếp hàng đã chạy.")
_TOO_LONG = N_("Danh mục quá dài. Mời bỏ bớt chữ.")
_SAID = {
    "applied": N_("Đã áp dụng. Trang thủ tục và máy lấy số đã theo."),
    "uploaded": N_("Tệp đã qua kiểm tra. Mời xem thay đổi rồi áp dụng."),
    "discarded": N_("Đã bỏ bản nháp."),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one procedure."""

    kind: str
    """`added`, `removed` or `changed`."""
    service: str
    name: str
    parts: tuple[tuple[str, str, str], ...] = ()
    """What of it changes: label, before, after."""


def changes(before: Document, after: Document, t: Words) -> list[Change]:
    """Return what would change, in the order of the new document, what goes last."""
    old = {each.key: each for each in before.procedures}
    new = {each.key: each for each in after.procedures}
    found = []
    for key, each in new.items():
        if key not in old:
            found.append(Change("added", each.service, each.name(t.lang)))
        elif parts := tuple(_parts(old[key], each, t)):
            found.append(Change("changed", each.service, each.name(t.lang), parts))
    gone = (each for key, each in old.items() if key not in new)
    return [*found, *(Change("removed", each.service, each.name(t.lang)) for each in gone)]


def _parts(old: Procedure, new: Procedure, t: Words) -> Iterator[tuple[str, str, str]]:
    rows = [next(table_of(Document(procedures=(each,)), {})) for each in (old, new)]
    for column, before, after in zip(COLUMNS, *rows, strict=True):
        if before != after:
            yield t(column.label), before, after


@get(_PAGE, opt=_ADMINISTRATORS)
async def procedures_settings(
    request: AnyRequest,
    procedures: NamedDependency[ProceduresSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the list in force, the versions before, and the draft."""
    said = _SAID.get(request.query_params.get("said", ""), "")
    return await _shown(procedures, visitor, t, notice=said)


@post(f"{_PAGE}/upload", opt=_ADMINISTRATORS, request_max_body_size=_MOST_FORM_BYTES)
async def upload_procedures(
    request: AnyRequest,
    procedures: NamedDependency[ProceduresSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Take a table as the draft, or say all that is wrong with it."""
    sent = (await request.form()).get("file")
    name = sent.filename if isinstance(sent, UploadFile) else ""
    content = await sent.read(MOST_FILE_BYTES + 1) if isinstance(sent, UploadFile) else b""
    published, problems = await asyncio.to_thread(read_file, content, procedures)
    if published is None:
        return await _shown(procedures, visitor, t, problems=problems, source=_clean(name))
    draft = ProceduresDraft(published, _clean(name))
    await asyncio.to_thread(procedures.store.keep_draft, visitor.account, draft)
    await _audit(procedures, request, visitor, "procedures_uploaded", draft.source)
    return Redirect(f"{_PAGE}?said=uploaded", status_code=303)


def read_file(content: bytes, site: ProceduresSite) -> tuple[Published | None, list[Problem]]:
    """Return the document of a file, or everything that is wrong with it."""
    centre = site.state().centre
    try:
        if centre is None:
            raise _refusal(_NO_CENTRE)
        rows = _rows(content)
    except TableError as error:
        return None, [error.problem]
    document, problems = read_table(rows, centre)
    try:
        return (None, problems) if problems else (publish(document), [])
    except DocumentError:
        return None, [Problem(0, "", _TOO_LONG)]


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    if not content:
        raise _refusal(N_("Mời chọn một tệp CSV hoặc XLSX."))
    if len(content) > MOST_FILE_BYTES:
        raise _refusal(N_("Tệp lớn quá {size} MB."), size=MOST_FILE_BYTES // 1024 // 1024)
    return read_xlsx(content) if content.startswith(b"PK") else read_csv(content)


def _refusal(message: str, **values: object) -> TableError:
    return TableError(Problem(0, "", message, values))


@post(f"{_PAGE}/apply", opt=_ADMINISTRATORS)
async def apply_procedures(
    request: AnyRequest,
    procedures: NamedDependency[ProceduresSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Make the draft that was shown the list in force."""
    form = await read_form(request)
    draft = await asyncio.to_thread(procedures.store.draft, visitor.account)
    if draft is None or draft.published.sha256 != form.text("draft"):
        return Redirect(_PAGE, status_code=303)
    await asyncio.to_thread(procedures.look)
    before, seen = await procedures.present(), _number(form.text("present"))
    number = await asyncio.to_thread(procedures.store.apply, draft.published, visitor.account, seen)
    await asyncio.to_thread(procedures.look)
    if number is None:
        return await _shown(procedures, visitor, t, failed=_MOVED, status=_CONFLICT)
    procedures.tell()
    kinds = [each.kind for each in changes(before.document, draft.published.document, t)]
    counts = " ".join(f"{kind}={kinds.count(kind)}" for kind in ("added", "changed", "removed"))
    detail = f"{number}: {draft.source} {counts} sha256={draft.published.sha256[:16]}"
    await _audit(procedures, request, visitor, "procedures_applied", detail)
    return Redirect(f"{_PAGE}?said=applied", status_code=303)


@post(f"{_PAGE}/discard", opt=_ADMINISTRATORS)
async def discard_procedures(
    procedures: NamedDependency[ProceduresSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Forget the draft."""
    await asyncio.to_thread(procedures.store.drop_draft, visitor.account)
    return Redirect(f"{_PAGE}?said=discarded", status_code=303)


@post(f"{_PAGE}/restore/{{number:int}}", opt=_ADMINISTRATORS)
async def restore_procedures(
    number: FromPath[int],
    procedures: NamedDependency[ProceduresSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Redirect:
    """Make a draft of an earlier version."""
    found = await asyncio.to_thread(procedures.store.version, number)
    if found is None:
        raise NotFoundException(t("Không có phiên bản này."))
    draft = ProceduresDraft(found, t("phiên bản {number}", number=number))
    await asyncio.to_thread(procedures.store.keep_draft, visitor.account, draft)
    return Redirect(_PAGE, status_code=303)


@get(f"{_PAGE}/{{name:str}}", opt=_ADMINISTRATORS)
async def procedures_file(
    name: FromPath[str], procedures: NamedDependency[ProceduresSite], t: NamedDependency[Words]
) -> Response[bytes]:
    """Answer with an empty table to fill in, or with the list in force."""
    names = names_of(procedures.state().centre, "vi")
    present = (await procedures.present()).document
    document = Document() if present.example else present
    match name:
        case "mau.xlsx":
            content, kind = await asyncio.to_thread(make_xlsx, Document(), names, t), _XLSX
        case "mau.csv":
            content, kind = csv_file([[t(column.label) for column in COLUMNS]]), "text/csv"
        case "thu-tuc.xlsx":
            content, kind = await asyncio.to_thread(make_xlsx, document, names, t), _XLSX
        case _:
            raise NotFoundException(t("Không có trang này."))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


PROCEDURES_SETTINGS_ROUTES: list[ControllerRouterHandler] = [
    procedures_settings,
    upload_procedures,
    apply_procedures,
    discard_procedures,
    restore_procedures,
    procedures_file,
]


async def _shown(
    site: ProceduresSite,
    visitor: Visitor,
    t: Words,
    *,
    notice: str = "",
    failed: str = "",
    problems: list[Problem] | None = None,
    source: str = "",
    status: int = 200,
) -> Template:
    present = await site.present()
    draft = await asyncio.to_thread(site.store.draft, visitor.account)
    versions = await asyncio.to_thread(site.store.versions)
    before = Document() if present.document.example else present.document
    what = changes(before, draft.published.document, t) if draft else []
    kinds = [each.kind for each in what]
    shown: dict[str, Any] = {
        "tabs": tab_names(t),
        "notice": t(notice) if notice else "",
        "failed": t(failed) if failed else "",
        "problems": [(each.place(t), each.said(t)) for each in problems or ()],
        "source": source,
        "present": present,
        "number": site.number,
        "versions": versions,
        "draft": draft,
        "changes": what[:_MOST_CHANGES],
        "left_out": max(0, len(what) - _MOST_CHANGES),
        "counts": {kind: kinds.count(kind) for kind in ("added", "changed", "removed")},
        "service_names": names_of(site.state().centre, t.lang),
        "columns": COLUMNS,
        "zone": site.state().zone,
        "without_fee": sum(each.fee is None for each in present.document.procedures),
    }
    code = _REFUSED if problems else status
    return desk_page(
        "procedures_settings.html", visitor, t, current="/settings", status_code=code, **shown
    )


async def _audit(
    site: ProceduresSite, request: AnyRequest, visitor: Visitor, action: str, detail: str
) -> None:
    address = client_address(request)
    await asyncio.to_thread(site.store.audit, visitor.account, address, action, detail)


def _clean(name: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(shown.split())[:_LONGEST_SOURCE]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004
