"""Lists that are taken in: checked, booked line by line, their codes kept until they are fetched.

All of it is in memory. What a restart or a lost link cuts off is taken in again from the same file:
the service knows the references it has, and tells their codes.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bus.codec import MessageError
from bus.codes import code_in_groups
from bus.commands import AppointmentRefusal, AppointmentResult, BookAppointment, Reply, result_of
from bus.vocabulary import Error, WhyNoAppointment
from hall.words import N_, Words
from provisioning.errors import SiteDbError
from web.appointments.preview import Entry, Outcome, known_elsewhere
from web.appointments.table import COLUMNS, Said
from web.export.csv_file import csv_file

KEPT_S = 2 * 3600.0
"""For so long codes wait for whoever took the list in."""
PAUSE_S = 0.02
"""Between two lines, for the hall's own commands: a line is booked about every 25 ms."""
_WAIT_S = 1.0
_MOST_TOO_FAST = 30
_MOST_KEPT = 50
_NO_CODE = "–"
_log = logging.getLogger(__name__)

Ask = Callable[[BookAppointment], Awaitable[Reply]]
Note = Callable[[str, str], Awaitable[None]]
"""Writes an action and its detail into the audit, in the name of whoever takes the list in."""

RESULTS = {
    Outcome.READY: N_("Chưa đặt"),
    Outcome.BOOKED: N_("Đã đặt"),
    Outcome.KNOWN: N_("Đã nhập trước đó"),
    Outcome.WRONG: N_("Không đặt được"),
    Outcome.UNSURE: N_("Chưa rõ: dịch vụ chưa trả lời"),
}


class Stage(StrEnum):
    """How far a list is."""

    CHECKED = "checked"
    RUNNING = "running"
    BROKEN = "broken"
    """The service stopped answering: what was booked is booked, the rest can go on."""
    DONE = "done"


@dataclass(slots=True)
class TakenList:
    """One file of one account."""

    id: str
    source: str
    entries: list[Entry]
    unread: tuple[str, ...]
    made_s: float
    stage: Stage = Stage.CHECKED
    settled: int = 0
    """So many lines need no answer any more."""

    @property
    def counts(self) -> Counter[Outcome]:
        """Return how many lines have become what."""
        return Counter(entry.outcome for entry in self.entries)

    @property
    def to_ask(self) -> int:
        """Return how many lines the service is asked about."""
        return sum(map(_is_open, self.entries))

    @property
    def has_codes(self) -> bool:
        """Return whether there is any code to fetch."""
        return any(entry.code for entry in self.entries)

    def csv(self, t: Words) -> bytes:
        """Return a row for every line of the file, with its code beside its reference."""
        return csv_file(self._rows(t))

    def _rows(self, t: Words) -> Iterator[Sequence[str | int]]:
        heads = [t(column.label) for column in COLUMNS]
        yield [*heads, t("Mã hẹn"), t("Kết quả"), t("Dòng trong tệp")]
        for entry in self.entries:
            result = t(RESULTS[entry.outcome])
            said = f"{result}. {entry.said.words(t)}" if entry.said else result
            line = entry.line
            yield [line.reference, *line.texts, entry.code, said, line.row]


