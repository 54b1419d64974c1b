"""The addresses at which another system's list of appointments is taken in."""

import asyncio
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from bus.codec import MessageError
from bus.commands import BookAppointment, DaySlots, ListSlots, Reply, result_of
from bus.vocabulary import Error
from hall.procedures.table import TableError
from hall.words import N_, Words
from wait_log.errors import StoreError
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.appointments.importing import RESULTS, Stage, TakenList
from web.appointments.preview import Entry, Outcome, checked
from web.appointments.routes import AppointmentsSite
from web.appointments.table import COLUMNS, MOST_FILE_BYTES, MOST_LINES, Listed, read_list
from web.desk import desk_page
from web.export.csv_file import csv_file
from web.forms import read_form

PAGE = "/appointments/import"
_DESK = "/appointments"
_MOST_FORM_BYTES = MOST_FILE_BYTES + 64 * 1024
_LONGEST_SOURCE = 120
_MOST_SHOWN = 200
_LAST_DAY = "9999"
_REFUSED, _CONFLICT, _UNAVAILABLE = 422, 409, 503
_BUSY = N_("Một danh sách khác đang được đặt. Mời đợi xong rồi thử lại.")
_NOT_CHECKED = N_("Chưa kiểm tra được vì dịch vụ gọi số chưa trả lời. Chưa có gì được đặt.")
_OFFICERS = open_to(Role.OFFICER)


class _SilentError(Exception):
    """The service did not say which slots there are."""


