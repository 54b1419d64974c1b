"""A ticket from words to dots to ESC/POS: layouts, typesetting, encoding, preview."""

from paper.centre import centre_ticket
from paper.encode import encode_ticket
from paper.layout import Layouts, load_layouts
from paper.preview import preview
from paper.ticket import Ticket, sample_ticket
from paper.timing import expected_seconds

__all__ = [
    "Layouts",
    "Ticket",
    "centre_ticket",
    "encode_ticket",
    "expected_seconds",
    "load_layouts",
    "preview",
    "sample_ticket",
]
