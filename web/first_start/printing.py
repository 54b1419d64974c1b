"""The step "Máy in": a kiosk is given a printer, prints a test ticket, and somebody looks at it."""

import asyncio
from collections.abc import Mapping, Sequence

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, ServerSentEvent, Template
from litestar.types import ControllerRouterHandler

from bus.commands import ChoosePrinter, TestDevice
from hall.words import N_, Words
from paper import encode_ticket, render, ticket_for_test
from provisioning.first_start.steps import Step
from web.access import AnyRequest, Role, Visitor, open_to
from web.first_start.page import (
    ADMINISTRATORS,
    ANSWERS,
    REFUSED,
    UNAVAILABLE,
    FirstSite,
    first_page,
    sent,
    step_done,
)
from web.first_start.printers import (
    DOTS,
    KioskPrinter,
    Typed,
    WrongChoiceError,
    chosen,
    printer_step,
)

_LOOKED_WRONG: Mapping[str, str] = {
    "bad": N_(
        "Mời chọn đúng khổ giấy ở mục Giấy và dây, lau đầu in, lắp giấy đúng mặt, rồi in lại; "
        "hoặc để bước này làm sau."
    ),
    "nothing": N_(
        "Mời xem có đúng máy in đã chọn không, giấy, dây và nguồn, rồi in lại; hoặc để bước này "
        "làm sau."
    ),
}


@get("/start/printer/ticket.png", opt=ADMINISTRATORS)
async def ticket_picture(
    request: AnyRequest, first_start: NamedDependency[FirstSite], t: NamedDependency[Words]
) -> Response[bytes]:
    """Answer with the test ticket as it comes out of a printer, drawn from the printer's bytes."""
    centre, wanted = first_start.settings.hall.state.centre, request.query_params.get("dots", "")
    if centre is None:
        raise NotFoundException(t("Không có trang này."))
    dots = next((dots for dots in DOTS if str(dots) == wanted), max(DOTS))
    slow = request.query_params.get("slow") == "yes"

    def draw() -> bytes:
        ticket = ticket_for_test(centre, first_start.settings.link.now())
        return render(encode_ticket(ticket, dots, slow=slow), dots).png()

    headers = {"Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(draw), media_type="image/png", headers=headers)


@get("/start/printer/events", opt=open_to(Role.ADMINISTRATOR, quiet=True))
async def printer_news(
    first_start: NamedDependency[FirstSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Response[bytes] | ServerSentEvent:
    """Answer with what becomes of the test ticket, as it comes."""
    if first_start.events.full:
        return Response(b"too many listeners\n", status_code=UNAVAILABLE, media_type="text/plain")

    async def live() -> str:
        template = first_start.templates.get_template("start_printer_live.html")
        return template.render(printers=printer_step(first_start.settings.hall.state, t), t=t)

    news = first_start.events.stream(live, visitor.still_in)
    return ServerSentEvent(news, headers={"Cache-Control": "no-store"})


PRINTER_ROUTES: list[ControllerRouterHandler] = [ticket_picture, printer_news]


async def take_printer(
    request: AnyRequest,
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    form: Mapping[str, Sequence[str]],
) -> Template | Redirect:
    """Have a kiosk use a printer and print a test ticket; or note how that looked, once it is."""
    step, do = Step.PRINTER, form.get("do", [""])[0]
    device = form.get("device", [""])[0][:40]
    kiosks = printer_step(first_start.settings.hall.state, t).kiosks
    kiosk = next((each for each in kiosks if each.device == device and each.online), None)
    if kiosk is None:
        said = t("Máy lấy số chưa kết nối. Mời bật máy đó, hoặc để bước này làm sau.")
        return await first_page(first_start, visitor, t, step, failed=said, status_code=REFUSED)
    if do in ANSWERS:
        if not kiosk.test.printed or form.get("order", [""])[0] != kiosk.test.printed:
            said = t("Chưa có phiếu thử nào của máy in này. Mời in phiếu thử trước.")
            return await first_page(first_start, visitor, t, step, failed=said, status_code=REFUSED)
        if do == "good":
            return await step_done(request, first_start, visitor, step, do)
        return await first_page(first_start, visitor, t, step, failed=t(_LOOKED_WRONG[do]))
    return await _print(request, first_start, visitor, t, kiosk, form)


async def _print(  # noqa: PLR0917 - what a form is taken with
    request: AnyRequest,
    first_start: FirstSite,
    visitor: Visitor,
    t: Words,
    kiosk: KioskPrinter,
    form: Mapping[str, Sequence[str]],
) -> Template | Redirect:
    step, device = Step.PRINTER, kiosk.device
    try:
        choice = chosen(kiosk, form, t)
    except WrongChoiceError as error:
        typed = Typed(device, form.get("address", [""])[0][:200], str(error))
        return await first_page(
            first_start, visitor, t, step, failed=str(error), typed=typed, status_code=REFUSED
        )
    send = first_start.commands.send
    if choice and choice != kiosk.used:
        change = ChoosePrinter(device=device, printer=choice)
        what = f"{device} {choice.line} {choice.address}".strip()
        reply = await send(request, visitor, change, "choose_printer", what)
        if not reply.ok:
            return sent(step, reply)
    command = TestDevice(device=device)
    return sent(step, await send(request, visitor, command, "test_device", device))
