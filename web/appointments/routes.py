"""The addresses of the page "Lịch hẹn"; codes stand in no address and in no log."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from bus.codec import MessageError
from bus.codes import typed_code
from bus.commands import (
    AppointmentResult,
    BookAppointment,
    CancelAppointment,
    DaySlots,
    FindAppointment,
    ListSlots,
    MoveAppointment,
    Reply,
    result_of,
)
from bus.session import Session
from config import Centre
from config.settings import Service
from hall.model import Hall
from hall.slip import appointment_slip
from hall.words import N_, Words
from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.rows import AppointmentRow
from web.access import AnyRequest, Role, Visitor, open_to
from web.appointments.importing import Imports
from web.appointments.view import CodeCard, appointed_services, code_card, day_view
from web.commands import CommandDesk
from web.desk import desk_page
from web.forms import Form, read_form

PAGE = "/appointments"
_UNAVAILABLE = 503
_REFUSED = 409
_FURTHEST = timedelta(days=400)
_DONE = {"cancelled": N_("Đã hủy lịch hẹn. Chỗ này đặt lại được.")}
_NO_ANSWER = N_("Dịch vụ gọi số chưa trả lời, việc này chưa làm được. Xin thử lại.")
_NO_CODE = N_("Mã có 6 chữ và số. Xin nhập lại.")


@dataclass(frozen=True, slots=True)
class AppointmentsSite:
    """What the page is answered from; `now` is service time."""

    hall: Hall
    commands: CommandDesk
    open_log: Callable[[], Reader]
    new_id: Callable[[], str]
    imports: Imports

    @property
    def link(self) -> Session:
        """Return the link of `web` to the service."""
        return self.commands.link

    def centre(self) -> Centre:
        """Return the centre; raises NotFound where nobody is appointed."""
        centre = self.hall.state.centre
        if centre is None or not centre.makes_appointments:
            raise NotFoundException("no appointments here")
        return centre

    async def ask(
        self, visitor: Visitor, command: ListSlots | FindAppointment | BookAppointment
    ) -> Reply:
        """Return the answer to a question, or to a line of a list that is audited as a whole."""
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def take(reply: Reply) -> None:
            if not answered.done():
                answered.set_result(reply)

        self.link.ask(msgspec.structs.replace(command, by=visitor.account), take)
        return await answered

    async def rows(self, day: date) -> Sequence[AppointmentRow]:
        """Return a day's appointments; none while the store cannot be read."""
        try:
            return await asyncio.to_thread(self.rows_between, day.isoformat(), day.isoformat())
        except StoreError:
            return ()

    def rows_between(self, first: str, last: str) -> Sequence[AppointmentRow]:
        """Return the appointments of some days; blocks and raises StoreError."""
        with self.open_log() as reader:
            return reader.appointments(first, last)


