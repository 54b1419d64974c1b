"""The last seat of a slot, asked for by twenty at once over a real broker and a real service."""

import queue
import random
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks.running import account, centre, link
from benchmarks.wire import answer
from bus.commands import AppointmentRefusal, BookAppointment, DaySlots, ListSlots, Reply, result_of
from bus.mqtt import MqttBus
from bus.session import ServiceClock, Session, at_once, new_id
from bus.topics import Topics
from bus.vocabulary import Error, WhyNoAppointment
from config import Clock

TWENTY, WITHIN_S = 20, 120.0
EXAMPLE = Path(__file__).parents[3] / "config" / "centres" / "nhi-chieu.toml"

pytestmark = pytest.mark.full


def test_exactly_one_of_twenty_gets_the_last_seat_and_nineteen_are_told(tmp_path: Path) -> None:
    config = tmp_path / "centre.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    first = text.index('code = "LAND"')
    hours = 'appointment_hours = ["00:00-23:59"]\n'
    config.write_text(text[:first] + hours + text[first:], encoding="utf-8")
    with centre(tmp_path, "--always-open", "--config", str(config)) as (connection, _, _):
        clock = Clock.parse(connection.clock)
        asks = link(connection, "counter-6")
        asks.start()
        others = [
            Session(
                MqttBus(account(connection, "counter-6", f"booker-{n}"), random.SystemRandom()),
                Topics(connection.site),
                "counter-6",
                "counter",
                clock=ServiceClock(clock.now, clock.monotonic),
                real=time.monotonic,
                new_id=new_id,
                deliver=at_once,
                presence=False,
            )
            for n in range(TWENTY)
        ]
        try:
            day = date.fromisoformat(f"{clock.now():%Y-%m-%d}") + timedelta(days=2)
            found = result_of(answer(asks, ListSlots(service="LAND", day=str(day))), DaySlots)
            wanted = found.slots[0]
            assert (wanted.seats, wanted.free) == (1, 1)
            for each in others:
                each.start()
            replies: queue.Queue[Reply] = queue.Queue()
            for each in others:
                each.ask(BookAppointment(service="LAND", at=wanted.at), replies.put)
            told = [replies.get(timeout=WITHIN_S) for _ in others]
            refused = [reply for reply in told if not reply.ok]
            assert len(refused) == TWENTY - 1
            assert {reply.error for reply in refused} == {Error.FULL}
            whys = {result_of(reply, AppointmentRefusal).why for reply in refused}
            assert whys == {WhyNoAppointment.SLOT_FULL}
            after = result_of(answer(asks, ListSlots(service="LAND", day=str(day))), DaySlots)
            assert after.slots[0].free == 0
        finally:
            for each in (asks, *others):
                each.stop()
