"""A busy morning on one disk, for the record: the service's store, a kiosk's book, accounts.

`python -m nemesis.busy DIR COMMANDS`: the product's own code does the work, and after each
acknowledgement a line is written to `DIR/acknowledged`, as somebody who has seen it would.
"""

import itertools
import json
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from bus import codec, commands
from bus.commands import CalledTicket, CallNext, IssueTicket, Reply, StartServing, result_of
from bus.states import ServicesState
from config import Clock, load_centre
from config.durable import data_directory
from kiosk.offline_book import Book
from kiosk.offline_desk import OfflineDesk
from kiosk.sealed_file import SealedFile
from provisioning.site_db import FILE_NAME, open_site_db
from queue_service.start import Place, open_engine

ACKNOWLEDGED = "acknowledged"
OPENS = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
BOOK_FILE = Path("kiosk/kiosk-1.book.json")
_EVERY = 4
"""One of so many is a number of the book, and one an act of the staff."""


class Morning:
    """Citizens and officers in one process."""

    def __init__(self, data: Path) -> None:
        self._centre = load_centre()
        self._ids = itertools.count()
        self._clock = Clock.starting(OPENS)
        place = Place(data, self._clock, "boot", self._new_id)
        self._engine = open_engine(place, self._centre, always_open=True)
        self._desk = OfflineDesk(SealedFile(data / BOOK_FILE, Book), "kiosk-1", self._new_id)
        self._desk.learn(_services())
        self._staff = open_site_db(data / FILE_NAME, self._clock.now)
        self._marks = os.open(data / ACKNOWLEDGED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._rng = random.Random(1)
        self._current: dict[int, str | None] = {1: None, 2: None, 3: None}

    def _new_id(self) -> str:
        return f"{next(self._ids):026d}"

    def play(self, count: int) -> None:
        """Do so many things."""
        for turn in range(count):
            if turn % _EVERY == 0:
                self._from_book()
            elif turn % _EVERY == 1:
                self._staff.audit("truc-ban", "10.77.0.1", "settings_changed", str(turn))
                self._see("audited", str(turn))
            elif self._rng.random() < 0.5:
                self._issue(IssueTicket(service="CERT"))
            else:
                self._call(self._rng.choice(list(self._current)))
        self._engine.ledger.store.close()
        self._staff.close()

    def _from_book(self) -> None:
        """Give a number while the service is away; deliver those before it when it is back."""
        for delivery in self._desk.book.deliveries[: self._rng.randrange(3)]:
            if self._ask("kiosk-1", delivery).ok:
                self._desk.settle(delivery.id)
                self._see("settled", delivery.number or "")
        self._desk.learn(_services())
        service = self._rng.choice(self._centre.services).code
        request = IssueTicket(id=self._new_id(), ts=self._clock.now(), service=service)
        given = self._desk.give(self._centre, request, self._clock.now())
        self._see("given", given.number or "")

    def _issue(self, command: IssueTicket) -> None:
        reply = self._ask("kiosk-1", command)
        if reply.ok:
            issued = result_of(reply, commands.IssuedTicket)
            self._see("issued", issued.number)

    def _call(self, counter: int) -> None:
        current = self._current[counter]
        device = f"counter-{counter}"
        if current is not None:
            self._ask(device, StartServing(counter=counter, ticket=current))
        reply = self._ask(device, CallNext(counter=counter, current=current))
        self._current[counter] = None
        if reply.ok:
            called = result_of(reply, CalledTicket)
            self._current[counter] = called.ticket
            self._see("called", str(called.call_seq))

    def _ask(self, device: str, command: commands.AnyCommand) -> Reply:
        stamped = replace(command, id=command.id or self._new_id(), ts=self._clock.now())
        payload = self._engine.handle(device, codec.encode(stamped))
        assert payload is not None
        return codec.decode(Reply, payload)

    def _see(self, what: str, which: str) -> None:
        os.write(self._marks, json.dumps([what, which]).encode() + b"\n")


def _services() -> ServicesState:
    return ServicesState(epoch="E", rev=1, at=OPENS, business_day="2026-11-23", books=())


def main() -> None:
    """Play in the directory of the first argument."""
    Morning(data_directory(Path(sys.argv[1]))).play(int(sys.argv[2]))


if __name__ == "__main__":
    main()
