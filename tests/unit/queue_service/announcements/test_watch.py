"""What the service makes of what boards and announcers say, and of their silence."""

from typing import Any

import pytest

from wait_log.rows import CallAck

Hall = Any


def test_silence_is_late_after_ten_seconds_and_told_once(hall: Hall) -> None:
    hall.lose("announcer-2")
    assert hall.due == 110.0
    assert hall.at(109.9) == []
    assert hall.at(110.0) == [("shown,spoken", "board-1", "board-2", "announcer-1")]
    assert hall.at(500.0) == []
    assert hall.due is None


def test_one_board_and_the_first_announcer_are_enough(hall: Hall) -> None:
    hall.say("board-2", "accepted", eta_s=0.0)
    hall.say("board-2", "shown")
    hall.say("announcer-1", "accepted", eta_s=8.0)
    assert hall.at(108.0) == []
    hall.say("announcer-1", "spoken")
    assert hall.at(700.0) == []
    assert hall.due is None
    assert (hall.announcements.shown, hall.announcements.spoken) == ({1}, {1})
    assert hall.announcements.announced_by == {"board-2": 1, "announcer-1": 1}


def test_an_accepted_call_may_last_as_long_as_it_said(hall: Hall) -> None:
    hall.lose("announcer-2")
    hall.say("board-1", "accepted", eta_s=15.0)
    hall.say("announcer-1", "accepted", eta_s=30.0)
    assert hall.due == 125.0
    assert hall.at(124.9) == []
    assert hall.at(125.0) == [("shown", "board-1", "board-2")]
    assert hall.due == 140.0
    assert hall.at(140.0) == [("spoken", "announcer-1")]


def test_an_end_that_was_not_announced_is_a_minute_away(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "accepted")
    assert hall.due == 170.0


@pytest.mark.parametrize(
    "reason",
    ["answered", "replaced", "withdrawn", "taken_over", "quiet_hours", "muted"],
)
def test_a_call_that_needs_no_voice_any_more_is_no_alarm(hall: Hall, reason: str) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "skipped", reason=reason)
    assert hall.at(500.0) == []


@pytest.mark.parametrize("reason", ["no_output", "no_voice", "failed", None])
def test_a_call_that_cannot_be_spoken_goes_on_at_once(hall: Hall, reason: str | None) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "skipped", reason=reason)
    assert hall.at(101.0) == [(reason or "skipped", "announcer-1", "announcer-2")]
    hall.say("announcer-1", "accepted", eta_s=1.0)
    hall.say("announcer-2", "skipped", reason=reason)
    assert hall.at(102.0) == [("spoken", "announcer-2")]
    assert hall.due is None


def test_a_call_is_too_old_when_it_is_and_not_by_a_wrong_clock(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "skipped", reason="too_old")
    assert hall.at(101.0) == [("too_old", "announcer-1", "announcer-2")]
    hall.say("announcer-2", "accepted", eta_s=80.0)
    assert hall.at(161.0) == []
    hall.say("announcer-2", "skipped", reason="too_old")
    assert hall.at(300.0) == []


def test_a_screen_that_was_off_counts_as_unseen(hall: Hall) -> None:
    hall.say("announcer-1", "spoken")
    hall.say("board-1", "skipped", reason="screen_off")
    assert hall.at(101.0) == []
    hall.say("board-2", "skipped", reason="screen_off")
    assert hall.at(102.0) == [("shown", "board-1", "board-2")]


def test_a_board_that_was_off_too_long_is_no_alarm(hall: Hall) -> None:
    hall.say("announcer-1", "spoken")
    hall.say("board-1", "skipped", reason="too_old")
    assert hall.at(500.0) == []


def test_the_next_announcer_takes_over_from_a_silent_one(hall: Hall) -> None:
    hall.say("board-1", "shown")
    assert hall.at(110.0) == [
        ("spoken", "announcer-1"),
        ("silent", "announcer-1", "announcer-2"),
    ]
    hall.say("announcer-1", "accepted", eta_s=1.0)
    assert hall.due == 120.0
    hall.say("announcer-2", "accepted", eta_s=6.0)
    assert hall.due == 126.0
    hall.say("announcer-2", "spoken")
    assert hall.at(700.0) == []


def test_and_from_one_that_ends_later_than_it_said(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "accepted", eta_s=4.0)
    assert hall.at(114.0) == [("spoken", "announcer-1"), ("late", "announcer-1", "announcer-2")]
    assert hall.at(124.0) == [("spoken", "announcer-2")]
    assert hall.at(200.0) == []


