"""What managers have devices do, from the command to the answer, on the memory bus."""

import queue
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from bus import commands, orders, states
from bus.codec import encode
from bus.session import Session
from bus.vocabulary import Error, OrderOutcome
from queue_service.codec import decode_fact
from wait_log.errors import StoreError

Until = Callable[..., Any]
DONE = OrderOutcome.DONE


def follow(link: Session) -> "queue.Queue[orders.AnyOrder]":
    """Return what a device is told to do from now on."""
    told: queue.Queue[orders.AnyOrder] = queue.Queue()
    link.follow_orders(told.put)
    return told


def ask(running: SimpleNamespace, web: Session, **fields: object) -> commands.Reply:
    reply: commands.Reply = running.ask(web, commands.TestDevice, by="lan", **fields)
    return reply


def ended(state: states.DevicesState) -> bool:
    return bool(state.orders) and state.orders[-1].outcome is not None


def test_a_test_is_told_to_the_device_and_its_answer_to_managers(
    running: SimpleNamespace, until: Until
) -> None:
    board = running.device("board-1")
    told = follow(board)
    devices = running.listen(running.topics.devices())
    assert ask(running, running.device("web"), device="board-1").ok
    order = told.get(timeout=60)
    assert isinstance(order, orders.Blink)
    asked = until(devices, states.DevicesState, lambda s: s.orders).orders[-1]
    assert (asked.order, asked.device, asked.test, asked.outcome) == (
        order.id,
        "board-1",
        True,
        None,
    )
    board.report(order.id, DONE)
    answered = until(devices, states.DevicesState, ended).orders[-1]
    assert (answered.outcome, answered.ended_at) == (DONE, running.desk.clock.now())


def test_a_kiosk_prints_a_loudspeaker_speaks_and_is_set(running: SimpleNamespace) -> None:
    kiosk, speaker = running.device("kiosk-1"), running.device("announcer-1")
    paper, voice = follow(kiosk), follow(speaker)
    web = running.device("web")
    assert ask(running, web, device="kiosk-1").ok
    assert isinstance(paper.get(timeout=60), orders.PrintTest)
    assert ask(running, web, device="announcer-1").ok
    test = voice.get(timeout=60)
    assert isinstance(test, orders.Speak)
    assert test.text.startswith("Đây là tiếng thử")
    assert test.expires_at is not None
    assert running.ask(web, commands.SpeakText, by="lan", text="Xe 15A").ok
    assert voice.get(timeout=60).text == "Xe 15A"  # type: ignore[union-attr]
    assert running.ask(
        web, commands.SetDeviceVolume, by="lan", device="announcer-1", volume=0.25
    ).ok
    assert voice.get(timeout=60).volume == 0.25  # type: ignore[union-attr]


def test_a_device_that_says_nothing_in_time_is_said_to_be_silent(
    running: SimpleNamespace, until: Until
) -> None:
    told = follow(running.device("board-1"))
    devices = running.listen(running.topics.devices())
    ask(running, running.device("web"), device="board-1")
    order = told.get(timeout=60)
    running.desk.clock.advance(1000)
    silent = until(devices, states.DevicesState, ended).orders[-1]
    assert silent.outcome is OrderOutcome.UNANSWERED
    running.device("board-1").report(order.id, DONE)
    late = until(devices, states.DevicesState, lambda s: s.orders[-1].outcome is DONE)
    assert late.orders[-1].order == order.id


