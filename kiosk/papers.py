"""What the paper of a ticket says, from the centre and what the service answered."""

from datetime import datetime

from bus.messages import IssuedTicket, IssueTicket, Language, TicketClass
from config.settings import Centre
from hardware.printer import Ticket


def paper(centre: Centre, issued: IssuedTicket, *, copy: bool = False) -> Ticket:
    """Return the paper of a ticket that the service issued."""
    return _paper(
        centre,
        number=issued.number,
        service=issued.service,
        ticket_class=issued.ticket_class,
        lang=issued.lang,
        ahead=issued.ahead,
        wait_min=issued.wait_min,
        issued_at=issued.issued_at,
        business_day=issued.business_day,
        token=issued.token,
        copy=copy,
    )


def offline_paper(centre: Centre, delivery: IssueTicket) -> Ticket:
    """Return the paper of a number from the offline book: nobody knows who stands before."""
    return _paper(
        centre,
        number=delivery.number or "",
        service=delivery.service,
        ticket_class=delivery.ticket_class,
        lang=delivery.lang,
        ahead=None,
        wait_min=None,
        issued_at=delivery.issued_at or delivery.ts,
        business_day=delivery.business_day or "",
        token=None,
        offline=True,
    )


def _paper(
    centre: Centre,
    *,
    number: str,
    service: str,
    ticket_class: TicketClass,
    lang: Language,
    ahead: int | None,
    wait_min: tuple[int, int] | None,
    issued_at: datetime,
    business_day: str,
    token: str | None,
    copy: bool = False,
    offline: bool = False,
) -> Ticket:
    identity = centre.identity
    return Ticket(
        number=number,
        service=_service_name(centre, service, lang),
        ticket_class=ticket_class,
        lang=lang,
        ahead=ahead,
        wait_min=wait_min,
        issued_at=issued_at.astimezone(identity.zone),
        business_day=business_day,
        centre=identity.name(lang),
        place=identity.place(lang),
        footer=tuple(line(lang) for line in centre.wording.ticket_footer),
        hotline=identity.hotline,
        qr=_address(identity.public_url, token),
        copy=copy,
        offline=offline,
    )


def _service_name(centre: Centre, code: str, lang: str) -> str:
    """Return a service's name; a service the centre gave up in between keeps its code."""
    try:
        return centre.service(code).name(lang)
    except KeyError:
        return code


def _address(public_url: str, token: str | None) -> str | None:
    if not public_url or token is None:
        return None
    return f"{public_url.rstrip('/')}/t/{token}"
