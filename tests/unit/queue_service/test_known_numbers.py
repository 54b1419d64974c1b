"""A restored store: its service passes over what people may hold, once, before any number."""

from types import SimpleNamespace

import pytest

from bus import commands
from bus.vocabulary import Error
from queue_service.domain import events as e
from queue_service.verify import verify
from wait_log import known_numbers
from wait_log.known_numbers import KnownNumbers
from wait_log.rows import Batch

TODAY, TOMORROW = "2026-11-23", "2026-11-24"


def known(desk: SimpleNamespace, until: str = TODAY, **more: object) -> None:
    """Leave in the store what a restore leaves, and start the service on it."""
    assert desk.engine is not None
    fact = KnownNumbers(until=until, **more).encode()  # type: ignore[arg-type]
    meta = {known_numbers.PENDING: fact, known_numbers.TAKEN_ON: ""}
    desk.engine.ledger.store.commit(Batch(meta=meta))
    desk.restart()


def number_of(desk: SimpleNamespace, service: str = "CIVIL") -> str:
    ticket = desk.issue(service)
    return str(desk.state.tickets[ticket].number)


def problems_of(desk: SimpleNamespace) -> tuple[str, ...]:
    with desk.reader() as reader:
        return verify(reader).problems


def test_numbers_go_on_above_the_highest_known(desk: SimpleNamespace) -> None:
    desk.issue()
    books = {TODAY: {"kiosk-1": {"CIVIL": 904}}}
    known(desk, series={TODAY: {"CIVIL": 143}, "2026-11-22": {"CERT": 500}}, books=books)
    assert (number_of(desk), number_of(desk, "CERT")) == ("2200", "1100")
    assert desk.state.books[("kiosk-1", "CIVIL")] == 904
    assert problems_of(desk) == ()


def test_it_is_done_once(desk: SimpleNamespace) -> None:
    known(desk)
    for _ in range(3):
        desk.restart()
    assert [number_of(desk), number_of(desk)] == ["2100", "2101"]
    assert len(desk.state.gaps) == len(desk.centre.services)


@pytest.mark.parametrize("place", ["before_commit", "after_commit"])
def test_a_death_in_between_neither_skips_nor_doubles_it(desk: SimpleNamespace, place: str) -> None:
    class Killed(Exception):  # noqa: N818
        pass

    def die(name: str) -> None:
        if name == place:
            desk.failpoint = lambda _name: None
            raise Killed

    fact = KnownNumbers(until=TODAY, series={TODAY: {"CIVIL": 43}}).encode()
    desk.engine.ledger.store.commit(Batch(meta={known_numbers.PENDING: fact}))
    desk.failpoint = die
    with pytest.raises(Killed):
        desk.issue()
    desk.restart()
    assert number_of(desk) == "2100"
    assert problems_of(desk) == ()


def test_every_day_up_to_the_restores_is_looked_after(desk: SimpleNamespace) -> None:
    """The backup is of a day that still waits; the numbers that were lost are of the next."""
    known(desk, until=TOMORROW, series={TODAY: {"CIVIL": 5}, TOMORROW: {"CIVIL": 243}})
    assert number_of(desk) == "2100"
    desk.clock.advance(86400)
    assert number_of(desk) == "2300"
    desk.clock.advance(86400)
    assert number_of(desk) == "2001"
    assert desk.engine.ledger.store.meta(known_numbers.PENDING) == ""
    assert problems_of(desk) == ()


def test_a_kiosk_that_comes_later_is_heard(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("a kiosk knows higher numbers")
    known(desk)
    assert not desk.engine.hear_numbers("board-1", TODAY, {"CIVIL": 150})
    assert desk.engine.hear_numbers("kiosk-1", TODAY, {"CIVIL": 150})
    assert number_of(desk) == "2200"
    assert not desk.engine.hear_numbers("kiosk-1", TODAY, {"CIVIL": 150})
    assert problems_of(desk) == ()


def test_a_kiosk_heard_before_the_day_opens_counts(desk: SimpleNamespace) -> None:
    known(desk, until=TOMORROW)
    assert not desk.engine.hear_numbers("kiosk-1", TOMORROW, {"CIVIL": 150})
    desk.clock.advance(86400)
    assert number_of(desk) == "2200"


def test_a_lost_paper_is_taken_in_and_proven(desk: SimpleNamespace) -> None:
    desk.issue()
    desk.clock.advance(1)
    at = desk.clock.now()
    desk.clock.advance(60)
    known(desk, series={TODAY: {"CIVIL": 7}})
    paper = {"counter": 3, "number": "2005", "issued_at": at}
    reply = desk.send("counter-3", commands.AdoptTicket, **paper)
    assert reply.ok, reply
    assert reply.result is not None
    assert (reply.result["number"], reply.result["ahead"]) == ("2005", 1)
    again = desk.send("counter-3", commands.AdoptTicket, **paper)
    assert again.error is Error.CONFLICT
    assert problems_of(desk) == ()
    desk.restart()
    assert [fact for fact in desk.state.tickets.values() if fact.adopted]


def test_an_unclear_day_waits_for_a_person_first(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the clock is far ahead")
    desk.issue()
    desk.clock.advance(30 * 86400)
    far = "2026-12-23"
    known(desk, until=far, series={far: {"CIVIL": 43}})
    assert desk.engine.unclear_day is not None
    assert desk.state.restored is None
    assert desk.send("counter-3", commands.ConfirmDay, business_day=far).ok
    assert number_of(desk) == "2100"
    assert any(isinstance(fact.event, e.Restored) for fact in desk.engine.ledger.unpublished())