@get(PAGE, opt=_OFFICERS)
async def import_page(
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with how far the visitor's list is."""
    _require_desk(appointments, visitor)
    return _page(appointments, visitor, t)


@post(f"{PAGE}/upload", opt=_OFFICERS, request_max_body_size=_MOST_FORM_BYTES)
async def upload(
    request: AnyRequest,
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Check a file line by line; nothing is booked yet."""
    _require_desk(appointments, visitor)
    sent = (await request.form()).get("file")
    source = _clean(sent.filename) if isinstance(sent, UploadFile) else ""
    content = await sent.read(MOST_FILE_BYTES + 1) if isinstance(sent, UploadFile) else b""
    try:
        listed = await asyncio.to_thread(read_list, content, appointments.centre())
        entries = await _checked(appointments, visitor, listed)
    except TableError as error:
        said = f"{where}: " if (where := error.problem.place(t)) else ""
        return _page(appointments, visitor, t, said + error.problem.said(t), _REFUSED)
    except (_SilentError, StoreError):
        return _page(appointments, visitor, t, t(_NOT_CHECKED), _UNAVAILABLE)
    if not appointments.imports.keep(visitor.account, source, entries, listed.unread):
        return _page(appointments, visitor, t, t(_BUSY), _CONFLICT)
    return Redirect(PAGE, status_code=303)


@post(f"{PAGE}/book", opt=_OFFICERS)
async def book_list(
    request: AnyRequest,
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Begin to book the list that was shown, or go on with it."""
    _require_desk(appointments, visitor)
    form = await read_form(request)
    taken = appointments.imports.of(visitor.account)
    if taken is None or taken.id != form.text("list", 40):
        return Redirect(PAGE, status_code=303)
    address = client_address(request)
    db = appointments.commands.db

    async def ask(command: BookAppointment) -> Reply:
        return await appointments.ask(visitor, command)

    async def note(action: str, detail: str) -> None:
        await asyncio.to_thread(db.audit, visitor.account, address, action, detail)

    if not appointments.imports.start(taken, ask, note):
        return _page(appointments, visitor, t, t(_BUSY), _CONFLICT)
    return Redirect(PAGE, status_code=303)


@post(f"{PAGE}/discard", opt=_OFFICERS)
async def discard_list(
    appointments: NamedDependency[AppointmentsSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Forget the list and its codes."""
    _require_desk(appointments, visitor)
    appointments.imports.drop(visitor.account)
    return Redirect(PAGE, status_code=303)


@get(f"{PAGE}/progress", opt=open_to(Role.OFFICER, quiet=True))
async def import_progress(
    appointments: NamedDependency[AppointmentsSite], visitor: NamedDependency[Visitor]
) -> dict[str, Any]:
    """Answer with how many lines are settled, for the page's script."""
    taken = appointments.imports.of(visitor.account)
    if taken is None:
        return {"stage": "", "settled": 0, "all": 0}
    return {"stage": taken.stage.value, "settled": taken.settled, "all": len(taken.entries)}


@get(f"{PAGE}/mau.csv", opt=_OFFICERS)
async def empty_list(
    appointments: NamedDependency[AppointmentsSite], t: NamedDependency[Words]
) -> Response[bytes]:
    """Answer with a list to fill in."""
    appointments.centre()
    return _file(csv_file([[t(column.label) for column in COLUMNS]]), "mau-lich-hen.csv")


@get(f"{PAGE}/codes.csv", opt=_OFFICERS)
async def codes(
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Response[bytes]:
    """Answer with the codes of the visitor's own list, a row for each of its lines."""
    _require_desk(appointments, visitor)
    taken = appointments.imports.of(visitor.account)
    if taken is None or taken.stage not in {Stage.BROKEN, Stage.DONE}:
        raise NotFoundException("no codes")
    return _file(taken.csv(t), "ma-hen.csv")


IMPORT_ROUTES: list[ControllerRouterHandler] = [
    import_page,
    upload,
    book_list,
    discard_list,
    import_progress,
    empty_list,
    codes,
]


def _require_desk(appointments: AppointmentsSite, visitor: Visitor) -> None:
    appointments.centre()
    if visitor.role is Role.VIEWER:
        raise PermissionDeniedException("a viewer books nothing")


async def _checked(appointments: AppointmentsSite, visitor: Visitor, listed: Listed) -> list[Entry]:
    centre, now = appointments.centre(), appointments.link.now()
    today = now.astimezone(centre.identity.zone).date()
    rows = await asyncio.to_thread(appointments.rows_between, today.isoformat(), _LAST_DAY)

    async def slots(service: str, day: date) -> DaySlots:
        question = ListSlots(service=service, day=day.isoformat())
        reply = await appointments.ask(visitor, question)
        if reply.error in {Error.UNAVAILABLE, Error.TOO_FAST}:
            raise _SilentError
        try:
            return result_of(reply, DaySlots)
        except MessageError:
            return DaySlots(service=service, day=question.day)

    return await checked(listed.lines, rows, centre, now, slots)


def _page(
    appointments: AppointmentsSite,
    visitor: Visitor,
    t: Words,
    refused: str = "",
    status: int = 200,
) -> Template:
    taken = appointments.imports.of(visitor.account)
    return desk_page(
        "appointments_import.html",
        visitor,
        t,
        current=_DESK,
        status_code=status,
        refused=refused,
        taken=taken,
        columns=COLUMNS,
        most_lines=MOST_LINES,
        shown=_shown(taken, t) if taken else {},
    )


def _shown(taken: TakenList, t: Words) -> dict[str, Any]:
    """Return the lines as the page tells them: those that need a hand, and the others."""
    told: dict[bool, list[tuple[int, str, str, str]]] = {True: [], False: []}
    for entry in taken.entries:
        needs_hand = entry.said is not None or entry.outcome in {Outcome.WRONG, Outcome.UNSURE}
        said = entry.said.words(t) if entry.said else t(RESULTS[entry.outcome])
        told[needs_hand].append(
            (entry.line.row, entry.line.reference, " · ".join(filter(None, entry.line.texts)), said)
        )
    counts = taken.counts
    return {
        "wrong": told[True][:_MOST_SHOWN],
        "more_wrong": max(0, len(told[True]) - _MOST_SHOWN),
        "good": told[False][:_MOST_SHOWN],
        "more_good": max(0, len(told[False]) - _MOST_SHOWN),
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
    }


def _file(content: bytes, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="text/csv", headers=headers)


def _clean(name: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(shown.split())[:_LONGEST_SOURCE]
