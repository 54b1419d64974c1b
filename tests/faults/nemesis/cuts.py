"""Cut the power at many points of one recorded morning, and look what people would find."""

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from config import load_centre
from kiosk.offline_book import Book
from kiosk.sealed_file import unsealed
from nemesis.busy import ACKNOWLEDGED, BOOK_FILE
from nemesis.power import Disk, Entry, lay_down, read_record, recording
from provisioning.site_db import FILE_NAME
from queue_service.verify import verify
from wait_log.dialects import STORE_FILE, store_url
from wait_log.reader import open_reader

_CENTRE = load_centre()
SITE = _CENTRE.identity.site
_THOROUGH_EVERY = 50
"""One cut of so many is judged by `denluot verify` too."""


@dataclass(slots=True)
class Seen:
    """What people were told before the power went."""

    issued: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    called: set[int] = field(default_factory=set)
    audited: set[str] = field(default_factory=set)

    def take(self, line: bytes) -> None:
        """Take what somebody was told."""
        what, which = json.loads(line)
        if what == "called":
            self.called.add(int(which))
        else:
            getattr(self, what).add(which)


@dataclass(slots=True)
class Cuts:
    """What came of many cuts."""

    cuts: int = 0
    thorough: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)


def record_morning(folder: Path, tree: Path, count: int) -> list[Entry]:
    """Let the product of `tree` work for so many commands; return what was written."""
    below, record = folder / "disk", folder / "record"
    below.mkdir()
    environment = recording(folder, below, record)
    environment["PYTHONPATH"] = f"{tree}:{Path(__file__).parents[1]}"
    program = [sys.executable, "-m", "nemesis.busy", str(below), str(count)]
    subprocess.run(program, env=environment, cwd=tree, check=True, capture_output=True)
    return read_record(record)


def cut_often(entries: list[Entry], folder: Path, cuts: int, seed: int) -> Cuts:
    """Cut the power at `cuts` random points, and judge what is left each time."""
    rng = random.Random(f"{seed} power")
    points = sorted(rng.randrange(len(entries)) for _ in range(cuts))
    disk, seen, outcome, followed = Disk(folder / "disk"), Seen(), Cuts(), 0
    marks = _number_of_marks(entries)
    left = folder / "left"
    left.mkdir()
    for point in points:
        for entry in entries[followed : point + 1]:
            disk.follow(entry)
            if entry.kind == "W" and entry.file in marks:
                seen.take(entry.data)
        followed = point + 1
        lay_down(disk.after_cut(rng), left)
        outcome.cuts += 1
        thorough = outcome.cuts % _THOROUGH_EVERY == 0
        outcome.thorough += thorough
        outcome.lost += [f"cut at {point}: {lost}" for lost in judge(left, seen, thorough)]
    told = len(seen.issued) + len(seen.given) + len(seen.called) + len(seen.audited)
    outcome.acknowledged = told
    return outcome


def judge(left: Path, seen: Seen, thorough: bool) -> Iterator[str]:
    """Return what was acknowledged and is gone, and what cannot be read."""
    tickets, calls = set(), set()
    if (left / STORE_FILE).exists():
        with closing(sqlite3.connect(left / STORE_FILE)) as connection:
            damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if damage != "ok":
                yield f"the store is damaged: {damage}"
            try:
                tickets = {row[0] for row in connection.execute("SELECT number FROM ticket")}
                calls = {row[0] for row in connection.execute("SELECT call_seq FROM call")}
            except sqlite3.OperationalError as error:
                if seen.issued or seen.called:
                    yield f"the store has no tables: {error}"
    if lost := (seen.issued | seen.settled) - tickets:
        yield f"numbers are lost: {sorted(lost)}"
    if missing := seen.called - calls:
        yield f"calls are lost: {sorted(missing)}"
    if seen.audited:
        with closing(sqlite3.connect(left / FILE_NAME)) as connection:
            kept = {row[0] for row in connection.execute("SELECT detail FROM audit")}
        if lost := seen.audited - kept:
            yield f"acts of the staff are lost: {sorted(lost)}"
    yield from _judge_book(left / BOOK_FILE, seen, tickets)
    if thorough and tickets:
        with open_reader(store_url(left), SITE) as reader:
            yield from verify(reader).problems


def _judge_book(file: Path, seen: Seen, tickets: set[str]) -> Iterator[str]:
    """Every number that was shown is in the book or with the service, and is given only once."""
    if not seen.given:
        return
    try:
        book = unsealed(file.read_bytes(), Book)
    except (OSError, ValueError) as error:
        yield f"the book cannot be read: {error}"
        return
    kept = {delivery.number for delivery in book.deliveries}
    if lost := seen.given - kept - tickets:
        yield f"numbers of the book are lost: {sorted(lost)}"
    highest = {
        f"{service.digit}{serial:03}": serial
        for service in _CENTRE.services
        for day in book.highest.values()
        if (serial := day.get(service.code, 0))
    }
    again = [number for number in seen.given if not _is_past(number, highest)]
    if again:
        yield f"numbers of the book would be given again: {sorted(again)}"


def _is_past(number: str, highest: dict[str, int]) -> bool:
    return any(top[0] == number[0] and int(number[1:]) <= serial for top, serial in highest.items())


def _number_of_marks(entries: list[Entry]) -> set[int]:
    return {
        entry.file
        for entry in entries
        if entry.kind == "O" and entry.data.decode().endswith(f"/{ACKNOWLEDGED}")
    }
