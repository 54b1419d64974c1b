import queue
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from bus import codec, commands, orders, states, vocabulary
from bus.health import BoardHealth, KioskHealth, ServiceHealth, SignHealth, WebHealth
from bus.orders import decode_order
from bus.vocabulary import PrinterState, SignState, StoreState
from config.settings import KnownDevice, Role
from wait_log.dialects import STORE_FILE
from wait_log.errors import StoreError

Until = Callable[..., Any]


@pytest.fixture
def full_disk(running: SimpleNamespace, expected_warnings: list[str]) -> Iterator[SimpleNamespace]:
    """A disk that can be full, and when it was tried to write on it."""
    expected_warnings.append("the store fails")
    disk = SimpleNamespace(full=False, tries=queue.Queue())

    def write(name: str) -> None:
        if name == "before_commit" and disk.full:
            disk.tries.put(time.monotonic())
            raise StoreError("database or disk is full")

    running.desk.failpoint = write
    yield disk
    disk.full = False


def test_boards_are_told_before_an_alarm_that_cannot_be_stored(
    running: SimpleNamespace, until: Until, full_disk: SimpleNamespace
) -> None:
    logged = running.listen(running.topics.event("call_unannounced"))
    running.device("board-1")
    running.device("announcer-1")
    _call(running)
    board = running.listen(running.topics.board())
    session = until(board, states.BoardState, lambda s: s.calls).session
    full_disk.full = True
    running.desk.clock.advance(10)
    first = full_disk.tries.get(timeout=60)
    running.service._link.bus.drop_link()
    until(board, states.BoardState, lambda s: s.calls and s.session != session)
    assert full_disk.tries.get(timeout=60) - first >= 0.9
    full_disk.full = False
    event = until(logged, states.Event, lambda _: True)
    assert event.data["missing"] == "shown,spoken"


def test_what_could_not_be_stored_is_logged_once(
    running: SimpleNamespace, until: Until, full_disk: SimpleNamespace
) -> None:
    logged = running.listen(running.topics.event("call_announced"))
    issued = running.listen(running.topics.event("ticket_issued"))
    board, announcer = running.device("board-1"), running.device("announcer-1")
    epoch, call_seq = _call(running)
    until(issued, states.Event, lambda _: True)
    shown = running.listen(running.topics.board())
    until(shown, states.BoardState, lambda state: state.calls)
    full_disk.full = True
    board.acknowledge(_ack(epoch, call_seq, "shown"))
    announcer.acknowledge(_ack(epoch, call_seq, "spoken"))
    for _ in range(2):
        full_disk.tries.get(timeout=60)
    full_disk.full = False
    until(logged, states.Event, lambda event: event.data["call_seq"] == call_seq)
    assert running.ask(running.device("kiosk-1"), commands.IssueTicket, service="CERT").ok
    until(issued, states.Event, lambda _: True)
    assert logged.empty()


def test_a_store_that_fails_alarms_and_heals_by_itself(
    running: SimpleNamespace, until: Until, full_disk: SimpleNamespace
) -> None:
    counter = running.listen(running.topics.counter(6))
    status = running.listen(running.topics.status("service"))
    kiosk, desk = running.device("kiosk-1"), running.device("counter-6")
    full_disk.full = True
    refused = running.ask(kiosk, commands.IssueTicket, service="CIVIL")
    officers = running.ask(desk, commands.OpenCounter, counter=6)
    assert refused.error is officers.error is vocabulary.Error.UNAVAILABLE
    assert refused.message != officers.message
    assert "ổ đĩa" in officers.message
    alarmed = until(counter, states.CounterState, lambda s: s.alarms)
    assert [alarm.kind for alarm in alarmed.alarms] == ["store"]
    until(status, states.DeviceStatus, lambda s: s.health == ServiceHealth(store=StoreState.FAILED))
    until(counter, states.CounterState, lambda s: s.alarms)
    full_disk.full = False
    until(counter, states.CounterState, lambda s: not s.alarms)
    until(status, states.DeviceStatus, lambda s: s.health == ServiceHealth())
    assert running.ask(kiosk, commands.IssueTicket, service="CIVIL").ok


