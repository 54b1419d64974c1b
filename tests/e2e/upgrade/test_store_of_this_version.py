"""The real version before takes a store over that this version has written all its news to."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

from msgspec.structs import replace

from bus import codec, commands
from config import Clock, load_centre
from queue_service.start import Place, open_engine
from queue_service.verify import verify
from wait_log.dialects import store_url
from wait_log.reader import open_reader

SITE = "nhi-chieu"
BEFORE = """
import itertools, sys
from datetime import UTC, datetime
from pathlib import Path

import queue_service
from bus import codec, commands
from config import Clock, load_centre
from queue_service.start import Place, open_engine
from queue_service.verify import verify
from wait_log.dialects import store_url
from wait_log.reader import open_reader

data = Path(sys.argv[1])
assert Path(queue_service.__file__).is_relative_to(Path.cwd())
with open_reader(store_url(data), "nhi-chieu") as reader:
    assert verify(reader).problems == ()
ids = (f"01JOLD{number:04d}" for number in itertools.count(1))
place = Place(data, Clock(), "old", lambda: next(ids))
engine = open_engine(place, load_centre(), always_open=True)
current = engine.ledger.state.counters[3].current
for device, command in (
    ("kiosk-1", commands.IssueTicket(id=next(ids), ts=datetime.now(UTC), service="CIVIL")),
    ("counter-3", commands.Finish(id=next(ids), ts=datetime.now(UTC), counter=3, ticket=current)),
):
    reply = codec.decode(commands.Reply, engine.handle(device, codec.encode(command)))
    assert reply.ok, reply
engine.ledger.store.close()
"""


def test_outcomes_ways_and_notes_stop_no_release_before(before: Path, tmp_path: Path) -> None:
    ids = (f"01JNEW{number:04d}" for number in itertools.count(1))
    clock = Clock()
    place = Place(tmp_path, clock, "new", lambda: next(ids))
    engine = open_engine(place, load_centre(), always_open=True)

    def send(device: str, command: commands.Command) -> str:
        stamped = replace(command, id=next(ids), ts=clock.now())
        reply = codec.decode(commands.Reply, engine.handle(device, codec.encode(stamped)) or b"")
        assert reply.ok, (command, reply)
        return str((reply.result or {}).get("ticket", ""))

    sent, parked, done, noted = (
        send("kiosk-1", commands.IssueTicket(service="CIVIL")) for _ in range(4)
    )
    at_3, at_6 = "counter-3", "counter-6"
    send(at_3, commands.OpenCounter(counter=3))
    send(at_6, commands.OpenCounter(counter=6))
    send(at_3, commands.CallTicket(counter=3, ticket=sent))
    way = commands.Transfer(
        counter=3, ticket=sent, to_service="LAND", then_back=True, note="complete"
    )
    send(at_3, way)
    send(at_6, commands.CallTicket(counter=6, ticket=sent))
    send(at_6, commands.Finish(counter=6, ticket=sent, outcome="received"))
    send(at_3, commands.CallTicket(counter=3, ticket=parked))
    send(at_3, commands.Park(counter=3, ticket=parked, reason="signature", remind_after_min=9))
    send(at_3, commands.CallTicket(counter=3, ticket=done))
    send(at_3, commands.Finish(counter=3, ticket=done, outcome="result"))
    send(at_3, commands.CallTicket(counter=3, ticket=noted))
    send(at_3, commands.ReturnToQueue(ticket=noted, note="complete"))
    send(at_3, commands.CallTicket(counter=3, ticket=sent))
    engine.ledger.store.close()

    told = subprocess.run(
        [sys.executable, "-c", BEFORE, str(tmp_path)],
        cwd=before,
        env={**os.environ, "PYTHONPATH": str(before)},
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    with open_reader(store_url(tmp_path), SITE) as reader:
        verdict = verify(reader)
    assert verdict.problems == ()
    assert verdict.tickets == 5