def test_no_answer_is_taken_of_another_device_or_another_store(
    running: SimpleNamespace, until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings.append("result dropped sender=board-1")
    board = running.device("board-1")
    told = follow(board)
    devices = running.listen(running.topics.devices())
    web = running.device("web")
    ask(running, web, device="board-1")
    order = told.get(timeout=60)
    running.device("board-2").report(order.id, OrderOutcome.FAILED)
    board.report(order.id.replace(running.desk.engine.ledger.epoch, "another"), OrderOutcome.FAILED)
    board.report(order.id, OrderOutcome.UNANSWERED)
    topic = running.topics.result("board-1")
    for payload in (b"", b"{}", b'{"order": 7, "outcome": "done"}', b"\xff" * 9000):
        board.bus.publish(topic, payload)
    board.report(order.id, DONE, "x" * 500)
    answered = until(devices, states.DevicesState, ended).orders[-1]
    assert (answered.outcome, len(answered.reason)) == (DONE, 200)
    board.report(order.id, OrderOutcome.FAILED)
    board.report("nonsense", OrderOutcome.FAILED)
    assert ask(running, web, device="board-2").ok
    newest = until(devices, states.DevicesState, lambda s: len(s.orders) == 2)
    assert [o.outcome for o in newest.orders] == [DONE, None]


def test_an_unproven_page_may_still_be_proven(running: SimpleNamespace, until: Until) -> None:
    kiosk = running.device("kiosk-1")
    told = follow(kiosk)
    devices = running.listen(running.topics.devices())
    ask(running, running.device("web"), device="kiosk-1")
    order = told.get(timeout=60)
    kiosk.report(order.id, OrderOutcome.UNPROVEN, "paper_out")
    until(devices, states.DevicesState, lambda s: ended(s) and s.orders[-1].reason == "paper_out")
    kiosk.report(order.id, DONE)
    until(devices, states.DevicesState, lambda s: s.orders[-1].outcome is DONE)


def test_who_asked_is_in_the_log_and_in_no_message(running: SimpleNamespace, until: Until) -> None:
    events = running.listen(running.topics.event("device_ordered"))
    web = running.device("web")
    assert running.ask(web, commands.SpeakText, by="giám-đốc", text="Xe 15A").ok
    event = until(events, states.Event, lambda _: True)
    assert b"gi\xc3\xa1m" not in encode(event)
    facts = [decode_fact(row.body or b"") for row in running.desk.engine.ledger.store.events(1)]
    assert [(f.cause, f.by, f.device) for f in facts if f.by] == [("speak_text", "giám-đốc", "web")]


@pytest.mark.parametrize("device", ["counter-3", "kiosk-1", "board-1"])
def test_a_forged_name_is_refused_and_leaves_no_trace(
    running: SimpleNamespace, device: str
) -> None:
    before = running.desk.engine.ledger.state.seq
    link = running.device(device)
    for kind, fields in (
        (commands.TestDevice, {"device": "board-1"}),
        (commands.SpeakText, {"text": "x"}),
        (commands.CallNext, {"counter": 3}),
        (commands.ReportOutage, {"system": "Internet"}),
    ):
        assert running.ask(link, kind, by="giam-doc", **fields).error is Error.NOT_ALLOWED
    nobody = running.device("web")
    assert running.ask(nobody, commands.ReportOutage, system="x").error is Error.NOT_ALLOWED
    assert running.desk.engine.ledger.state.seq == before


def test_the_same_command_again_orders_once(desk: SimpleNamespace) -> None:
    command = desk.make(commands.SpeakText, by="lan", text="Xe 15A")
    first = desk.send_again("web", command)
    assert first.ok
    assert desk.send_again("web", command) == first
    assert desk.send_again("web", replace(command, text="Xe 15B")).error is Error.CONFLICT
    assert desk.send_again("web", replace(command, by="mai")).error is Error.CONFLICT
    assert [order.text for order in desk.state.orders] == ["Xe 15A"]


def test_an_answer_is_kept_while_the_disk_is_full(
    running: SimpleNamespace, until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store fails")
    board = running.device("board-1")
    told = follow(board)
    devices = running.listen(running.topics.devices())
    ask(running, running.device("web"), device="board-1")
    order = told.get(timeout=60)
    tried: queue.Queue[str] = queue.Queue()
    full = True

    def write(name: str) -> None:
        if name == "before_commit" and full:
            tried.put(name)
            raise StoreError("database or disk is full")

    running.desk.failpoint = write
    board.report(order.id, DONE)
    tried.get(timeout=60)
    full = False
    answered = until(devices, states.DevicesState, ended).orders[-1]
    assert answered.outcome is DONE


def test_a_restart_forgets_no_order_and_gives_it_time_anew(
    running: SimpleNamespace, until: Until
) -> None:
    board = running.device("board-1")
    told = follow(board)
    ask(running, running.device("web"), device="board-1")
    order = told.get(timeout=60)
    running.stop_service()
    running.start()
    devices = running.listen(running.topics.devices())
    waiting = until(devices, states.DevicesState, lambda s: s.orders).orders[-1]
    assert (waiting.order, waiting.outcome) == (order.id, None)
    board.report(order.id, DONE)
    assert until(devices, states.DevicesState, ended).orders[-1].outcome is DONE


def test_a_slip_is_told_to_its_kiosk_with_the_code_of_its_row(running: SimpleNamespace) -> None:
    desk = running.desk
    services = tuple(
        replace(one, appointment_hours=("08:00-11:00",)) if one.code == "LAND" else one
        for one in desk.centre.services
    )
    running.stop_service()
    desk.centre = replace(desk.centre, services=services)
    running.start()
    told = follow(running.device("kiosk-1"))
    counter = running.device("counter-6")
    at = datetime(2026, 11, 24, 2, tzinfo=UTC)
    booked = running.ask(counter, commands.BookAppointment, service="LAND", at=at)
    assert booked.ok, booked
    ask = {"appointment": booked.result["appointment"], "print_on": "kiosk-1"}
    assert running.ask(counter, commands.PrintAppointment, **ask, lang="en").ok
    slip = told.get(timeout=60)
    assert isinstance(slip, orders.PrintSlip)
    assert (slip.service, slip.begins, slip.code.lower(), slip.lang) == (
        "LAND",
        at,
        booked.result["code"].lower(),
        "en",
    )
