"""What the paper of a ticket says, from the centre and what the service answered."""

from bus.commands import IssuedTicket, IssueTicket
from config.settings import Centre
from paper import Ticket, centre_ticket


def paper(
    centre: Centre, issued: IssuedTicket, *, copy: bool = False, large: bool = False
) -> Ticket:
    """Return the paper of a ticket that the service issued."""
    return centre_ticket(
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
        large=large,
    )


def offline_paper(centre: Centre, delivery: IssueTicket, *, large: bool = False) -> Ticket:
    """Return the paper of a number from the offline book: nobody knows who stands before."""
    return centre_ticket(
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
        large=large,
        offline=True,
    )
