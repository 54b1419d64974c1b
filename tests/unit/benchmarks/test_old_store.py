import itertools
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.old_store import make_store
from bus.codec import decode, encode
from bus.commands import IssueTicket, Reply
from config import Clock, load_centre
from queue_service.start import Place, open_engine
from queue_service.verify import verify
from wait_log.dialects import STORE_FILE, store_url
from wait_log.reader import open_reader

_SITE = "nhi-chieu"


def test_an_old_store_holds_and_goes_on(tmp_path: Path) -> None:
    ids = (f"{number:026}" for number in itertools.count())
    make_store(tmp_path / STORE_FILE, 100, date(2026, 11, 23), ids.__next__, a_day=20)
    with open_reader(store_url(tmp_path), _SITE) as reader:
        verdict = verify(reader)
        assert verdict.problems == ()
        assert (verdict.days, verdict.tickets) == (5, 100)
    clock = Clock.starting(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    place = Place(tmp_path, clock, "boot", ids.__next__)
    engine = open_engine(place, load_centre(), always_open=True)
    command = IssueTicket(id="one", ts=clock.now(), service="CERT")
    reply = decode(Reply, engine.handle("kiosk-1", encode(command)) or b"")
    assert reply.result is not None
    assert reply.result["number"] == "1001"
    assert len(list(engine.ledger.unpublished())) < 5
    engine.ledger.store.close()
