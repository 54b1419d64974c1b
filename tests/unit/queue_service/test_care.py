import json
import logging
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from bus import codec, commands
from bus.care import Care, Manner, Measure
from bus.vocabulary import Error, Language, Role, TicketClass
from config.settings import Assistance, Scenario, Text
from queue_service.answers import _body_hash
from queue_service.care import LASTS, MANNERS
from queue_service.domain import events as e
from queue_service.domain.values import CounterNumber, Refusal
from queue_service.states import Header, View, board_state, counter_state, services_state
from queue_service.states.staff import staff_state
from wait_log.cases import NO_SCENARIO, cases_between, cases_key
from wait_log.errors import StoreError

FETCHED = Manner(large_paper=True, spoken_call=True, fetch=True, place="kiosk-1")
IN_NEED = "blind"


def view(desk: SimpleNamespace) -> View:
    engine = desk.engine
    return View(
        engine.ledger.state, engine.rules, engine.ledger.time.present(), care=engine.care.now
    )


def documents(desk: SimpleNamespace) -> list[msgspec.Struct]:
    now, head = view(desk), Header("epoch", 1, desk.clock.now())
    made = [make(now, head) for make in (board_state, services_state, staff_state)]
    return [*made, *(counter_state(now, number, head) for number in now.rules.counters)]


def help_wanted(desk: SimpleNamespace, scenario: str = IN_NEED, counter: int = 9) -> None:
    assert desk.send("kiosk-1", commands.RequestHelp, place="Máy lấy số 1").ok
    prepare(desk, scenario, counter)


def prepare(desk: SimpleNamespace, scenario: str = IN_NEED, counter: int = 9) -> commands.Reply:
    reply: commands.Reply = desk.send(
        f"counter-{counter}",
        commands.PrepareVisit,
        kiosk="kiosk-1",
        scenario=scenario,
        counter=counter,
    )
    return reply


def the_visit(desk: SimpleNamespace) -> Any:  # noqa: ANN401 - with all that it may have
    (visit,) = services_state(view(desk), Header("epoch", 1, desk.clock.now())).visits
    return visit


def cases(desk: SimpleNamespace) -> dict[str, int]:
    stored = desk.engine.ledger.store.meta(cases_key("2026-11-23"))
    found: dict[str, int] = json.loads(stored) if stored else {}
    return found


def test_a_call_is_a_visit_of_its_kiosk_until_somebody_says_that_it_is_over(
    desk: SimpleNamespace,
) -> None:
    assert desk.send("kiosk-1", commands.RequestHelp, place="Máy lấy số 1").ok
    visit = the_visit(desk)
    assert (visit.kiosk, visit.place, visit.answered_at) == ("kiosk-1", "Máy lấy số 1", None)
    assert desk.send("counter-9", commands.AnswerHelp, counter=9, place="Máy lấy số 1").ok
    assert the_visit(desk).counter == 9
    assert desk.send("counter-9", commands.EndVisit, kiosk="kiosk-1", counter=9).ok
    assert services_state(view(desk), Header("epoch", 1, desk.clock.now())).visits == ()


def test_one_press_prepares_the_kiosk_and_answers_the_call(desk: SimpleNamespace) -> None:
    help_wanted(desk)
    visit = the_visit(desk)
    assert visit.counter == 9
    assert visit.care.ticket_class is TicketClass.PRIORITY
    assert visit.care.manner == Manner(spoken_call=True, fetch=True, place="kiosk-1")
    assert visit.care.screen == ("spoken",)
    assert not visit.taken_up
    desk.engine.hear_visit("kiosk-1", visit.id)
    assert the_visit(desk).taken_up


def measure(desk: SimpleNamespace, *measures: Measure) -> commands.Reply:
    reply: commands.Reply = desk.send(
        "counter-9", commands.PrepareVisit, kiosk="kiosk-1", measures=measures, counter=9
    )
    return reply


def test_a_single_measure_does_that_alone_and_more_are_added(desk: SimpleNamespace) -> None:
    assert desk.send("kiosk-1", commands.RequestHelp, place="Máy lấy số 1").ok
    assert measure(desk, Measure.LARGE_PAPER).ok
    visit = the_visit(desk)
    assert visit.counter == 9
    assert visit.care == Care(manner=Manner(large_paper=True, place="kiosk-1"))
    measure(desk, Measure.LARGE_PAPER, Measure.PRIORITY)
    assert the_visit(desk).care.ticket_class is TicketClass.PRIORITY
    assert the_visit(desk).id != visit.id
    measure(desk)
    assert the_visit(desk).care == Care(manner=Manner(place="kiosk-1"))


def test_a_measure_beside_a_scenario_leaves_screen_and_language(desk: SimpleNamespace) -> None:
    prepare(desk, "foreign")
    measure(desk, Measure.SPOKEN_CALL, Measure.FETCH)
    care = the_visit(desk).care
    assert care.lang is Language.ENGLISH
    assert care.measures == (Measure.SPOKEN_CALL, Measure.FETCH)
    prepare(desk, "wheelchair")
    assert the_visit(desk).care.lang is None
    measure(desk)
    assert the_visit(desk).care.screen == ("low",)


