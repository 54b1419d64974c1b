"""What a citizen chose beside Vietnamese and English: kept, called, harmless to old versions."""

from types import SimpleNamespace

from bus.vocabulary import Language
from hall.board.words import second_line
from queue_service.codec import decode_fact, encode_fact
from queue_service.domain.events import TicketIssued
from queue_service.domain.evolve import new_ticket
from queue_service.records import ticket_row
from queue_service.results import issued_ticket
from queue_service.states.board import wire_call


def test_a_ticket_keeps_its_language_from_the_kiosk_to_the_board(
    hall: SimpleNamespace, third_language: str
) -> None:
    ticket = hall.issue(lang=Language.VIETNAMESE, language=third_language)
    issued = issued_ticket(hall.state, hall.rules, ticket, hall.now, "T")
    assert (issued.lang, issued.language) == (Language.VIETNAMESE, third_language)
    hall.next()
    call = wire_call(hall.view(), hall.state.calls[-1])
    assert (call.lang, call.language) == (Language.VIETNAMESE, third_language)
    assert second_line(call) == f"xx Số {call.number}, mời đến quầy 1"


def test_a_board_without_its_words_shows_what_old_boards_show(hall: SimpleNamespace) -> None:
    hall.issue(lang=Language.ENGLISH, language="zz")
    hall.next()
    call = wire_call(hall.view(), hall.state.calls[-1])
    assert second_line(call) == ""


def test_it_outlasts_a_restart_and_is_read_by_the_version_before(hall: SimpleNamespace) -> None:
    ticket = hall.issue(lang=Language.VIETNAMESE, language="xx")
    fact = decode_fact(encode_fact(hall.facts[-1]))
    assert isinstance(fact.event, TicketIssued)
    assert new_ticket(fact, fact.event).lang == "xx"
    assert fact.event.lang == "vi"
    assert ticket_row(ticket, "2026-11-23").lang == "vi"
