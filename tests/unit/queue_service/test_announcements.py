import pytest

from bus.messages import AckOutcome
from queue_service.announcements import Announcements, Hall
from queue_service.domain.state import Call
from queue_service.domain.values import CounterNumber, ServiceCode, TicketClass, TicketNumber
from wait_log.rows import Heard

BOTH = Hall(boards=True, announcers=True)


def call(call_seq: int, withdrawn: bool = False) -> Call:
    from datetime import UTC, datetime  # noqa: PLC0415

    return Call(
        call_seq,
        TicketNumber("1001"),
        CounterNumber(1),
        ServiceCode("CERT"),
        TicketClass.NORMAL,
        "vi",
        0,
        datetime(2026, 11, 23, tzinfo=UTC),
        withdrawn,
    )


@pytest.fixture
def announcements() -> Announcements:
    announcements = Announcements(10.0, ())
    announcements.watch([call(1)], 100.0)
    return announcements


def missing(announcements: Announcements, hall: Hall, at: float) -> list[str]:
    return [event.missing for event in announcements.overdue(hall, at)]


def test_silence_is_late_after_ten_seconds_and_told_once(announcements: Announcements) -> None:
    assert announcements.next_due() == 110.0
    assert missing(announcements, BOTH, 109.9) == []
    assert missing(announcements, BOTH, 110.0) == ["shown,spoken"]
    assert missing(announcements, BOTH, 200.0) == []
    assert announcements.next_due() is None


def test_devices_that_are_not_there_alarm_elsewhere(announcements: Announcements) -> None:
    assert missing(announcements, Hall(boards=False, announcers=False), 110.0) == []


def test_an_accepted_call_may_last_as_long_as_it_said(announcements: Announcements) -> None:
    announcements.hear_board(1, AckOutcome.SHOWN)
    announcements.hear_announcer(1, AckOutcome.ACCEPTED, 101.0, eta_s=30.0)
    assert announcements.next_due() == 141.0
    assert missing(announcements, BOTH, 140.0) == []
    assert missing(announcements, BOTH, 141.0) == ["spoken"]


def test_a_call_that_was_heard_is_done(announcements: Announcements) -> None:
    announcements.hear_announcer(1, AckOutcome.ACCEPTED, 101.0)
    announcements.hear_board(1, AckOutcome.SHOWN)
    announcements.hear_announcer(1, AckOutcome.SPOKEN, 108.0)
    assert missing(announcements, BOTH, 110.0) == []
    assert announcements.next_due() is None


def test_a_skipped_call_alarms_at_once(announcements: Announcements) -> None:
    announcements.hear_board(1, AckOutcome.SHOWN)
    announcements.hear_announcer(1, AckOutcome.SKIPPED, 102.0)
    assert missing(announcements, BOTH, 102.0) == ["spoken"]


def test_a_withdrawn_call_needs_no_voice(announcements: Announcements) -> None:
    announcements.watch([call(1, withdrawn=True)], 101.0)
    assert missing(announcements, BOTH, 200.0) == []


def test_what_was_heard_before_a_start_is_remembered() -> None:
    announcements = Announcements(10.0, [Heard(1, shown_us=5, spoken_us=6), Heard(2)])
    announcements.watch([call(1), call(2), call(3)], 100.0)
    assert (announcements.shown, announcements.spoken) == ({1}, {1})
    assert len(announcements.overdue(BOTH, 110.0)) == 1
    announcements.begin_day()
    assert announcements.shown == set()


def test_nothing_is_followed_for_ever(announcements: Announcements) -> None:
    announcements.hear_board(1, AckOutcome.SHOWN)
    assert missing(announcements, Hall(boards=True, announcers=False), 109.0) == []
    assert missing(announcements, Hall(boards=True, announcers=False), 700.0) == []
    assert announcements.next_due() is None


@pytest.mark.parametrize("reason", ["answered", "quiet_hours", "replaced", "withdrawn"])
def test_a_call_that_needs_no_voice_any_more_is_no_alarm(
    announcements: Announcements, reason: str
) -> None:
    announcements.hear_board(1, AckOutcome.SHOWN)
    announcements.hear_announcer(1, AckOutcome.SKIPPED, 102.0, reason=reason)
    assert missing(announcements, BOTH, 200.0) == []


def test_what_a_board_accepts_or_skips_says_nothing_of_the_voice(
    announcements: Announcements,
) -> None:
    announcements.hear_announcer(1, AckOutcome.ACCEPTED, 101.0, eta_s=30.0)
    announcements.hear_board(1, AckOutcome.ACCEPTED)
    announcements.hear_board(1, AckOutcome.SKIPPED)
    announcements.hear_board(1, AckOutcome.SHOWN)
    assert missing(announcements, BOTH, 140.0) == []
    assert missing(announcements, BOTH, 141.0) == ["spoken"]
