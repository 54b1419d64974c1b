"""What people thought of their service: one vote a ticket, and nothing of the person or the hour.

Votes stand in `accounts.db` beside the log, because they are the web process's to write. The log
says how many were served: a number of votes is never told without it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from hall.words import N_
from provisioning.site_db import SiteDb

LEAST_OF_A_COUNTER = 5
"""A counter's votes are told only above so many: below, they would be of people."""


class Face(IntEnum):
    """What a person may say, as rating devices in use number it."""

    VERY_SATISFIED = 4
    SATISFIED = 3
    NEUTRAL = 2
    UNSATISFIED = 1


FACE_NAMES = {
    Face.VERY_SATISFIED: N_("Rất hài lòng"),
    Face.SATISFIED: N_("Hài lòng"),
    Face.NEUTRAL: N_("Bình thường"),
    Face.UNSATISFIED: N_("Chưa hài lòng"),
}


@dataclass(frozen=True, slots=True)
class ServedTicket:
    """A ticket whose service has ended, and where."""

    business_day: str
    ticket: str
    counter: int
    service: str


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """The votes of a period."""

    faces: Mapping[Face, int] = field(default_factory=dict)
    by_counter: Mapping[int, Mapping[Face, int]] = field(default_factory=dict)
    """All of them; what is shown of a counter, see `LEAST_OF_A_COUNTER`."""
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def votes(self) -> int:
        """Return how many voted."""
        return sum(self.faces.values())


def face_of(text: str) -> Face | None:
    """Return the face that a form names; None for anything else."""
    return next((face for face in Face if str(face.value) == text), None)


class Ratings:
    """The votes of a site. Blocking; raises SiteDbError."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def vote(self, served: ServedTicket, face: Face) -> bool:
        """Count a vote; return False where this ticket has one, which stays as it is."""
        with self._db.write() as connection:
            found = connection.execute(
                "INSERT INTO ratings (business_day, ticket, counter, service, face)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (served.business_day, served.ticket, served.counter, served.service, int(face)),
            )
            return found.rowcount == 1

    def vote_of(self, business_day: str, ticket: str) -> Face | None:
        """Return what was voted for a ticket; None while nothing was."""
        rows = self._db.read(
            "SELECT face FROM ratings WHERE business_day = ? AND ticket = ?", (business_day, ticket)
        )
        return Face(rows[0]["face"]) if rows else None

    def voted(self, business_day: str) -> frozenset[str]:
        """Return the tickets of a day that have a vote."""
        rows = self._db.read("SELECT ticket FROM ratings WHERE business_day = ?", (business_day,))
        return frozenset(row["ticket"] for row in rows)

    def give_reasons(self, business_day: str, ticket: str, reasons: Collection[str]) -> bool:
        """Add why to a vote that has no reasons yet; return whether they were taken."""
        with self._db.write() as connection:
            found = connection.execute(
                "UPDATE ratings SET reasons = ?"
                " WHERE business_day = ? AND ticket = ? AND reasons = ''",
                (",".join(sorted(reasons)), business_day, ticket),
            )
            return found.rowcount == 1

    def figures(
        self,
        first: date,
        last: date,
        services: Iterable[str] = (),
        counters: Iterable[int] = (),
    ) -> RatingFigures:
        """Return the votes of the days from `first` to `last`; an empty choice is all."""
        rows = self._db.read(
            "SELECT counter, service, face, reasons, sum(votes) AS votes FROM ratings"
            " WHERE business_day BETWEEN ? AND ? GROUP BY counter, service, face, reasons",
            (first.isoformat(), last.isoformat()),
        )
        of_services, of_counters = frozenset(services), frozenset(counters)
        faces: Counter[Face] = Counter()
        by_counter: dict[int, Counter[Face]] = {}
        given: Counter[str] = Counter()
        for row in rows:
            if of_services and row["service"] not in of_services:
                continue
            if of_counters and row["counter"] not in of_counters:
                continue
            face, votes = Face(row["face"]), row["votes"]
            faces[face] += votes
            by_counter.setdefault(row["counter"], Counter())[face] += votes
            for reason in filter(None, row["reasons"].split(",")):
                given[reason] += votes
        return RatingFigures(faces, by_counter, given)

    def forget_tickets(self, months: Collection[str]) -> int:
        """Keep of months such as 2026-11 only sums, as the log does; return how many votes."""
        forgotten = 0
        with self._db.write() as connection:
            for month in months:
                gone = connection.execute(
                    "DELETE FROM ratings"
                    " WHERE business_day BETWEEN ? AND ? AND ticket NOT LIKE '*%'"
                    " RETURNING business_day, counter, service, face, reasons, votes",
                    (f"{month}-01", f"{month}-31"),
                ).fetchall()
                connection.executemany(
                    "INSERT INTO ratings"
                    " (ticket, business_day, counter, service, face, reasons, votes)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET votes = votes + excluded.votes",
                    [("*" + "*".join(str(part) for part in row[1:5]), *row) for row in gone],
                )
                forgotten += len(gone)
        return forgotten