def test_a_store_that_was_deleted_refuses_and_alarms(
    running: SimpleNamespace, until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings += ["the store fails", "cursor not stored"]
    counter = running.listen(running.topics.counter(6))
    kiosk = running.device("kiosk-1")
    assert running.ask(kiosk, commands.IssueTicket, service="CIVIL").ok
    (running.desk.data / STORE_FILE).unlink()
    lost = running.ask(kiosk, commands.IssueTicket, service="CIVIL")
    assert lost.error is vocabulary.Error.UNAVAILABLE
    until(counter, states.CounterState, lambda s: "store" in {a.kind for a in s.alarms})
    board = running.listen(running.topics.board())
    until(board, states.BoardState, lambda s: s.today.issued == 1)


def test_a_device_that_comes_is_told_everything_again(
    running: SimpleNamespace, until: Until
) -> None:
    land = running.listen(running.topics.counter(6))
    until(land, states.CounterState, lambda _: True)
    running.device("counter-6")
    until(land, states.CounterState, lambda _: True)


def test_nothing_that_is_raised_ends_the_loop(
    running: SimpleNamespace, until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the service carries on")
    running.stop_service()
    wrong = threading.Event()

    def real_s(seconds: float) -> float:
        if wrong.is_set():
            raise OverflowError("date value out of range")
        return seconds

    running.real_s = real_s
    running.start()
    kiosk = running.device("kiosk-1")
    assert running.ask(kiosk, commands.IssueTicket, service="CIVIL").ok
    wrong.set()
    assert running.ask(kiosk, commands.IssueTicket, service="CIVIL").ok
    wrong.clear()
    board = running.listen(running.topics.board())
    assert running.ask(kiosk, commands.IssueTicket, service="CIVIL").ok
    until(board, states.BoardState, lambda s: s.today.issued == 3)


def _flood(running: SimpleNamespace, device: str, **fields: object) -> dict[str, int]:
    """Send 500 commands at once; return how often each error came, 0 counted as none."""
    bus, answers = running.links[-1].bus, running.listen(running.topics.reply(device))
    for _ in range(500):
        command = running.desk.make(commands.Recall, ticket="none", **fields)
        bus.publish(running.topics.command(device), codec.encode(command))
    last = running.desk.make(commands.IssueTicket, service="CIVIL")
    other = running.device("kiosk-1")
    assert running.ask(other, commands.IssueTicket, service="CIVIL").ok, last
    tally: dict[str, int] = {}
    while not answers.empty():
        error = codec.decode(commands.Reply, answers.get().payload).error
        tally[str(error)] = tally.get(str(error), 0) + 1
    return tally


def test_a_flood_is_refused_unread_and_at_last_dropped(
    running: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("far over its budget")
    running.stop_service()
    running.commands_per_s = 10.0
    running.start()
    before = running.desk.engine.ledger.state.seq
    running.device("counter-3")
    told = _flood(running, "counter-3", counter=3)
    assert 10 <= told["unknown"] <= 20
    assert 100 <= told["too_fast"] <= 300
    assert running.desk.engine.ledger.state.seq == before + 1


def test_a_box_of_too_old_a_version_is_refused_until_it_was_upgraded(
    running: SimpleNamespace, until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings.append("its version is too old")
    status = running.listen(running.topics.status("kiosk-1"))
    old = running.device("kiosk-1", version="0.2.0")
    until(status, states.DeviceStatus, lambda s: s.version == "0.2.0")
    refused = running.ask(old, commands.IssueTicket, service="CIVIL")
    assert refused.error is vocabulary.Error.UNAVAILABLE
    assert "nâng cấp" in refused.message
    assert running.ask(running.device("counter-6"), commands.OpenCounter, counter=6).ok
    old.stop()
    before = running.device("kiosk-1", version="0.3.0")
    until(status, states.DeviceStatus, lambda s: s.version == "0.3.0")
    assert running.ask(before, commands.IssueTicket, service="CIVIL").ok


def test_each_counter_of_the_web_has_its_own_budget(running: SimpleNamespace) -> None:
    running.stop_service()
    running.commands_per_s = 5.0
    running.start()
    web = running.device("web")
    for _ in range(10):
        busy = running.ask(web, commands.Recall, counter=3, ticket="none", by="lan")
    assert busy.error is vocabulary.Error.TOO_FAST
    calm = running.ask(web, commands.Recall, counter=4, ticket="none", by="mai")
    assert calm.error is vocabulary.Error.UNKNOWN


def test_every_document_is_published_on_a_start(running: SimpleNamespace, until: Until) -> None:
    topics = running.topics
    config = until(running.listen(topics.config()), states.ConfigState, lambda _: True)
    assert config.version == 1
    services = until(running.listen(topics.services()), states.ServicesState, lambda _: True)
    assert services.business_day == "2026-11-23"
    assert all(service.open for service in services.services)
    board = until(running.listen(topics.board()), states.BoardState, lambda _: True)
    assert [counter.counter for counter in board.counters] == list(range(1, 10))
    for number in range(1, 10):
        state = until(running.listen(topics.counter(number)), states.CounterState, lambda _: True)
        assert state.epoch == config.epoch
    status = until(
        running.listen(topics.status("service")), states.DeviceStatus, lambda s: s.online
    )
    assert status.health == ServiceHealth()


def test_the_way_of_a_touch_and_of_a_press(running: SimpleNamespace, until: Until) -> None:
    board = running.listen(running.topics.board())
    counter = running.listen(running.topics.counter(3))
    kiosk, desk = running.device("kiosk-1"), running.device("counter-3")
    assert running.ask(desk, commands.OpenCounter, counter=3).ok
    for lang in (vocabulary.Language.VIETNAMESE, vocabulary.Language.ENGLISH):
        reply = running.ask(kiosk, commands.IssueTicket, service="CIVIL", lang=lang)
        assert reply.ok
    issued = commands.result_of(reply, commands.IssuedTicket)
    assert (issued.number, issued.ahead, issued.business_day) == ("2002", 1, "2026-11-23")
    waiting = until(board, states.BoardState, lambda s: s.next == ("2001", "2002"))
    assert next(w for w in waiting.waiting if w.service == "CIVIL").count == 2
    called = commands.result_of(
        running.ask(desk, commands.CallNext, counter=3), commands.CalledTicket
    )
    assert (called.number, called.call_seq) == ("2001", 1)
    shown = until(board, states.BoardState, lambda s: s.calls)
    assert shown.calls[0].number == "2001"
    assert shown.counters[2].number == "2001"
    state = until(counter, states.CounterState, lambda s: s.current is not None)
    assert state.current.number == "2001"
    assert [ticket.number for ticket in state.waiting] == ["2002"]
    assert state.undoable.takes_back == "call_next"
    undone = running.ask(desk, commands.Undo, event=state.undoable.event)
    assert undone.ok
    withdrawn = until(board, states.BoardState, lambda s: s.calls[0].withdrawn)
    assert withdrawn.next == ("2001", "2002")


def test_events_are_told_without_the_citizens_token(running: SimpleNamespace, until: Until) -> None:
    issued = running.listen(running.topics.event("ticket_issued"))
    running.ask(running.device("kiosk-1"), commands.IssueTicket, service="CIVIL")
    event = until(issued, states.Event, lambda _: True)
    assert (event.number, event.service, event.ticket_class) == ("2001", "CIVIL", "normal")
    assert "token" not in event.data


def test_events_go_on_from_the_cursor_after_a_start(running: SimpleNamespace, until: Until) -> None:
    running.ask(running.device("kiosk-1"), commands.IssueTicket, service="CIVIL")
    until(running.listen(running.topics.board()), states.BoardState, lambda s: s.today.issued == 1)
    running.stop_service()
    engine = running.desk.start()
    assert engine.ledger.cursor == engine.ledger.state.seq
    engine.ledger.cursor -= 1
    heard = running.listen(running.topics.every("event"))
    running.start()
    assert until(heard, states.Event, lambda _: True).kind == "ticket_issued"


def test_it_says_again_and_again_that_it_is_there(
    running: SimpleNamespace, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_service.service.BEAT_S", 0.05)
    running.stop_service()
    statuses = running.listen(running.topics.status("service"))
    running.start()
    for _ in range(5):
        until(statuses, states.DeviceStatus, lambda status: status.online)


def test_everything_is_published_anew_on_a_new_link(running: SimpleNamespace, until: Until) -> None:
    land = running.listen(running.topics.counter(6))
    until(land, states.CounterState, lambda _: True)
    running.service._link.bus.drop_link()
    until(land, states.CounterState, lambda _: True)


def test_a_copy_is_ordered_from_the_printer(running: SimpleNamespace) -> None:
    kiosk, desk = running.device("kiosk-1"), running.device("counter-3")
    issued = commands.result_of(
        running.ask(kiosk, commands.IssueTicket, service="CIVIL"), commands.IssuedTicket
    )
    received = running.listen(running.topics.order("kiosk-1"))
    running.ask(desk, commands.ReprintTicket, ticket=issued.ticket, print_on="kiosk-1")
    order = decode_order(received.get(timeout=60).payload)
    assert isinstance(order, orders.PrintTicket)
    assert (order.copy, order.ticket.number) == (True, "2001")


def _call(running: SimpleNamespace) -> tuple[str, int]:
    running.ask(running.device("kiosk-1"), commands.IssueTicket, service="CIVIL")
    reply = running.ask(running.device("counter-3"), commands.CallNext, counter=3)
    return running.desk.engine.ledger.epoch, commands.result_of(
        reply, commands.CalledTicket
    ).call_seq


def _ack(
    epoch: str, call_seq: int, outcome: str, eta_s: float | None = None
) -> orders.Acknowledgement:
    return orders.Acknowledgement(
        epoch=epoch, call_seq=call_seq, outcome=vocabulary.AckOutcome(outcome), eta_s=eta_s
    )


def test_a_counter_sees_that_its_call_was_shown_and_spoken(
    running: SimpleNamespace, until: Until
) -> None:
    counter = running.listen(running.topics.counter(3))
    board, announcer = running.device("board-1"), running.device("announcer-1")
    epoch, call_seq = _call(running)
    board.acknowledge(_ack(epoch, call_seq, "shown"))
    until(counter, states.CounterState, lambda s: s.current and s.current.shown)
    announcer.acknowledge(_ack(epoch, call_seq, "spoken"))
    until(counter, states.CounterState, lambda s: s.current and s.current.spoken)
    running.stop_service()
    running.start()
    state = until(counter, states.CounterState, lambda s: s.current and s.current.shown)
    assert state.current.spoken


def test_acknowledgements_of_others_and_of_another_life_are_nothing(
    running: SimpleNamespace, until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings.append("acknowledgement dropped")
    counter = running.listen(running.topics.counter(3))
    epoch, call_seq = _call(running)
    running.device("board-1").acknowledge(_ack("another", call_seq, "shown"))
    running.device("board-2").acknowledge(_ack(epoch, call_seq + 1, "shown"))
    running.links[-1].bus.publish(running.topics.acknowledgement("board-2"), b"{}")
    running.device("kiosk-1").acknowledge(_ack(epoch, call_seq, "shown"))
    running.device("announcer-1").acknowledge(_ack(epoch, call_seq, "spoken"))
    state = until(counter, states.CounterState, lambda s: s.current and s.current.spoken)
    assert not state.current.shown


def test_a_call_that_nobody_took_alarms_once(running: SimpleNamespace, until: Until) -> None:
    counter = running.listen(running.topics.counter(3))
    late = running.listen(running.topics.event("call_unannounced"))
    running.device("board-1")
    running.device("announcer-1")
    epoch, call_seq = _call(running)
    until(counter, states.CounterState, lambda s: s.current is not None)
    running.desk.clock.advance(10)
    state = until(counter, states.CounterState, lambda s: s.alarms)
    assert [(a.kind, a.source, a.detail, a.devices) for a in state.alarms] == [
        ("unannounced", "2001", "shown, spoken", ("board-1", "announcer-1"))
    ]
    event = until(late, states.Event, lambda _: True)
    assert (event.counter, event.data["call_seq"]) == (3, call_seq)
    running.device("board-2").acknowledge(_ack(epoch, call_seq, "shown"))
    state = until(
        counter, states.CounterState, lambda s: s.alarms and s.alarms[0].detail == "spoken"
    )
    running.desk.clock.advance(60)
    assert late.empty()


def test_the_alarm_ends_when_calls_are_announced_again(
    running: SimpleNamespace, until: Until
) -> None:
    counter = running.listen(running.topics.counter(3))
    board = running.device("board-1")
    epoch, call_seq = _call(running)
    current = until(counter, states.CounterState, lambda s: s.current is not None).current.ticket
    running.desk.clock.advance(10)
    until(counter, states.CounterState, lambda s: s.alarms)
    desk = running.device("counter-3")
    running.ask(desk, commands.Finish, counter=3, ticket=current)
    state = until(counter, states.CounterState, lambda s: s.current is None)
    assert [alarm.source for alarm in state.alarms] == ["2001"]
    running.ask(running.device("kiosk-1"), commands.IssueTicket, service="CERT")
    running.ask(running.device("counter-1"), commands.CallNext, counter=1)
    board.acknowledge(_ack(epoch, call_seq + 1, "shown"))
    until(counter, states.CounterState, lambda s: not s.alarms)


@pytest.fixture
def two_voices(running: SimpleNamespace) -> SimpleNamespace:
    """A hall whose counters 1 to 5 have a second announcer."""
    running.stop_service()
    centre = running.desk.centre
    second = KnownDevice(id="announcer-2", role=Role.ANNOUNCER, counters=(1, 2, 3, 4, 5))
    running.desk.centre = replace(centre, devices=(*centre.devices, second))
    running.start()
    return running


def test_another_announcer_is_told_to_speak_for_a_silent_one(
    two_voices: SimpleNamespace, until: Until
) -> None:
    running, topics = two_voices, two_voices.topics
    counter = running.listen(topics.counter(3))
    board = running.listen(topics.board())
    log = running.listen(topics.event("call_handed_over"))
    received = running.listen(topics.order("announcer-2"))
    running.device("announcer-1")
    second = running.device("announcer-2")
    epoch, call_seq = _call(running)
    shown = until(board, states.BoardState, lambda s: s.calls)
    assert shown.calls[0].speaker is None
    running.desk.clock.advance(10)
    order = decode_order(received.get(timeout=60).payload)
    assert isinstance(order, orders.SpeakCall)
    assert (order.epoch, order.call.call_seq, order.call.number) == (epoch, call_seq, "2001")
    until(board, states.BoardState, lambda s: s.calls[0].speaker == "announcer-2")
    event = until(log, states.Event, lambda _: True)
    assert (event.counter, event.data["instead_of"], event.data["why"]) == (
        3,
        "announcer-1",
        "silent",
    )
    until(counter, states.CounterState, lambda s: s.alarms)
    second.acknowledge(_ack(epoch, call_seq, "spoken"))
    state = until(counter, states.CounterState, lambda s: s.current.spoken)
    assert state.alarms == ()
    running.stop_service()
    running.start()
    again = until(board, states.BoardState, lambda s: s.calls)
    assert again.calls[0].speaker == "announcer-2"
    assert received.empty()


def test_and_at_once_for_one_that_is_gone(two_voices: SimpleNamespace) -> None:
    running = two_voices
    received = running.listen(running.topics.order("announcer-2"))
    running.device("announcer-2")
    running.device("announcer-1").bus.die()
    _call(running)
    order = decode_order(received.get(timeout=60).payload)
    assert isinstance(order, orders.SpeakCall)
    assert order.call.speaker == "announcer-2"


def test_a_board_that_shows_old_numbers_is_named(running: SimpleNamespace, until: Until) -> None:
    running.stop_service()
    running.real_s = lambda seconds: seconds / 100
    running.start()
    counter = running.listen(running.topics.counter(6))
    boards = running.listen(running.topics.board())
    shown = until(boards, states.BoardState, lambda _: True)
    board = running.device("board-1")
    board.set_health(BoardHealth(epoch=shown.epoch, rev=shown.rev))
    kiosk = running.device("kiosk-1")
    running.ask(running.device("counter-3"), commands.OpenCounter, counter=3)
    for issued in range(1, 13):
        running.ask(kiosk, commands.IssueTicket, service="CIVIL")
        until(boards, states.BoardState, lambda s, issued=issued: s.today.issued == issued)
        running.desk.clock.advance(50)
    state = until(counter, states.CounterState, lambda s: s.alarms)
    assert [(a.kind, a.source) for a in state.alarms] == [("board_behind", "board-1")]
    board.set_health(BoardHealth(epoch=shown.epoch, rev=shown.rev + 100))
    until(counter, states.CounterState, lambda s: not s.alarms)


def test_time_in_which_the_service_was_frozen_is_blamed_on_nobody(
    running: SimpleNamespace, until: Until
) -> None:
    running.stop_service()
    running.real_s = lambda seconds: seconds / 100
    running.start()
    counter = running.listen(running.topics.counter(3))
    running.device("board-1")
    running.device("announcer-1")
    _call(running)
    until(counter, states.CounterState, lambda s: s.current is not None)
    running.desk.clock.advance(1200)
    running.ask(running.device("kiosk-1"), commands.RequestHelp, place="Cửa vào")
    state = until(counter, states.CounterState, lambda s: s.alarms)
    assert {alarm.kind for alarm in state.alarms} == {"help"}


def test_a_page_of_the_web_is_a_board_while_it_is_painted(
    running: SimpleNamespace, until: Until
) -> None:
    counter = running.listen(running.topics.counter(3))
    web = running.device("web")
    web.set_health(WebHealth(boards=("tv-1",)))
    epoch, call_seq = _call(running)
    until(counter, states.CounterState, lambda s: s.current is not None)
    running.desk.clock.advance(10)
    state = until(counter, states.CounterState, lambda s: s.alarms)
    assert [(a.kind, a.detail.split(", ")[0]) for a in state.alarms] == [("unannounced", "shown")]
    web.acknowledge(_ack(epoch, call_seq, "shown"))
    until(counter, states.CounterState, lambda s: s.current.shown)


def test_a_device_that_is_gone_alarms_every_counter_once(
    running: SimpleNamespace, until: Until
) -> None:
    counter = running.listen(running.topics.counter(6))
    board = running.device("board-1")
    until(counter, states.CounterState, lambda s: not s.alarms)
    board.bus.die()
    state = until(counter, states.CounterState, lambda s: s.alarms)
    assert [(a.kind, a.source) for a in state.alarms] == [("device_offline", "board-1")]
    running.device("board-1")
    until(counter, states.CounterState, lambda s: not s.alarms)


def test_a_dead_sign_alarms_and_a_foreign_health_does_not(
    running: SimpleNamespace, until: Until
) -> None:
    counter = running.listen(running.topics.counter(6))
    sign = running.device("sign-1")
    sign.set_health(SignHealth(signs={3: SignState.OK}))
    until(counter, states.CounterState, lambda s: not s.alarms)
    sign.set_health(SignHealth(signs={3: SignState.DEAD, 5: SignState.DEAD}))
    state = until(counter, states.CounterState, lambda s: s.alarms)
    alarms = [(a.kind, a.source, a.detail) for a in state.alarms]
    assert alarms == [("sign", "sign-1", "3, 5")]


@pytest.mark.parametrize(("printer", "alarm"), [("paper_out", True), ("unknown", False)])
def test_printer_trouble_is_shown_to_staff(
    running: SimpleNamespace, until: Until, printer: str, alarm: bool
) -> None:
    counter = running.listen(running.topics.counter(6))
    kiosk = running.device("kiosk-1")
    kiosk.set_health(KioskHealth(printer=PrinterState(printer)))
    running.ask(kiosk, commands.RequestHelp, place="Máy lấy số")
    state = until(counter, states.CounterState, lambda s: any(a.kind == "help" for a in s.alarms))
    kinds = [a.kind for a in state.alarms]
    assert kinds == ["help", "printer"] if alarm else ["help"]
    running.ask(running.device("counter-6"), commands.AnswerHelp, counter=6)
    until(counter, states.CounterState, lambda s: all(a.kind != "help" for a in s.alarms))


def test_a_pause_is_seen_everywhere_and_its_end_too(running: SimpleNamespace, until: Until) -> None:
    services = running.listen(running.topics.services())
    board = running.listen(running.topics.board())
    desk = running.device("counter-6")
    running.ask(desk, commands.OpenCounter, counter=6)
    back = running.desk.clock.now() + timedelta(minutes=30)
    running.ask(desk, commands.PauseCounter, counter=6, reason="Họp", until=back)
    paused = until(board, states.BoardState, lambda s: s.counters[5].status == "paused")
    assert (paused.counters[5].reason, paused.counters[5].until) == ("Họp", back)
    closed = until(services, states.ServicesState, lambda s: not s.services[4].open)
    land = closed.services[4]
    assert (land.why, land.opens_at, land.wait_min) == ("paused", back, (30, 45))
    assert running.ask(running.device("kiosk-1"), commands.IssueTicket, service="LAND").ok
    running.desk.clock.advance(30 * 60)
    until(services, states.ServicesState, lambda s: s.services[4].open)


def test_the_clock_alone_opens_the_services(running: SimpleNamespace, until: Until) -> None:
    services = running.listen(running.topics.services())
    running.stop_service()
    running.desk.always_open = False
    running.desk.clock.advance(22.5 * 3600)  # 06:30 in Hanoi
    running.start()
    early = until(services, states.ServicesState, lambda s: not s.services[0].open)
    assert early.services[0].why == "hours"
    running.desk.clock.advance(30 * 60)
    until(services, states.ServicesState, lambda s: s.services[0].open)


def test_rubbish_is_dropped_and_told_once(
    running: SimpleNamespace, until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings += ["command dropped", "status dropped"]
    kiosk = running.device("kiosk-1")
    for payload in (b"", b"{", b"\xff" * 9000):
        kiosk.bus.publish(running.topics.command("kiosk-1"), payload)
        kiosk.bus.publish(running.topics.status("kiosk-1"), payload)
    assert running.ask(kiosk, commands.IssueTicket, service="CIVIL").ok
    assert running.service._dropped == {"kiosk-1": 6}
    until(running.listen(running.topics.board()), states.BoardState, lambda s: s.today.issued == 1)


def test_two_counters_press_in_the_same_instant(running: SimpleNamespace) -> None:
    kiosk = running.device("kiosk-1")
    rounds = 200
    for _ in range(2 * rounds):
        running.ask(kiosk, commands.IssueTicket, service="CIVIL")
    both = threading.Barrier(2, action=lambda: running.desk.clock.advance(13))
    called: dict[int, list[str]] = {2: [], 3: []}

    def press(counter: int) -> None:
        link = running.device(f"counter-{counter}")
        current = None
        for _ in range(rounds):
            both.wait(timeout=60)
            reply = running.ask(link, commands.CallNext, counter=counter, current=current)
            result = commands.result_of(reply, commands.CalledTicket)
            current = result.ticket
            called[counter].append(result.number)

    threads = [threading.Thread(target=press, args=(counter,)) for counter in called]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    numbers = called[2] + called[3]
    assert len(numbers) == 2 * rounds
    assert sorted(numbers) == [f"2{serial:03}" for serial in range(1, 2 * rounds + 1)]


def test_eight_clients_take_numbers_at_once(running: SimpleNamespace) -> None:
    devices = [f"counter-{number}" for number in range(1, 8)] + ["kiosk-1"]
    numbers: list[str] = []

    def take(device: str) -> None:
        link = running.device(device)
        for _ in range(25):
            reply = running.ask(link, commands.IssueTicket, service="CERT")
            numbers.append(commands.result_of(reply, commands.IssuedTicket).number)

    threads = [threading.Thread(target=take, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(numbers) == [f"1{serial:03}" for serial in range(1, 201)]


def test_only_devices_of_the_configuration_are_heard(running: SimpleNamespace) -> None:
    heard = running.listen(running.topics.reply("kiosk-99"))
    stranger = running.device("kiosk-99")
    stranger.ask(commands.RequestHelp(place="kiosk-99"), lambda _reply: None)
    assert running.ask(running.device("kiosk-1"), commands.RequestHelp, place="kiosk-1").ok
    assert heard.empty()