def test_whoever_has_spoken_a_call_it_is_spoken(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.at(110.0)
    hall.say("announcer-1", "spoken")
    assert hall.at(500.0) == []


def test_an_announcer_known_to_be_gone_is_not_waited_for(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.lose("announcer-1")
    assert hall.at(100.0) == [("offline", "announcer-1", "announcer-2")]


def test_one_that_goes_in_the_middle_hands_over_what_is_not_spoken(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "accepted", eta_s=30.0)
    hall.lose("announcer-1")
    assert hall.at(105.0) == [("offline", "announcer-1", "announcer-2")]


def test_devices_known_to_be_gone_alarm_elsewhere(hall: Hall) -> None:
    hall.lose("board-1", "board-2", "announcer-1", "announcer-2")
    assert hall.at(110.0) == []
    assert hall.at(500.0) == []


def test_a_device_that_comes_back_has_its_time_anew(hall: Hall) -> None:
    hall.lose("board-1", "board-2", "announcer-1", "announcer-2")
    hall.say("announcer-1", "accepted", eta_s=2.0)
    hall.at(118.0)
    hall.find("board-1")
    hall.find("announcer-1")
    assert hall.due == 128.0
    assert hall.at(127.9) == []
    assert hall.at(128.0) == [
        ("shown,spoken", "board-1", "announcer-1"),
    ]


def test_a_call_that_was_taken_over_by_one_that_went_too_is_told(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.lose("announcer-1")
    hall.at(101.0)
    hall.lose("announcer-2")
    assert hall.at(102.0) == []
    hall.find("announcer-1")
    assert hall.at(103.0) == [("spoken", "announcer-2")]


def test_nobody_takes_over_what_is_old(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "accepted", eta_s=51.0)
    assert hall.at(161.0) == [("spoken", "announcer-1")]


@pytest.mark.parametrize("how", ["arrive", "call"])
def test_nor_what_nobody_waits_for_any_more(hall: Hall, how: str) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "accepted", eta_s=1.0)
    if how == "arrive":
        hall.arrive()
    else:
        hall.call(2, "1002")
        hall.say("board-1", "shown", 2)
        hall.say("announcer-1", "spoken", 2)
    assert hall.at(111.0) == []


def test_but_silence_is_told_of_every_call(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.arrive()
    assert hall.at(110.0) == [("spoken", "announcer-1")]
    assert hall.at(130.0) == []


def test_a_withdrawn_call_needs_nobody(hall: Hall) -> None:
    hall.withdraw(1)
    assert hall.at(200.0) == []


def test_a_centre_without_a_loudspeaker_lacks_no_voice(hall: Hall) -> None:
    hall.zone = type(hall.zone)(boards={"board-1": 0.0})
    hall.call(2)
    assert hall.at(120.0)[1:] == [("shown", "board-1")]


def test_after_a_start_expected_calls_are_followed_again(hall: Hall) -> None:
    hall.now = 105.0
    hall.begin(CallAck(1, shown_us=5))
    assert hall.at(114.9) == []
    assert hall.at(115.0) == [
        ("spoken", "announcer-1"),
        ("silent", "announcer-1", "announcer-2"),
    ]
    hall.now = 116.0
    hall.begin(CallAck(1, shown_us=5))
    hall.say("announcer-1", "accepted", eta_s=100.0)
    assert hall.at(126.0) == [("spoken", "announcer-2")]


def test_after_a_start_what_is_over_stays_over(hall: Hall) -> None:
    hall.call(2, "1002")
    hall.now = 105.0
    hall.begin(CallAck(1), CallAck(2, shown_us=5, spoken_us=6))
    hall.watch()
    assert hall.at(115.0) == []
    hall.begin(CallAck(1), CallAck(2))
    hall.now = 170.0
    hall.begin(CallAck(1), CallAck(2))
    assert hall.at(185.0) == []


def test_nothing_is_followed_for_ever(hall: Hall) -> None:
    hall.lose("board-1", "board-2", "announcer-1", "announcer-2")
    assert hall.due == 700.0
    assert hall.at(700.0) == []
    assert hall.due is None


def test_without_devices_a_call_is_followed_while_somebody_waits(hall: Hall) -> None:
    hall.lose("board-1", "board-2", "announcer-1", "announcer-2")
    assert hall.at(101.0) == []
    hall.arrive()
    assert hall.at(102.0) == []
    assert hall.due is None


def test_a_new_day_begins_anew(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.announcements.begin_day()
    assert hall.announcements.shown == set()
    assert hall.at(500.0) == []


def test_a_call_is_announced_when_it_was_shown_and_spoken(hall: Hall) -> None:
    hall.say("announcer-1", "accepted", eta_s=8.0)
    hall.say("board-1", "shown")
    assert hall.announced(101.0) == []
    hall.say("announcer-1", "spoken")
    assert hall.announced(107.0) == [1]
    assert hall.announced(108.0) == []  # once


def test_a_call_is_given_up_after_twelve_seconds_of_silence(hall: Hall) -> None:
    hall.say("board-1", "shown")
    assert hall.announced(111.9) == []
    assert hall.announced(112.0) == [1]


def test_the_latest_promise_of_the_announcer_counts(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "accepted", eta_s=5.0)
    hall.now = 104.0
    hall.say("announcer-1", "accepted", eta_s=16.0)
    assert hall.announced(122.9) == []
    assert hall.announced(123.0) == [1]


def test_an_announcer_that_nobody_asked_promises_nothing(hall: Hall) -> None:
    hall.say("announcer-2", "accepted", eta_s=50.0)
    assert hall.announced(112.0) == [1]


def test_a_hall_without_boards_and_voices_announces_at_once(hall: Hall) -> None:
    hall.zone = type(hall.zone)()
    hall.call(2, "1002")
    assert hall.announced(100.1) == [2]


def test_a_call_that_is_quiet_by_intent_is_announced_when_shown(hall: Hall) -> None:
    hall.say("announcer-1", "skipped", reason="quiet_hours")
    assert hall.announced(101.0) == []
    hall.say("board-2", "shown")
    assert hall.announced(101.0) == [1]


def test_who_has_come_waits_for_no_announcement(hall: Hall) -> None:
    hall.arrive()
    assert hall.announced(112.0) == []


def test_a_call_from_before_a_start_is_given_up_in_its_time(hall: Hall) -> None:
    hall.now = 106.0
    hall.begin()
    assert hall.announced(111.9) == []
    assert hall.announced(112.0) == [1]


def let_go_and_expected_again(hall: Hall, *, said: str = "skipped") -> None:
    """The call is shown; its person is let go at 102 before a word, and expected again at 105."""
    hall.say("board-1", "shown")
    hall.say("announcer-1", "accepted", eta_s=8.0)
    hall.now = 102.0
    hall.let_go()
    if said:
        hall.say("announcer-1", said, reason="answered")
    assert hall.announced(103.0) == []
    hall.now = 105.0
    hall.expect_again()


def test_a_call_that_was_let_go_and_came_back_is_not_announced_yet(hall: Hall) -> None:
    let_go_and_expected_again(hall)
    assert hall.announced(105.0) == []
    hall.say("announcer-1", "accepted", eta_s=4.0)
    assert hall.announced(108.9) == []
    hall.say("announcer-1", "spoken")
    assert hall.announced(109.0) == [1]
    assert hall.at(700.0) == []


def test_nobody_speaks_what_came_back_and_the_counter_is_told(hall: Hall) -> None:
    let_go_and_expected_again(hall)
    assert hall.at(114.9) == []
    assert hall.at(115.0) == [("spoken", "announcer-1"), ("silent", "announcer-1", "announcer-2")]
    assert hall.at(125.0) == [("spoken", "announcer-2")]


def test_what_came_back_is_given_up_twelve_seconds_later(hall: Hall) -> None:
    let_go_and_expected_again(hall)
    assert hall.announced(116.9) == []
    assert hall.announced(117.0) == [1]


def test_a_call_came_back_before_its_announcer_told_that_it_had_let_it_go(hall: Hall) -> None:
    let_go_and_expected_again(hall, said="")
    hall.say("announcer-1", "skipped", reason="answered")
    hall.say("announcer-1", "accepted", eta_s=6.0)
    assert hall.announced(105.1) == []
    hall.say("announcer-1", "spoken")
    assert hall.announced(111.0) == [1]


def test_or_never_told_that_it_took_it_up_again(hall: Hall) -> None:
    let_go_and_expected_again(hall, said="")
    hall.say("announcer-1", "skipped", reason="answered")
    assert hall.announced(105.1) == []
    assert hall.announced(117.0) == [1]


def test_what_was_spoken_before_its_person_was_let_go_stays_announced(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "spoken")
    hall.let_go()
    assert hall.announced(102.0) == []
    hall.now = 105.0
    hall.expect_again()
    assert hall.announced(105.0) == [1]


def test_a_call_that_was_let_go_as_the_log_was_to_hear_of_it_is_told_again(hall: Hall) -> None:
    hall.say("board-1", "shown")
    hall.say("announcer-1", "spoken")
    assert hall.announced(101.0) == [1]  # the person is let go before it is written down
    hall.let_go()
    assert hall.announced(102.0) == []
    hall.expect_again()
    assert hall.announced(103.0) == [1]


def test_what_was_let_go_is_not_kept_for_another_day(hall: Hall) -> None:
    let_go_and_expected_again(hall)
    hall.let_go()
    hall.say("announcer-1", "skipped", reason="answered")
    assert hall.at(106.0) == []
    hall.announcements.begin_day()
    hall.expect_again()
    assert hall.due is None