def test_single_measures_count_together_and_what_was_taken_back_does_not(
    desk: SimpleNamespace,
) -> None:
    def end() -> None:
        desk.send("counter-9", commands.EndVisit, kiosk="kiosk-1", counter=9)

    for each in (Measure.PRIORITY, Measure.SPOKEN_CALL):
        measure(desk, each)
        end()
    measure(desk, Measure.FETCH)
    measure(desk)
    end()
    prepare(desk, "deaf")
    measure(desk)
    end()
    desk.engine.write_cases(all_of_them=True)
    assert cases(desk) == {NO_SCENARIO: 2, "deaf": 1}


def test_a_kiosk_that_says_nothing_of_visits_is_never_said_to_be_ready(
    desk: SimpleNamespace,
) -> None:
    help_wanted(desk)
    desk.engine.hear_visit("kiosk-1", "")  # as every status of 0.3.0
    assert the_visit(desk).care is not None
    assert not the_visit(desk).taken_up


def test_of_two_helpers_the_first_goes_and_the_last_choice_counts_once(
    desk: SimpleNamespace,
) -> None:
    assert desk.send("kiosk-1", commands.RequestHelp, place="Máy lấy số 1").ok
    assert desk.send("counter-9", commands.AnswerHelp, counter=9, place="Máy lấy số 1").ok
    assert desk.send("counter-3", commands.AnswerHelp, counter=3, place="Máy lấy số 1").ok
    assert the_visit(desk).counter == 9
    prepare(desk, "deaf", 9)
    prepare(desk, "elderly", 3)
    desk.send("counter-3", commands.EndVisit, kiosk="kiosk-1", counter=3)
    desk.engine.write_cases(all_of_them=True)
    assert cases(desk) == {"elderly": 1}


def test_a_helper_of_the_house_has_no_counter_and_only_web_says_so(hall: SimpleNamespace) -> None:
    hall.do(commands.RequestHelp(place="kiosk-1"), "kiosk-1")
    with pytest.raises(Refusal):
        hall.do(commands.AnswerHelp(place="kiosk-1"), "counter-1")
    assert hall.do(commands.AnswerHelp(place="kiosk-1"), "web-1", by_web=True) == [
        e.HelperComes(place="kiosk-1")
    ]
    (request,) = hall.state.help
    assert (request.answered_by, request.answered_at) == (None, hall.now)


