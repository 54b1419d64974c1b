"""A ticket from words to dots to ESC/POS: layouts, typesetting, encoding, preview."""

from paper.encode import encode_layout, encode_ticket, encoder_of
from paper.layout import Layouts, is_slow, load_layouts
from paper.reading import expected_seconds
from paper.rendering import render
from paper.ticket import (
    Section,
    Ticket,
    centre_ticket,
    checklist_ticket,
    file_ticket,
    notice_ticket,
    sample_ticket,
    slip_ticket,
    ticket_for_test,
)

__all__ = [
    "Layouts",
    "Section",
    "Ticket",
    "centre_ticket",
    "checklist_ticket",
    "encode_layout",
    "encode_ticket",
    "encoder_of",
    "expected_seconds",
    "file_ticket",
    "is_slow",
    "load_layouts",
    "notice_ticket",
    "render",
    "sample_ticket",
    "slip_ticket",
    "ticket_for_test",
]
