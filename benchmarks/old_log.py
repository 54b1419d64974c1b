"""The page of the log over a store of many years: what a manager waits for."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.measure import Figure
from config import load_centre
from wait_log.chain import Proven, prove_slice
from wait_log.figures import Selection
from wait_log.periods import Period
from wait_log.reader import Reader, open_reader
from wait_log.story import ticket_story
from wait_log.ticket_log import TicketSearch, count_states, find_tickets

_TIMES = 7
_YEARS = 10


def log_pages(store: Path) -> Iterator[tuple[str, Figure]]:
    """Return what each question of the page costs, warm, in milliseconds."""
    site = load_centre().identity.site
    with open_reader(f"sqlite:///{store.resolve()}", site) as reader:
        last = date.fromisoformat(reader.latest_day() or "")
        ten_years = Period(last.replace(year=last.year - _YEARS, day=1), last)
        everything = TicketSearch(Selection(ten_years))
        counter = TicketSearch(Selection(ten_years, counters=frozenset({99})))
        newest = find_tickets(reader, everything)
        day = TicketSearch(Selection(Period(last, last)))
        yield "ten years, newest page", _median(lambda: find_tickets(reader, everything))
        after = newest.older
        yield "ten years, next page", _median(lambda: find_tickets(reader, everything, after))
        yield "a number that is rare", _median(lambda: _number(reader, ten_years))
        yield "a counter that is not there", _median(lambda: find_tickets(reader, counter))
        yield "a day by state", _median(lambda: count_states(reader, day))
        yield "a ticket's story", _median(lambda: ticket_story(reader, newest.rows[0].id))
    with open_reader(f"sqlite:///{store.resolve()}", site) as reader:
        yield "2,000 events of the chain proven", _median(lambda: prove_slice(reader, Proven()))


def _number(reader: Reader, period: Period) -> object:
    return find_tickets(reader, TicketSearch(Selection(period), number="1234"))


def _median(ask: Callable[[], object]) -> Figure:
    took = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    return Figure(sorted(took)[_TIMES // 2])
