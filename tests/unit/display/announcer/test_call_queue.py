"""What is said next, and what is not said at all."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bus.orders import Speak, SpeakCall
from bus.states import BoardState, Call
from bus.vocabulary import SkipReason, TicketClass
from display.announcer.call_queue import CallQueue, Terms, Text, Utterance, Verdict

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MakeCall = Callable[..., Call]
MakeBoard = Callable[..., BoardState]

TERMS = Terms(max_age_s=60, times=2)
ONCE = Terms(max_age_s=60, times=1)


def skips(verdicts: list[Verdict]) -> dict[int, SkipReason | None]:
    return {verdict.call.call_seq: verdict.skip for verdict in verdicts}


def say(line: CallQueue, now: float = 0.0) -> Utterance | None:
    utterance = line.next(now)
    if utterance is None:
        return None
    assert isinstance(utterance, Utterance)
    line.finish(utterance)
    return utterance


def speak(text: str, *, urgent: bool = False) -> Speak:
    return Speak(id=text, at=AT, text=text, urgent=urgent)


def say_all(line: CallQueue, now: float = 0.0) -> list[tuple[str, int]]:
    said = []
    while utterance := say(line, now):
        said.append((utterance.call.number, utterance.time))
    return said


def test_a_call_is_accepted_and_said_twice(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    assert skips(line.take(make_board(make_call()), TERMS, 0)) == {1: None}
    assert say_all(line) == [("2005", 1), ("2005", 2)]


def test_the_second_time_is_a_reminder(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(make_call()), TERMS, 0)
    first, second = say(line), say(line)
    assert first is not None
    assert second is not None
    assert (first.again, second.again) == (False, True)


def test_a_recall_is_a_reminder_from_the_first(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(make_call(repeat=1)), TERMS, 0)
    utterance = line.next(0)
    assert isinstance(utterance, Utterance)
    assert utterance.again


def test_calls_are_said_in_order(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    calls = [make_call(seq, f"100{seq}", seq) for seq in (3, 1, 2)]
    line.take(make_board(*calls), ONCE, 0)
    assert [number for number, _ in say_all(line)] == ["1001", "1002", "1003"]


def test_emergencies_recalls_and_priority_people_go_first(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    calls = [
        make_call(1, "1001", 1),
        make_call(2, "1002", 2, ticket_class=TicketClass.APPOINTMENT),
        make_call(3, "1003", 3, ticket_class=TicketClass.PRIORITY),
        make_call(4, "1004", 4, repeat=1),
        make_call(5, "1005", 5, ticket_class=TicketClass.PRIORITY),
    ]
    line.take(make_board(*calls), ONCE, 0)
    line.add(speak("notice"), 0)
    line.add(speak("fire", urgent=True), 0)
    said = []
    for saying in line.ahead():
        assert line.next(0) == saying
        line.finish(saying)
        said.append(saying.order.text if isinstance(saying, Text) else saying.call.number)
    assert said == ["fire", "1004", "1003", "1005", "1001", "1002", "notice"]
    assert line.next(0) is None


def test_an_emergency_waits_for_the_sentence_and_rings_again(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)), ONCE, 0)
    playing = line.next(0)
    line.add(speak("fire", urgent=True), 1)
    line.add(speak("notice"), 1)
    assert playing is not None
    assert line.finish(playing)
    emergency = line.next(7)
    assert isinstance(emergency, Text)
    assert (emergency.order.text, emergency.chime) == ("fire", True)
    assert not line.finish(emergency)
    then = say(line, 10)
    assert then is not None
    assert then.call.number == "1002"


def test_a_text_is_said_when_no_call_waits_any_more(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    first = make_call(1, "1001", 1)
    line.add(speak("notice"), 0)
    line.take(make_board(first), TERMS, 0)
    say(line)
    line.take(make_board(first, make_call(2, "1002", 2)), TERMS, 5)
    for expected in [("1002", 1), ("1001", 2), ("1002", 2)]:
        utterance = say(line, 10)
        assert utterance is not None
        assert (utterance.call.number, utterance.time) == expected
    saying = line.next(10)
    assert isinstance(saying, Text)
    assert not saying.chime


def test_a_text_that_waited_too_long_is_withdrawn(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.add(speak("xe"), 0, lasts_s=30.0)
    line.add(speak("nghỉ trưa"), 0, lasts_s=60.0)
    line.take(make_board(make_call()), TERMS, 0)
    say(line)
    assert line.lost_texts() == []
    say(line, 31)
    assert [text.text for text, _ in line.lost_texts()] == ["xe"]
    saying = line.next(31)
    assert isinstance(saying, Text)
    assert saying.order.text == "nghỉ trưa"
    line.add(speak("xe"), 31, lasts_s=-1.0)
    assert line.next(31) is None
    assert [(text.text, skip) for text, skip in line.lost_texts()] == [("xe", SkipReason.TOO_OLD)]
    assert line.lost_texts() == []


def test_the_second_time_yields_to_others(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    first = make_call(1, "1001", 1)
    line.take(make_board(first), TERMS, 0)
    playing = line.next(0)
    line.take(make_board(first, make_call(2, "1002", 2)), TERMS, 3)
    assert playing is not None
    assert line.finish(playing)
    assert say_all(line, 8) == [("1002", 1), ("1001", 2), ("1002", 2)]


def test_a_long_line_is_said_once_each(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(*(make_call(n, f"1{n:03d}", n) for n in range(1, 21))), TERMS, 0)
    now, said = 0.0, []
    while utterance := say(line, now):
        now += 7
        said.append((utterance.call.call_seq, utterance.time))
    assert said == [(n, 1) for n in range(1, 21)]


def test_the_chime_rings_once_per_batch(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    one, two = make_call(1, "1001", 1), make_call(2, "1002", 2)
    line.take(make_board(one, two), ONCE, 0)
    rung = [utterance.chime for utterance in (say(line), say(line)) if utterance]
    assert say(line) is None
    line.take(make_board(one, two, make_call(3, "1003", 3)), ONCE, 30)
    later = say(line)
    assert rung == [True, False]
    assert later is not None
    assert later.chime


def test_the_same_state_again_changes_nothing(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    board = make_board(make_call())
    line.take(board, TERMS, 0)
    assert line.take(board, TERMS, 1) == []
    assert say_all(line) == [("2005", 1), ("2005", 2)]
    assert line.take(board, TERMS, 2) == []
    assert say(line) is None


@pytest.mark.parametrize(("age_s", "skip"), [(59, None), (60, None), (61, SkipReason.TOO_OLD)])
def test_age_is_judged_against_the_state(
    make_call: MakeCall, make_board: MakeBoard, age_s: float, skip: SkipReason | None
) -> None:
    line = CallQueue()
    assert skips(line.take(make_board(make_call(age_s=age_s)), TERMS, 0)) == {1: skip}


def test_a_call_that_waits_in_line_does_not_grow_too_old(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call(age_s=50)), TERMS, 0)
    assert say(line, 120) is not None


def test_a_repeat_grows_too_old(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(make_call(age_s=50)), TERMS, 0)
    assert say_all(line, 9) == [("2005", 1), ("2005", 2)]
    line.take(make_board(make_call(2, age_s=50)), TERMS, 100)
    assert say(line, 109) is not None
    assert say(line, 111) is None


def test_the_newest_call_of_a_ticket_takes_the_place(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    old, other = make_call(1, "2005", 3), make_call(2, "1001", 1)
    line.take(make_board(old, other), ONCE, 0)
    verdicts = line.take(make_board(old, other, make_call(3, "2005", 4)), ONCE, 1)
    assert skips(verdicts) == {3: None, 1: SkipReason.REPLACED}
    first = say(line)
    assert first is not None
    assert (first.call.call_seq, first.call.counter) == (3, 4)
    assert say_all(line) == [("1001", 1)]


def test_a_recall_takes_the_pending_repeat_away(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    old = make_call(1)
    line.take(make_board(old), TERMS, 0)
    say(line)
    assert skips(line.take(make_board(old, make_call(2, repeat=1)), TERMS, 5)) == {2: None}
    said = [say(line, 6), say(line, 6), say(line, 6)]
    assert [utterance.call.call_seq for utterance in said if utterance] == [2, 2]


def test_what_is_being_said_is_not_cut_off_by_a_recall(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    old = make_call(1)
    line.take(make_board(old), TERMS, 0)
    playing = line.next(0)
    assert playing is not None
    line.take(make_board(old, make_call(2, repeat=1)), TERMS, 3)
    assert line.finish(playing)
    said = [say(line, 6), say(line, 6), say(line, 6)]
    assert [utterance.call.call_seq for utterance in said if utterance] == [2, 2]


def test_a_withdrawn_call_is_dropped(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(make_call()), TERMS, 0)
    withdrawn = make_board(make_call(withdrawn=True))
    assert skips(line.take(withdrawn, TERMS, 1)) == {1: SkipReason.WITHDRAWN}
    assert line.take(withdrawn, TERMS, 2) == []
    assert say(line) is None


def test_a_call_first_seen_withdrawn_is_not_said(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    verdicts = line.take(make_board(make_call(withdrawn=True)), TERMS, 0)
    assert skips(verdicts) == {1: SkipReason.WITHDRAWN}
    assert say(line) is None


def test_withdrawn_while_it_is_said_is_not_repeated(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call()), TERMS, 0)
    playing = line.next(0)
    assert playing is not None
    assert line.take(make_board(make_call(withdrawn=True)), TERMS, 1) == []
    assert line.finish(playing)
    assert say(line) is None


@pytest.mark.parametrize("now_there", [None, "2006"])
def test_an_answered_call_is_dropped(
    make_call: MakeCall, make_board: MakeBoard, now_there: str | None
) -> None:
    line = CallQueue()
    there = make_board(make_call(), at_counters={3: "2005"})
    assert skips(line.take(there, TERMS, 0)) == {1: None}
    gone = make_board(make_call(), at_counters={3: now_there})
    assert skips(line.take(gone, TERMS, 1)) == {1: SkipReason.ANSWERED}
    assert say(line) is None


def test_an_answered_call_is_not_repeated(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(make_call(), at_counters={3: "2005"}), TERMS, 0)
    say(line)
    assert line.take(make_board(make_call(), at_counters={3: None}), TERMS, 8) == []
    assert say(line) is None


def test_a_call_whose_person_is_expected_again_is_said_after_all(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    there = make_board(make_call(), at_counters={3: "2005"})
    gone = make_board(make_call(), at_counters={3: None})
    assert skips(line.take(gone, TERMS, 0)) == {1: SkipReason.ANSWERED}
    assert skips(line.take(gone, TERMS, 1)) == {}
    assert skips(line.take(there, TERMS, 2)) == {1: None}
    assert say(line)
    assert skips(line.take(gone, TERMS, 8)) == {}
    assert skips(line.take(there, TERMS, 9)) == {}
    assert say(line) is None, "spoken once, it is not begun again"


def test_unless_the_announcer_began_again_in_between(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call(), at_counters={3: None}), TERMS, 0)
    later = CallQueue(line.epoch, line.settled)
    assert later.take(make_board(make_call(), at_counters={3: "2005"}), TERMS, 2) == []


def test_a_call_that_is_answered_on_receipt_is_not_said(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    verdicts = line.take(make_board(make_call(), at_counters={3: "1009"}), TERMS, 0)
    assert skips(verdicts) == {1: SkipReason.ANSWERED}


def test_a_zone_speaks_its_own_counters_only(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    zone = Terms(counters=frozenset({1, 2}))
    board = make_board(make_call(1, "1001", 1), make_call(2, "2005", 3))
    assert skips(line.take(board, zone, 0)) == {1: None}


def test_who_stands_by_speaks_only_what_it_is_told(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line, standby = CallQueue(), Terms(counters=frozenset())
    call, other = make_call(1, "1001", 1), make_call(2, "2005", 3)
    board = make_board(call, other)
    assert line.take(board, standby, 0) == []
    assert say(line) is None
    assert line.settled == ()
    order = SpeakCall(id="01ORDER", at=AT, epoch=board.epoch, call=other)
    assert skips(line.stand_in(order, 10)) == {2: None}
    assert line.stand_in(order, 11) == []
    assert say_all(line, 12) == [("2005", 1), ("2005", 2)]
    assert line.stand_in(order, 20) == []


def test_a_call_taken_over_follows_the_board(make_call: MakeCall, make_board: MakeBoard) -> None:
    standby = Terms(counters=frozenset())
    for gone, skip in (
        (make_board(make_call(withdrawn=True)), SkipReason.WITHDRAWN),
        (make_board(make_call(), at_counters={3: None}), SkipReason.ANSWERED),
    ):
        order = SpeakCall(id="01ORDER", at=AT, epoch=gone.epoch, call=make_call())
        line = CallQueue()
        line.take(make_board(make_call()), standby, 0)
        assert skips(line.stand_in(order, 0)) == {1: None}
        assert skips(line.take(gone, standby, 1)) == {1: skip}
        late = CallQueue()
        late.take(gone, standby, 0)
        assert skips(late.stand_in(order, 1)) == {1: skip}


def test_without_touch_texts_are_said_and_calls_wait(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call()), TERMS, 0)
    line.add(Speak(id="01ORDER", at=AT, text="Mời quý vị ra cửa", urgent=True), 0)
    assert isinstance(line.next(1, calls=False), Text)
    assert line.next(2, calls=False) is None
    assert isinstance(line.next(3), Utterance)


def test_a_call_that_another_took_over_is_left_to_it(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line, first = CallQueue(), Terms(device="announcer-1")
    line.take(make_board(make_call(1), make_call(2, "1001")), first, 0)
    assert say(line) is not None
    gone = (make_call(n, number, speaker="announcer-2") for n, number in ((1, "2005"), (2, "1001")))
    board = make_board(*gone, make_call(3, "3001", speaker="announcer-2"))
    assert skips(line.take(board, first, 1)) == {2: SkipReason.TAKEN_OVER}
    assert say(line) is None


def test_a_call_that_the_board_gives_it_is_spoken_by_one_that_stands_by(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line, standby = CallQueue(), Terms(counters=frozenset(), device="announcer-2")
    board = make_board(make_call(1, "1001", speaker="announcer-2"), make_call(2))
    assert skips(line.take(board, standby, 0)) == {1: None}


def test_a_call_too_old_or_of_another_epoch_is_not_taken_over(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line, standby = CallQueue(), Terms(counters=frozenset())
    old = make_call(1, "1001", 1, age_s=61)
    line.take(make_board(), standby, 0)
    order = SpeakCall(id="01ORDER", at=AT, epoch="01EPOCH", call=old)
    assert skips(line.stand_in(order, 0)) == {1: SkipReason.TOO_OLD}
    elsewhere = SpeakCall(id="02ORDER", at=AT, epoch="00EPOCH", call=make_call(2))
    assert line.stand_in(elsewhere, 0) == []
    assert say(line) is None


def test_what_was_settled_before_a_restart_is_not_said_again(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue("01EPOCH", (1,))
    verdicts = line.take(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)), ONCE, 0)
    assert skips(verdicts) == {2: None}
    assert say_all(line) == [("1002", 1)]
    assert line.settled == (1, 2)


def test_a_new_epoch_starts_over(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)), TERMS, 0)
    playing = line.next(0)
    assert playing is not None
    verdicts = line.take(make_board(make_call(1, "3001", 4), epoch="02EPOCH"), TERMS, 1)
    assert skips(verdicts) == {1: None}
    assert line.finish(playing)
    assert not line.settled
    assert say_all(line) == [("3001", 1), ("3001", 2)]
    assert line.epoch == "02EPOCH"
    assert list(line.settled) == [1]


def test_giving_up_what_is_said_leaves_the_others(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)), ONCE, 0)
    line.next(0)
    assert skips(line.give_up(SkipReason.NO_VOICE)) == {1: SkipReason.NO_VOICE}
    assert say_all(line) == [("1002", 1)]


def test_giving_up_what_waits_spares_emergencies_and_what_is_said(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)), ONCE, 0)
    line.add(speak("notice"), 0)
    line.add(speak("fire", urgent=True), 0)
    emergency = line.next(0)
    assert isinstance(emergency, Text)
    line.finish(emergency)
    playing = line.next(0)
    line.add(speak("flood", urgent=True), 0)
    assert skips(line.give_up_waiting(SkipReason.QUIET_HOURS)) == {2: SkipReason.QUIET_HOURS}
    assert playing is not None
    assert line.finish(playing)
    last = line.next(0)
    assert isinstance(last, Text)
    assert last.order.text == "flood"
    line.finish(last)
    assert line.next(0) is None


def test_texts_outlive_an_epoch_and_calls_do_not(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call()), TERMS, 0)
    line.add(speak("notice"), 0)
    line.take(make_board(epoch="02EPOCH"), TERMS, 1)
    saying = line.next(1)
    assert isinstance(saying, Text)
    assert line.give_up(SkipReason.NO_VOICE) == []
    assert line.next(1) is None


def test_giving_up_all_spares_what_was_heard(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(make_call(1, "1001", 1)), TERMS, 0)
    say(line)
    line.take(make_board(make_call(2, "1002", 2)), TERMS, 1)
    assert skips(line.give_up_waiting(SkipReason.NO_OUTPUT)) == {2: SkipReason.NO_OUTPUT}
    assert say(line) is None
    assert line.give_up(SkipReason.FAILED) == []


def test_what_is_to_be_said_is_known_in_order(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    line.take(make_board(*(make_call(n, f"100{n}", n) for n in (1, 2, 3))), TERMS, 0)
    say(line)
    ahead = [saying for saying in line.ahead() if isinstance(saying, Utterance)]
    assert [(u.call.call_seq, u.time, u.chime) for u in ahead] == [(2, 1, False), (3, 1, False)]


def test_memory_of_what_was_settled_is_bounded(make_call: MakeCall, make_board: MakeBoard) -> None:
    line = CallQueue()
    for seq in range(1, 1200):
        line.take(make_board(make_call(seq, str(seq), 1)), ONCE, 0)
        say(line)
    assert len(line.settled) == 500
    assert line.settled[-1] == 1199


def test_a_call_in_full_is_said_twice_before_the_others_however_long_they_wait(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    in_full = make_call(1, "2001", in_full=True)
    others = make_call(2, "2002"), make_call(3, "2003")
    line.take(make_board(in_full, *others), ONCE, 0)
    first = say(line)
    assert first is not None
    later = ONCE.max_age_s + 1
    assert [(first.call.number, first.time), *say_all(line, later)][:2] == [
        ("2001", 1),
        ("2001", 2),
    ]


def test_a_call_in_full_whose_person_has_come_is_not_said_again(
    make_call: MakeCall, make_board: MakeBoard
) -> None:
    line = CallQueue()
    line.take(make_board(make_call(1, "2001", in_full=True)), ONCE, 0)
    assert say(line) is not None
    line.take(make_board(make_call(1, "2001", in_full=True), at_counters={3: None}), ONCE, 1)
    assert say(line, 2) is None
