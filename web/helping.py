"""What who helps does on the page "Hôm nay": go there, prepare the kiosk, take the number."""

from litestar import post
from litestar.di import NamedDependency
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from bus.care import Care, Manner, Measure
from bus.commands import AnswerHelp, Command, EndVisit, IssueTicket, PrepareVisit
from bus.states import Visit
from bus.vocabulary import Error, Language
from hall.model import HallState
from web.access import AnyRequest, Role, Visitor, open_to
from web.forms import read_form
from web.today import Site, act, refused

_LONGEST = 200


@post("/today/answer-help", opt=open_to(Role.MANAGER), status_code=303)
async def answer_help(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Say at the kiosk that somebody comes."""
    visit = await _visit(request, site)
    if visit is None or visit.answered_at is not None:
        return refused(Error.CONFLICT)
    command = AnswerHelp(place=visit.place)
    return await act(request, site, visitor, command, visit.kiosk)


@post("/today/prepare-visit", opt=open_to(Role.MANAGER), status_code=303)
async def prepare_visit(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Have a kiosk ready for the person there; the audit names neither scenario nor measures."""
    visit = await _visit(request, site)
    form = await read_form(request)
    if visit is None:
        return refused(Error.CONFLICT)
    if "measures" in form.fields:
        measures = _measures(form.text("measures", _LONGEST))
        if measures is None:
            return refused(Error.INVALID)
        command = PrepareVisit(kiosk=visit.kiosk, measures=measures)
    else:
        scenario = form.text("scenario", _LONGEST)
        centre = site.hall.state.centre
        if centre is None or centre.assistance.scenario(scenario) is None:
            return refused(Error.UNKNOWN)
        command = PrepareVisit(kiosk=visit.kiosk, scenario=scenario)
    return await act(request, site, visitor, command, visit.kiosk)


@post("/today/take-for", opt=open_to(Role.MANAGER), status_code=303)
async def take_for(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Take the number for the person there, as it was prepared, printed at that kiosk."""
    visit = await _visit(request, site)
    service = (await read_form(request)).text("service", _LONGEST)
    if visit is None:
        return refused(Error.CONFLICT)
    if service not in _services(site.hall.state):
        return refused(Error.UNKNOWN)
    return await act(request, site, visitor, _number_for(visit, service), visit.kiosk)


@post("/today/end-visit", opt=open_to(Role.MANAGER), status_code=303)
async def end_visit(
    request: AnyRequest, site: NamedDependency[Site], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Say that nobody needs help at a kiosk any more."""
    visit = await _visit(request, site)
    if visit is None:
        return refused(Error.CONFLICT)
    return await act(request, site, visitor, EndVisit(kiosk=visit.kiosk), visit.kiosk)


HELPING_ROUTES: list[ControllerRouterHandler] = [answer_help, prepare_visit, take_for, end_visit]


async def _visit(request: AnyRequest, site: Site) -> Visit | None:
    kiosk = (await read_form(request)).text("kiosk", _LONGEST)
    services = site.hall.state.services
    return next((one for one in (services.visits if services else ()) if one.kiosk == kiosk), None)


def _measures(text: str) -> tuple[Measure, ...] | None:
    """Return the measures that a press names; None for anything else."""
    known, named = {str(measure) for measure in Measure}, text.split()
    return tuple(Measure(name) for name in named) if known.issuperset(named) else None


def _services(hall: HallState) -> set[str]:
    return {one.code for one in hall.centre.services if not one.has_roll} if hall.centre else set()


def _number_for(visit: Visit, service: str) -> Command:
    care = visit.care or Care()
    manner = Manner(
        large_paper=care.manner.large_paper,
        spoken_call=care.manner.spoken_call,
        fetch=care.manner.fetch,
        place=visit.kiosk,
    )
    return IssueTicket(
        service=service,
        ticket_class=care.ticket_class,
        lang=care.lang or Language.VIETNAMESE,
        print_on=visit.kiosk,
        manner=manner,
    )
