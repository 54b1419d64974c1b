import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies

from bus.codec import MessageError, decode, encode, plain
from bus.commands import CallNext, IssuedTicket, IssueTicket, Reply, decode_command, result_of
from bus.orders import PrintTicket, SpeakCall, decode_order
from bus.states import BoardState, Call
from bus.vocabulary import Error, Language, TicketClass

AT = datetime(2026, 11, 23, 1, 24, 5, 120999, tzinfo=UTC)


def issued() -> IssuedTicket:
    return IssuedTicket(
        ticket="01JD",
        number="2005",
        service="CIVIL",
        ticket_class=TicketClass.PRIORITY,
        business_day="2026-11-23",
        ahead=2,
        wait_min=(5, 10),
        token="7KQ2",
        issued_at=AT,
    )


def call() -> Call:
    return Call(
        call_seq=88,
        number="1017",
        counter=3,
        service="CERT",
        ticket_class=TicketClass.NORMAL,
        lang=Language.VIETNAMESE,
        repeat=0,
        at=AT,
    )


def test_a_command_looks_as_the_contract_says() -> None:
    command = IssueTicket(
        id="01JD", ts=AT, service="CIVIL", ticket_class=TicketClass.PRIORITY, lang=Language.ENGLISH
    )
    plain = json.loads(encode(command))
    assert plain["kind"] == "issue_ticket"
    assert plain["ts"] == "2026-11-23T01:24:05.120Z"
    assert (plain["class"], plain["lang"]) == ("priority", "en")
    assert "ticket_class" not in plain


def test_whole_seconds_have_three_decimals_too() -> None:
    command = CallNext(id="a", ts=AT.replace(microsecond=0), counter=3)
    assert b'"2026-11-23T01:24:05.000Z"' in encode(command)


def test_the_example_of_the_contract_is_understood() -> None:
    command = decode_command(
        b'{"kind":"call_next","id":"01JE","ts":"2026-11-23T01:24:05.120Z","counter":3,'
        b'"current":"01JC","new_field":[1]}'
    )
    assert isinstance(command, CallNext)
    assert (command.counter, command.current, command.current_to) == (3, "01JC", None)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"kind":"call_next"}',
        b'{"kind":"fly","id":"a","ts":"2026-11-23T01:24:05Z"}',
        b'{"kind":"call_next","id":"a","ts":"yesterday","counter":3}',
        b'{"kind":"call_next","id":"a","ts":"2026-11-23T01:24:05","counter":3}',
        b'{"kind":"call_next","id":"a","ts":"2026-11-23T01:24:05Z","counter":0}',
        b'{"kind":"call_next","id":"","ts":"2026-11-23T01:24:05Z","counter":1}',
        b'{"kind":"call_next","id":"a","ts":"2026-11-23T01:24:05Z","counter":"3"}',
        b"[" * 4000,
        b'{"kind":"open_counter","id":"' + b"x" * 5000 + b'"}',
    ],
)
def test_what_is_no_command_is_refused(payload: bytes) -> None:
    with pytest.raises(MessageError):
        decode_command(payload)


@given(strategies.binary(max_size=300))
def test_random_bytes_raise_nothing_else(payload: bytes) -> None:
    try:
        decode_command(payload)
    except MessageError:
        return
    pytest.fail("random bytes became a command")


def test_states_survive_the_wire_to_the_millisecond() -> None:
    state = BoardState(epoch="e", rev=412, at=AT, calls=(call(),))
    heard = decode(BoardState, encode(state))
    assert heard.calls[0].number == "1017"
    assert timedelta() <= AT - heard.at < timedelta(milliseconds=1)


def test_results_travel_in_replies() -> None:
    ticket = issued()
    reply = Reply(id="01JD", ok=True, rev=412, result=plain(ticket))
    heard = result_of(decode(Reply, encode(reply)), IssuedTicket)
    assert (heard.number, heard.wait_min, heard.ticket_class) == ("2005", (5, 10), "priority")
    refused = Reply(id="01JD", ok=False, error=Error.EMPTY, message="Không còn ai chờ")
    assert "result" not in json.loads(encode(refused))
    with pytest.raises(MessageError):
        result_of(refused, IssuedTicket)


def test_orders_tell_a_printer_what_to_print() -> None:
    order = PrintTicket(id="a", at=AT, ticket=issued(), copy=True)
    heard = decode_order(encode(order))
    assert isinstance(heard, PrintTicket)
    assert heard.copy
    assert heard.ticket.number == "2005"


def test_an_announcer_is_told_to_speak_anothers_call() -> None:
    order = SpeakCall(id="a", at=AT, epoch="e", call=call())
    assert json.loads(encode(order))["kind"] == "speak_call"
    heard = decode_order(encode(order))
    assert isinstance(heard, SpeakCall)
    assert (heard.epoch, heard.call.number) == ("e", "1017")


@pytest.mark.parametrize("missing", ["id", "ts"])
def test_a_command_that_nobody_stamped_is_refused(missing: str) -> None:
    stamps = {"id": "01JD", "ts": AT} | {missing: None}
    fields = {name: value for name, value in stamps.items() if value is not None}
    with pytest.raises(MessageError, match=missing):
        decode_command(encode(CallNext(counter=3, **fields)))  # type: ignore[arg-type]