@get(PAGE, opt=open_to(Role.OFFICER))
async def appointments_page(
    request: AnyRequest,
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with a day of one service."""
    query = request.query_params
    said = t(_DONE[query["done"]]) if query.get("done", "") in _DONE else ""
    place = _place(appointments, query.get("service", ""), query.get("day", ""))
    return await _page(
        appointments, visitor, t, place, said=said, moving=query.get("move", "")[:40]
    )


@post(f"{PAGE}/book", opt=open_to(Role.OFFICER), status_code=200)
async def book(
    request: AnyRequest,
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Keep a seat and show its code; the same form sent again shows the same code."""
    form = await _form(request, visitor)
    place = _place(appointments, form.text("service"), form.text("day"))
    moved = form.text("move", 40)
    at = _instant(form.text("at"))
    command: BookAppointment | MoveAppointment = BookAppointment(
        id=form.text("id", 40) or appointments.new_id(), service=place.service.code, at=at
    )
    if moved:
        command = MoveAppointment(
            id=command.id, appointment=moved, at=at, service=place.service.code
        )
    action = "appointment_moved" if moved else "appointment_booked"
    reply = await appointments.commands.send(
        request, visitor, command, action, f"{place.service.code} {at:%Y-%m-%d %H:%MZ}"
    )
    return await _page(appointments, visitor, t, place, reply=reply, fresh=True)


@post(f"{PAGE}/find", opt=open_to(Role.OFFICER), status_code=200)
async def find(
    request: AnyRequest,
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Show the appointment whose code somebody reads out."""
    form = await _form(request, visitor)
    place = _place(appointments, form.text("service"), form.text("day"))
    code = typed_code(form.text("code", 16))
    if code is None:
        return await _page(appointments, visitor, t, place, refused=t(_NO_CODE))
    reply = await appointments.ask(visitor, FindAppointment(code=code))
    return await _page(appointments, visitor, t, place, reply=reply)


@post(f"{PAGE}/slip", opt=open_to(Role.OFFICER), status_code=200)
async def slip_page(
    request: AnyRequest,
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the slip of an appointment, to be printed."""
    form = await _form(request, visitor)
    place = _place(appointments, form.text("service"), form.text("day"))
    code = typed_code(form.text("code", 16))
    if code is None:
        return await _page(appointments, visitor, t, place, refused=t(_NO_CODE))
    reply = await appointments.ask(visitor, FindAppointment(code=code))
    try:
        found = result_of(reply, AppointmentResult)
    except MessageError:
        return await _page(appointments, visitor, t, place, reply=reply)
    slip = appointment_slip(place.centre, found.service, found.at, found.code, t.lang)
    return Template("slip.html", context={"t": t, "slip": slip, "back": _address(place)})


@post(f"{PAGE}/cancel", opt=open_to(Role.OFFICER))
async def cancel(
    request: AnyRequest,
    appointments: NamedDependency[AppointmentsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Give a seat back."""
    form = await _form(request, visitor)
    place = _place(appointments, form.text("service"), form.text("day"))
    command = CancelAppointment(appointment=form.text("appointment", 40) or "-")
    reply = await appointments.commands.send(
        request, visitor, command, "appointment_cancelled", place.service.code
    )
    if not reply.ok:
        return await _page(appointments, visitor, t, place, reply=reply)
    return Redirect(f"{_address(place)}&done=cancelled", status_code=303)


APPOINTMENT_ROUTES: list[ControllerRouterHandler] = [
    appointments_page,
    book,
    find,
    slip_page,
    cancel,
]


@dataclass(frozen=True, slots=True)
class _Place:
    """Which day of which service the page shows."""

    centre: Centre
    service: Service
    day: date


def _place(appointments: AppointmentsSite, service: str, day: str) -> _Place:
    """Return what an address asks for, the next best where there is no such thing."""
    centre = appointments.centre()
    services = appointed_services(centre)
    chosen = next((one for one in services if one.code == service), services[0])
    today = appointments.link.now().astimezone(centre.identity.zone).date()
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        wanted = today
    return _Place(centre, chosen, wanted if abs(wanted - today) < _FURTHEST else today)


def _address(place: _Place) -> str:
    return f"{PAGE}?service={place.service.code}&day={place.day.isoformat()}"


async def _form(request: AnyRequest, visitor: Visitor) -> Form:
    """Return what came with a form; who may only look on is refused."""
    if visitor.role is Role.VIEWER:
        raise PermissionDeniedException("a viewer books nothing")
    return await read_form(request)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotFoundException("no such slot") from error
    if at.tzinfo is None:
        raise NotFoundException("no such slot")
    return at


async def _page(
    appointments: AppointmentsSite,
    visitor: Visitor,
    t: Words,
    place: _Place,
    *,
    said: str = "",
    refused: str = "",
    reply: Reply | None = None,
    fresh: bool = False,
    moving: str = "",
) -> Template:
    question = ListSlots(service=place.service.code, day=place.day.isoformat())
    answer, rows = await asyncio.gather(
        appointments.ask(visitor, question), appointments.rows(place.day)
    )
    card: CodeCard | None = None
    if reply is not None:
        try:
            found = result_of(reply, AppointmentResult)
            card = code_card(place.centre, found, t, fresh=fresh)
        except MessageError:
            refused = reply.message or t(_NO_ANSWER)
    try:
        slots = result_of(answer, DaySlots) if answer.ok else None
    except MessageError:
        slots = None
    return desk_page(
        "appointments.html",
        visitor,
        t,
        current=PAGE,
        status_code=_REFUSED if refused else 200,
        page=day_view(place.centre, place.service, place.day, slots=slots, rows=rows, t=t),
        may_book=visitor.role is not Role.VIEWER,
        card=card,
        said=said,
        refused=refused,
        moving=moving,
        new_id=appointments.new_id,
    )