def test_a_scenario_that_was_deleted_meanwhile_is_refused_without_its_name(
    desk: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reply = prepare(desk, "gone-since")
    assert reply.error is Error.UNKNOWN
    assert "gone-since" not in codec.encode(reply).decode() + caplog.text


def test_a_visit_ends_by_itself_and_with_the_kiosk_going_home(desk: SimpleNamespace) -> None:
    prepare(desk, "deaf")
    desk.clock.advance(LASTS.total_seconds() + 1)
    desk.engine.settle_by_time()
    prepare(desk, "blind")
    desk.engine.hear_visit("kiosk-1", the_visit(desk).id)
    desk.engine.hear_visit("kiosk-1", "")
    assert desk.engine.care.now.prepared == {}
    desk.engine.write_cases(all_of_them=True)
    assert cases(desk) == {"blind": 1, "deaf": 1}


def test_how_a_person_is_called_outlasts_a_restart_and_ends_with_the_ticket(
    desk: SimpleNamespace,
) -> None:
    ticket = desk.issue(manner=FETCHED)
    desk.restart()
    called = desk.send("counter-3", commands.CallNext, counter=3, current=None)
    board = board_state(view(desk), Header("epoch", 1, desk.clock.now()))
    assert [call.in_full for call in board.calls] == [True]
    counter: Any = counter_state(view(desk), CounterNumber(3), Header("epoch", 1, desk.clock.now()))
    assert counter.current.fetch_from == "kiosk-1"
    staff = staff_state(view(desk), Header("epoch", 1, desk.clock.now()))
    assert [(each.number, each.counter) for each in staff.fetching] == [
        (called.result["number"], 3)
    ]
    assert desk.send("counter-3", commands.Finish, counter=3, ticket=ticket).ok
    assert desk.engine.ledger.store.meta(MANNERS) == "{}"
    assert not any("kiosk-1" in codec.encode(doc).decode() for doc in documents(desk))


def test_a_number_of_the_book_brings_along_how_its_person_is_called(desk: SimpleNamespace) -> None:
    delivered = desk.send(
        "kiosk-1",
        commands.IssueTicket,
        service="CIVIL",
        number="2901",
        business_day="2026-11-23",
        issued_at=desk.clock.now() - timedelta(minutes=2),
        manner=FETCHED,
    )
    assert desk.engine.care.now.manners[delivered.result["ticket"]] == FETCHED


def test_a_commit_that_fails_changes_nothing_of_how_people_are_called(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store fails")

    def full(name: str) -> None:
        if name == "before_commit":
            raise StoreError("database or disk is full")

    desk.failpoint = full
    reply = desk.send("kiosk-1", commands.IssueTicket, service="CIVIL", manner=FETCHED)
    assert not reply.ok
    assert desk.engine.care.now.manners == {}


def test_cases_are_written_several_at_once_and_with_the_day(desk: SimpleNamespace) -> None:
    for scenario in ("deaf", "blind", "blind", "elderly"):
        prepare(desk, scenario)
        desk.send("counter-9", commands.EndVisit, kiosk="kiosk-1", counter=9)
        desk.engine.settle_by_time()
    assert cases(desk) == {}
    prepare(desk, "deaf")
    desk.send("counter-9", commands.EndVisit, kiosk="kiosk-1", counter=9)
    desk.engine.settle_by_time()
    assert list(cases(desk).items()) == [("blind", 2), ("deaf", 2), ("elderly", 1)]
    prepare(desk, "deaf")
    desk.send("counter-9", commands.EndVisit, kiosk="kiosk-1", counter=9)
    desk.clock.advance(24 * 3600)
    desk.engine.open_day_if_due()
    desk.engine.settle_by_time()
    with desk.reader() as reader:
        today = desk.state.day
        found = cases_between(reader.meta_rows(), today - timedelta(days=1), today)
    assert found == Counter(deaf=3, blind=2, elderly=1)


def test_no_digest_of_an_answer_tells_what_was_done_for_whom(desk: SimpleNamespace) -> None:
    first = desk.make(commands.PrepareVisit, kiosk="kiosk-1", scenario="blind", counter=9)
    others = [msgspec.structs.replace(first, scenario=s.id) for s in Assistance().scenarios]
    assert {_body_hash(other) for other in others} == {_body_hash(first)}
    alone = msgspec.structs.replace(first, scenario=None, measures=(Measure.SPOKEN_CALL,))
    assert _body_hash(alone) == _body_hash(first)
    plain = desk.make(commands.IssueTicket, service="CIVIL")
    assert _body_hash(msgspec.structs.replace(plain, manner=FETCHED)) == _body_hash(plain)


def test_after_a_played_visit_nothing_joins_a_scenario_to_ticket_kiosk_or_time(
    desk: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = Scenario(
        id="xq-need",
        name=Text(vi="Nhu cầu XQ", en="Need XQ"),
        does=("priority", "large_paper", "spoken_call", "fetch"),
        kiosk=("spoken", "contrast"),
        lang="en",
    )
    assistance = Assistance(scenarios=(secret,))
    desk.centre = msgspec.structs.replace(desk.centre, assistance=assistance)
    desk.restart()
    replies = [desk.send("kiosk-1", commands.RequestHelp, place="Máy lấy số 1")]
    replies.append(measure(desk, Measure.SPOKEN_CALL, Measure.FETCH))
    replies.append(prepare(desk, secret.id))
    care = the_visit(desk).care
    desk.engine.hear_visit("kiosk-1", the_visit(desk).id)
    ticket = desk.issue(ticket_class=care.ticket_class, lang=Language.ENGLISH, manner=care.manner)
    desk.engine.hear_visit("kiosk-1", "")
    during = documents(desk)
    desk.send("counter-3", commands.CallNext, counter=3, current=None)
    desk.send("counter-3", commands.Finish, counter=3, ticket=ticket)
    desk.clock.advance(LASTS.total_seconds())
    desk.engine.settle_by_time()
    desk.engine.write_cases(all_of_them=True)

    traces = ("xq-need", "Nhu cầu XQ", "Need XQ")
    measures = ("large_paper", "spoken_call", "fetch", "contrast")
    said = [codec.encode(each).decode() for each in (*replies, *documents(desk))]
    during_said = [codec.encode(each).decode() for each in during]
    assert not any(trace in line for line in (*said, *during_said, caplog.text) for trace in traces)
    rows = stored_rows(desk)
    for table, row in rows:
        if table == "config_version":
            continue  # what a centre offers, to whomever
        if table == "meta" and "cases 2026-11-23" in row:
            assert '{"xq-need": 1}' in row
            continue
        assert not any(word in row for word in (*traces, *measures)), (table, row)
    assert {"event", "inbox", "ticket", "meta"} <= {table for table, _ in rows}


def stored_rows(desk: SimpleNamespace) -> list[tuple[str, str]]:
    """Return every row of the store, as the text of its values."""
    connection = desk.engine.ledger.store._connection
    names = connection.execute(text("select name from sqlite_master where type='table'")).scalars()
    return [
        (name, " ".join(_readable(value) for value in row))
        for name in list(names)
        for row in connection.execute(text(f'select * from "{name}"'))  # noqa: S608 - its own names
    ]


def _readable(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def test_only_the_house_prepares_kiosks(desk: SimpleNamespace) -> None:
    reply = desk.send("kiosk-1", commands.PrepareVisit, kiosk="kiosk-1", scenario="deaf")
    assert reply.error is Error.NOT_ALLOWED
    assert Role.KIOSK is desk.engine.role_of("kiosk-1")
