"""The steps of a site's first day, and which are done: kept, so that a power cut loses none."""

from collections.abc import Mapping
from enum import StrEnum, auto

from provisioning.site_db import SiteDb


class Step(StrEnum):
    """What the first administrator is asked for, in this order."""

    CENTRE = auto()
    SERVICES = auto()
    COUNTERS = auto()
    PRINTER = auto()
    BOARDS = auto()
    ADMINISTRATOR = auto()


class FirstSteps:
    """Which steps are done, and what was answered. Blocking; raises SiteDbError."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def answers(self) -> Mapping[Step, str]:
        """Return what was answered to each step that is done."""
        known = frozenset(Step)
        rows = self._db.read("SELECT step, answer FROM first_steps")
        return {Step(row["step"]): row["answer"] for row in rows if row["step"] in known}

    def done(self, step: Step, answer: str, *, by: str, address: str) -> None:
        """Note that a step is done."""
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO first_steps (step, answer, done_by, done_us) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (step) DO UPDATE SET answer = excluded.answer,"
                " done_by = excluded.done_by, done_us = excluded.done_us",
                (step, answer, by, self._db.now_us()),
            )
            self._db.audit_within(connection, by, address, "first_step", f"{step} {answer}")
