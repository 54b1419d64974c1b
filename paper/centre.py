"""What a centre puts on its paper, in the language of the ticket."""

from datetime import datetime

from bus.vocabulary import Language, TicketClass
from config.settings import Centre, Service
from paper.ticket import Ticket


def centre_ticket(
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
    large: bool = False,
    offline: bool = False,
) -> Ticket:
    """Return the paper of a number; `token` leads to its web page, where the centre has one."""
    identity, offered = centre.identity, _offered(centre, service)
    return Ticket(
        number=number,
        service=offered.name(lang) if offered else service,
        ticket_class=ticket_class,
        lang=lang,
        ahead=ahead,
        wait_min=wait_min,
        issued_at=issued_at.astimezone(identity.zone),
        business_day=business_day,
        centre=identity.name(lang),
        place=identity.place(lang),
        papers=tuple(text(lang) for text in offered.papers) if offered else (),
        footer=tuple(line(lang) for line in centre.wording.ticket_footer),
        hotline=identity.hotline,
        qr=_address(identity.public_url, token),
        copy=copy,
        large=large,
        offline=offline,
    )


def _offered(centre: Centre, code: str) -> Service | None:
    """Return a service; one that the centre gave up in between keeps only its code."""
    try:
        return centre.service(code)
    except KeyError:
        return None


def _address(public_url: str, token: str | None) -> str | None:
    if not public_url or token is None:
        return None
    return f"{public_url.rstrip('/')}/t/{token}"
