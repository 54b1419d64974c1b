"""A ticket as it will look on paper, without a printer."""

from paper.encode import encode_ticket
from paper.rendering import render
from paper.ticket import Ticket


def preview(ticket: Ticket, dots: int = 576) -> bytes:
    """Return the PNG of `ticket`: its own print job, read back as the paper it makes."""
    return render(encode_ticket(ticket, dots), dots).png()
