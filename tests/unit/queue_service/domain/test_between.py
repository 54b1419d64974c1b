"""Silent calls for a colleague, short messages, and somebody who comes to an empty line."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import AlarmKind, Colleague, Error, Language
from queue_service.domain.between import open_calls
from queue_service.domain.day import open_day
from queue_service.domain.values import CounterNumber, Refusal
from queue_service.states import Header, counter_state, staff_state
from queue_service.texts import message_of

ONE, TWO = CounterNumber(1), CounterNumber(2)


def refusal(hall: SimpleNamespace, command: c.Command, device: str = "counter-1") -> Error:
    with pytest.raises(Refusal) as refused:
        hall.do(command, device)
    return refused.value.error


def header(hall: SimpleNamespace) -> Header:
    return Header("epoch", hall.state.seq, hall.now)


def test_a_call_rings_at_every_counter_but_its_own_until_somebody_goes(
    hall: SimpleNamespace,
) -> None:
    hall.do(c.CallColleague(counter=1, whom=Colleague.GUARD))
    assert hall.do(c.CallColleague(counter=1, whom=Colleague.GUARD)) == []
    own, other = (counter_state(hall.view(), n, header(hall)) for n in (ONE, TWO))
    assert own.alarms == ()
    assert own.staff_call is not None
    assert own.staff_call.answered_at is None
    (alarm,) = other.alarms
    assert (alarm.kind, alarm.source, alarm.detail) == (AlarmKind.COLLEAGUE, "1", "guard")
    assert "answer_colleague" in other.legal
    hall.do(c.AnswerColleague(calling=1, counter=2), "counter-2")
    own, other = (counter_state(hall.view(), n, header(hall)) for n in (ONE, TWO))
    assert other.alarms == ()
    assert own.staff_call is not None
    assert own.staff_call.answered_by == 2
    hall.advance(130)
    assert counter_state(hall.view(), ONE, header(hall)).staff_call is None
    assert staff_state(hall.view(), header(hall)).calls == ()


def test_another_kind_takes_the_place_of_the_call_before(hall: SimpleNamespace) -> None:
    hall.do(c.CallColleague(counter=1))
    hall.do(c.CallColleague(counter=1, whom=Colleague.GUARD))
    assert [call.whom for call in open_calls(hall.state)] == ["guard"]


def test_who_called_may_need_nobody_any_more(hall: SimpleNamespace) -> None:
    hall.do(c.CallColleague(counter=1))
    hall.do(c.AnswerColleague(calling=1, counter=1))
    assert hall.do(c.AnswerColleague(calling=1, counter=2), "counter-2") == []
    assert counter_state(hall.view(), ONE, header(hall)).staff_call is None


def test_a_manager_goes_and_a_counter_says_which_one_it_is(hall: SimpleNamespace) -> None:
    hall.do(c.CallColleague(counter=1, whom=Colleague.SUPERVISOR))
    assert refusal(hall, c.AnswerColleague(calling=1), "counter-2") is Error.INVALID
    hall.do(c.AnswerColleague(calling=1), "web", by_web=True)
    (call,) = staff_state(hall.view(), header(hall)).calls
    assert (call.answered_by, call.answered_at is None) == (None, False)
    assert refusal(hall, c.CallColleague(counter=9)) is Error.UNKNOWN


def test_calls_are_bounded(hall: SimpleNamespace) -> None:
    for _ in range(6):
        hall.do(c.CallColleague(counter=1))
        hall.do(c.AnswerColleague(calling=1, counter=1))
    assert refusal(hall, c.CallColleague(counter=1)) is Error.TOO_FAST
    hall.do(c.CallColleague(counter=2), "counter-2")
    hall.advance(601)
    hall.do(c.CallColleague(counter=1))
    assert message_of(Error.TOO_FAST, Language.VIETNAMESE)


def test_a_call_outlives_its_day_and_messages_do_not(hall: SimpleNamespace) -> None:
    hall.do(c.CallColleague(counter=1))
    hall.do(c.CallColleague(counter=2), "counter-2")
    hall.do(c.AnswerColleague(calling=2, counter=1))
    hall.do(c.TellCounters(text="Họp lúc 11:30"), "web", by_web=True)
    hall.commit(open_day(hall.state, date(2026, 11, 24)), cause="day")
    assert [call.counter for call in hall.state.staff_calls] == [1]
    assert hall.state.messages == ()


def test_managers_tell_counters_and_see_who_has_read_it(hall: SimpleNamespace) -> None:
    hall.do(c.TellCounters(text="Họp lúc 11:30"), "web", by_web=True)
    hall.do(c.TellCounters(text="Mời sang quầy 3", counters=(2, 2)), "web", by_web=True)
    one, two = (counter_state(hall.view(), n, header(hall)) for n in (ONE, TWO))
    assert [message.text for message in one.messages] == ["Họp lúc 11:30"]
    assert [message.text for message in two.messages] == ["Họp lúc 11:30", "Mời sang quầy 3"]
    to_all, to_two = (message.id for message in two.messages)
    assert "read_message" in one.legal
    hall.do(c.ReadMessage(counter=1, message=to_all))
    assert hall.do(c.ReadMessage(counter=1, message=to_all)) == []
    assert refusal(hall, c.ReadMessage(counter=1, message=to_two)) is Error.UNKNOWN
    hall.do(c.ReadMessage(counter=2, message=to_all), "counter-2")
    assert staff_state(hall.view(), header(hall)).messages[0].read_by == (1, 2)
    read = counter_state(hall.view(), ONE, header(hall))
    assert read.messages[0].read_by == (1,)
    assert "read_message" not in read.legal


def test_a_counter_answers_what_it_was_told(hall: SimpleNamespace) -> None:
    hall.do(c.TellCounters(text="Ai rảnh?", counters=(1,)), "web", by_web=True)
    (told,) = staff_state(hall.view(), header(hall)).messages
    hall.do(c.TellManagers(counter=1, text="Quầy 1 rảnh", answers=told.id))
    answer = staff_state(hall.view(), header(hall)).messages[-1]
    assert (answer.counter, answer.answers, answer.text) == (1, told.id, "Quầy 1 rảnh")
    to_two = c.TellManagers(counter=2, text="Tôi", answers=told.id)
    assert refusal(hall, to_two, "counter-2") is Error.UNKNOWN
    assert refusal(hall, c.ReadMessage(counter=1, message=answer.id)) is Error.UNKNOWN


def test_messages_are_bounded_per_minute_and_in_number(hall: SimpleNamespace) -> None:
    for _ in range(6):
        hall.do(c.TellManagers(counter=1, text="?"))
    assert refusal(hall, c.TellManagers(counter=1, text="?")) is Error.TOO_FAST
    assert "tell_managers" not in counter_state(hall.view(), ONE, header(hall)).legal
    hall.do(c.TellManagers(counter=2, text="?"), "counter-2")
    for _ in range(300):
        hall.advance(30)
        hall.do(c.TellCounters(text="x" * 120), "web", by_web=True)
    assert len(hall.state.messages) == 200
    told = staff_state(hall.view(), header(hall))
    assert len(told.messages) == 50
    assert told.messages_total == 200


def test_somebody_comes_to_the_empty_line_of_a_free_counter(hall: SimpleNamespace) -> None:
    def arrived() -> bool:
        return counter_state(hall.view(), ONE, header(hall)).arrived is not None

    first = hall.issue()
    assert not arrived(), "a counter that is closed is not free"
    hall.do(c.OpenCounter(counter=1))
    assert not arrived(), "they were there when it opened"
    hall.next(1)
    hall.do(c.Finish(counter=1, ticket=first.id))
    hall.advance(60)
    second = hall.issue()
    assert counter_state(hall.view(), ONE, header(hall)).arrived == second.issued.at
    hall.issue()
    assert counter_state(hall.view(), ONE, header(hall)).arrived == second.issued.at
    hall.next(1)
    assert not arrived()
    hall.do(c.Finish(counter=1, ticket=second.id))
    assert not arrived(), "somebody waits, but the line was not empty"
    third = hall.next(1)
    hall.do(c.Finish(counter=1, ticket=third.id))
    hall.issue()
    assert arrived()
    hall.rules = replace(hall.rules, tell_arrivals=False)
    assert not arrived()