class Imports:
    """The lists of all accounts; one is booked at a time. Used on the event loop's thread."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        new_id: Callable[[], str],
        pause_s: float = PAUSE_S,
        wait_s: float = _WAIT_S,
    ) -> None:
        """Keep lists by `monotonic` seconds; pause between two lines, wait where told to."""
        self._monotonic = monotonic
        self._new_id = new_id
        self._pause_s, self._wait_s = pause_s, wait_s
        self._lists: dict[str, TakenList] = {}
        self._running: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Return whether a list is being booked now."""
        return self._running is not None and not self._running.done()

    def of(self, account: str) -> TakenList | None:
        """Return the list that an account has in hand."""
        now = self._monotonic()
        for name, each in tuple(self._lists.items()):
            if each.stage is not Stage.RUNNING and now - each.made_s > KEPT_S:
                del self._lists[name]
        return self._lists.get(account)

    def keep(
        self, account: str, source: str, entries: list[Entry], unread: tuple[str, ...]
    ) -> TakenList | None:
        """Keep a checked list in place of the one before; None while that is being booked."""
        before = self.of(account)
        if before and before.stage is Stage.RUNNING:
            return None
        self._lists.pop(account, None)
        while len(self._lists) >= _MOST_KEPT:
            oldest = next(
                (name for name, each in self._lists.items() if each.stage is not Stage.RUNNING), ""
            )
            if not oldest:
                return None
            del self._lists[oldest]
        kept = TakenList(self._new_id(), source, entries, unread, self._monotonic())
        self._lists[account] = kept
        return kept

    def drop(self, account: str) -> None:
        """Forget an account's list, unless it is being booked."""
        found = self._lists.get(account)
        if found and found.stage is not Stage.RUNNING:
            del self._lists[account]

    def start(self, taken: TakenList, ask: Ask, note: Note) -> bool:
        """Book what of a list is not booked yet; False while another list is being booked."""
        if taken.stage in {Stage.RUNNING, Stage.DONE}:
            return True
        if self.busy:
            return False
        taken.stage = Stage.RUNNING
        self._running = asyncio.create_task(self._run(taken, ask, note))
        return True

    async def wait(self) -> None:
        """Wait until no list is being booked."""
        if self._running is not None:
            await asyncio.wait([self._running])

    async def _run(self, taken: TakenList, ask: Ask, note: Note) -> None:
        whole = False
        try:
            await note("appointments_import_started", _detail(taken))
            whole = await self._book(taken, ask)
            done = "appointments_imported" if whole else "appointments_import_broken"
            await note(done, _detail(taken))
        except (MessageError, SiteDbError) as error:
            _log.warning("a list of appointments was cut off error=%s", error)
        finally:
            taken.made_s = self._monotonic()
            taken.stage = Stage.DONE if whole else Stage.BROKEN

    async def _book(self, taken: TakenList, ask: Ask) -> bool:
        """Ask for every line that is open; return whether all were answered."""
        for place, entry in enumerate(taken.entries):
            taken.settled = place
            if not _is_open(entry) or entry.line.at is None:
                continue
            command = BookAppointment(
                id=f"{taken.id}-{entry.line.row}",
                service=entry.line.service,
                at=entry.line.at,
                reference=entry.line.reference,
            )
            before, entry.outcome = entry.outcome, Outcome.UNSURE
            reply = await self._answer(command, ask)
            if reply.error is Error.UNAVAILABLE:
                return False
            if reply.error is Error.TOO_FAST:
                entry.outcome = before
                return False
            _settle(entry, reply)
            await asyncio.sleep(self._pause_s)
        taken.settled = len(taken.entries)
        return True

    async def _answer(self, command: BookAppointment, ask: Ask) -> Reply:
        """Return what the service says, when it has time for more."""
        reply = await ask(command)
        for _ in range(_MOST_TOO_FAST):
            if reply.error is not Error.TOO_FAST:
                break
            await asyncio.sleep(self._wait_s)
            reply = await ask(command)
        return reply


def _is_open(entry: Entry) -> bool:
    """Return whether the service has yet to be asked about a line."""
    if entry.outcome is Outcome.KNOWN:
        return not entry.code
    return entry.outcome in {Outcome.READY, Outcome.UNSURE}


def _settle(entry: Entry, reply: Reply) -> None:
    """Take the service's last word on a line."""
    line = entry.line
    if reply.ok:
        entry.code = code_in_groups(result_of(reply, AppointmentResult).code.upper())
        entry.outcome, entry.said = Outcome.BOOKED, None
        return
    known = _known(reply)
    if known is None or line.at is None:
        entry.outcome = Outcome.WRONG
        entry.said = Said(reply.message or N_("Dịch vụ không nhận dòng này."))
        return
    entry.outcome, entry.said = Outcome.KNOWN, None
    entry.code = code_in_groups((known.code or "").upper()) if known.code else _NO_CODE
    if known.at and (known.service, known.at) != (line.service, line.at):
        entry.said = known_elsewhere(known.at.astimezone(line.at.tzinfo))


def _known(reply: Reply) -> AppointmentRefusal | None:
    """Return what a refusal tells of a reference that is known."""
    try:
        told = result_of(reply, AppointmentRefusal)
    except MessageError:
        return None
    return told if told.why is WhyNoAppointment.KNOWN else None


def _detail(taken: TakenList) -> str:
    counts = taken.counts
    told = " ".join(f"{outcome}={counts[outcome]}" for outcome in Outcome if counts[outcome])
    return f"{taken.source} {told}"
