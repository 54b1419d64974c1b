"""The parts that share a line: echoes, turns and displays."""

from bus.vocabulary import Error
from config.settings import Polling
from hardware.keypad import Readout
from hardware.keypad.traffic import Displays, EchoFilter, Poller


def test_what_was_sent_comes_back_and_is_taken_out() -> None:
    echo = EchoFilter()
    echo.sent(b"P03\r\n", 1.0, 0.005)
    assert echo.strip(b"P0", 1.01) == b""
    assert echo.strip(b"3\r\nK03 NEXT\r\n", 1.02) == b"K03 NEXT\r\n"
    assert echo.echoes == 1
    assert echo.strip(b"P03\r\n", 1.03) == b"P03\r\n"


def test_what_only_begins_as_ours_is_given_back() -> None:
    echo = EchoFilter()
    echo.sent(b"\xff\x68\x02\x02", 1.0, 0.004)
    assert echo.strip(b"\xff\x68", 1.01) == b""
    assert echo.strip(b"\x03\x03", 1.02) == b"\xff\x68\x03\x03"
    echo.sent(b"\xff\x68\x02\x02", 2.0, 0.004)
    assert echo.strip(b"\xff", 2.01) == b""
    assert echo.strip(b"", 3.0) == b"\xff"
    assert echo.echoes == 0


def test_keypads_are_asked_in_turn_and_a_silent_one_rarely() -> None:
    poller = Poller([1, 2], Polling(answer_within_ms=50, pause_ms=10, silent_after=3))
    now, asked, silent = 0.0, [], []
    while now < 3.0:
        gone = poller.overdue(now)
        silent += [] if gone is None else [gone]
        address = poller.next(now)
        if address is not None:
            asked.append(address)
            poller.asked(address, now, 0.005)
            if address == 1:
                poller.heard(1, now + 0.005)
        now += 0.005
    assert silent == [2]
    assert asked[:6] == [1, 2, 1, 2, 1, 2]
    assert 4 <= asked.count(2) <= 6
    assert asked.count(1) > 100
    poller.heard(2, now)
    assert {poller_asks(poller, now + step) for step in (1.0, 2.0)} == {1, 2}


def poller_asks(poller: Poller, now: float) -> int | None:
    address = poller.next(now)
    if address is not None:
        poller.asked(address, now, 0.0)
        poller.heard(address, now)
    return address


def displays() -> Displays:
    return Displays(
        lambda address, readout: f"{address}:{readout.number}".encode(),
        lambda address, why: f"{address}!{why}".encode(),
    )


def test_the_newest_readout_is_written_and_not_too_often() -> None:
    shown = displays()
    shown.want(3, Readout("1001", 5))
    shown.want(3, Readout("1002", 4))
    assert shown.next(1.0) == b"3:1002"
    assert shown.next(1.01) == b""
    shown.want(3, Readout("1003", 3))
    assert shown.next(1.1) == b""
    assert shown.next(1.25) == b"3:1003"
    assert shown.next(16.2) == b""
    assert shown.next(16.3) == b"3:1003"


def test_a_refusal_is_first_and_stays_unless_a_number_is_called() -> None:
    shown = displays()
    shown.want(3, Readout("1001", 1))
    assert shown.next(1.0) == b"3:1001"
    shown.refuse(3, Error.EMPTY)
    shown.want(3, Readout("", 0))
    assert shown.next(2.0) == b"3!empty"
    assert shown.next(4.9) == b""
    assert shown.next(5.0) == b"3:"
    shown.refuse(3, Error.EMPTY)
    assert shown.next(6.0) == b"3!empty"
    shown.want(3, Readout("1002", 0))
    assert shown.next(6.1) == b"3:1002"


def test_a_unit_that_was_gone_is_written_anew() -> None:
    shown = displays()
    shown.want(3, Readout("1001", 1))
    shown.next(1.0)
    shown.forget(3)
    assert shown.next(1.1) == b"3:1001"


def test_a_protocol_without_a_display_writes_nothing() -> None:
    shown = Displays(lambda _address, _readout: b"", lambda _address, _why: b"")
    shown.want(3, Readout("1001", 1))
    shown.refuse(3, Error.EMPTY)
    assert shown.next(1.0) == b""


def test_after_the_line_was_gone_old_refusals_are_not_told() -> None:
    shown = displays()
    shown.want(3, Readout("1001", 1))
    assert shown.next(1.0) == b"3:1001"
    shown.refuse(3, Error.EMPTY)
    shown.refuse(4, Error.STALE)
    shown.forget_all()
    assert shown.next(2.0) == b"3:1001"
    assert shown.next(2.1) == b""


def test_every_unit_tells_its_own_refusal() -> None:
    shown = displays()
    shown.refuse(3, Error.EMPTY)
    shown.refuse(4, Error.STALE)
    shown.refuse(3, Error.UNKNOWN)
    assert {shown.next(1.0), shown.next(1.1)} == {b"3!unknown", b"4!stale"}
    assert shown.next(1.2) == b""
