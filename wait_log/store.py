"""The store of one centre: one connection, one transaction per command."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from wait_log import schema
from wait_log import tables as t
from wait_log.dialects import FileGuard, Guard, is_doubled_number, sqlite_file
from wait_log.errors import DuplicateNumberError, StoreError, StoreLostError
from wait_log.reader import NOT_ROWS, Reader, SiteRows
from wait_log.rows import (
    FIRST_HASH,
    AppointmentRow,
    Batch,
    CallAck,
    CallRow,
    ConfigRow,
    DayRow,
    EventRow,
    Forgotten,
    InboxRow,
    PrintRow,
    TicketRow,
    crc_of,
    digest_of,
    link,
)
from wait_log.server import MARK, WITHOUT_COPY, ServerGuard

_OUTCOMES = ("accepted", "shown", "spoken", "skipped")

_INSERT = {
    table.name: insert(table)
    for table in (
        t.event,
        t.ticket,
        t.appointment,
        t.call,
        t.print_record,
        t.day,
        t.config_version,
        t.inbox,
        t.meta,
        t.acknowledgement,
    )
}
_FORGET = delete(t.inbox).where(
    t.inbox.c.site == bindparam("a_site"),
    t.inbox.c.device == bindparam("a_device"),
    t.inbox.c.id == bindparam("an_id"),
)
_UPDATE_META = (
    update(t.meta)
    .where(t.meta.c.site == bindparam("a_site"), t.meta.c.key == bindparam("a_key"))
    .values(value=bindparam("a_value"), crc=bindparam("a_crc"))
)
_UPDATE_TICKET = (
    update(t.ticket)
    .where(t.ticket.c.site == bindparam("a_site"), t.ticket.c.id == bindparam("an_id"))
    .values(
        {
            field.name: bindparam(f"new_{field.name}")
            for field in dataclasses.fields(TicketRow)
            if field.name != "id"
        }
    )
)
_UPDATE_APPOINTMENT = (
    update(t.appointment)
    .where(t.appointment.c.site == bindparam("a_site"), t.appointment.c.id == bindparam("an_id"))
    .values(
        {
            field.name: bindparam(f"new_{field.name}")
            for field in dataclasses.fields(AppointmentRow)
            if field.name != "id"
        }
    )
)
_WITHDRAW = (
    update(t.call)
    .where(t.call.c.site == bindparam("a_site"), t.call.c.call_seq == bindparam("a_call"))
    .values(withdrawn=True)
)


class Store(SiteRows):
    """The only writer's view of one site; every method raises StoreError when it fails."""

    def __init__(
        self,
        site: str,
        new_epoch: Callable[[], str],
        guard: Guard,
        failpoint: Callable[[str], None] = lambda _name: None,
        without_copy: str = "",
    ) -> None:
        """Write what `guard` guards; `without_copy` names who has said that no copy is needed."""
        super().__init__(site)
        self.last_seq = 0
        self._last_hash = FIRST_HASH
        self._meta: dict[str, str] = {}
        self._inbox_keys: set[tuple[str, str]] = set()
        self._sure = True
        self._failpoint = failpoint
        self._guard = guard
        if without_copy:
            guard.waived = True
        try:
            self._connection = guard.engine.connect()
            with self._connection.begin():
                schema.upgrade(self._connection)
            self._look()
            self._require_whole()
            facts = guard.opened(self._connection, self._meta)
            if "epoch" not in self._meta:
                facts |= {"epoch": new_epoch(), "cursor": "0"}
            if without_copy:
                facts[WITHOUT_COPY] = without_copy
            if facts:
                self.commit(Batch(meta=facts))
        except StoreError:
            self.close()
            raise
        except (*NOT_ROWS, OSError) as error:
            self.close()
            raise StoreError(f"the store cannot be opened: {_why(error)}") from error

    @property
    def epoch(self) -> str:
        """Return the id of this store's life: new whenever it is created or restored."""
        return self._meta["epoch"]

    def meta(self, key: str) -> str | None:
        """Return a small fact."""
        return self._meta.get(key)

    def close(self) -> None:
        """End the connection; the store is closed in good order."""
        if hasattr(self, "_connection"):
            self._connection.close()
        self._guard.release()

    @property
    def held(self) -> bool:
        """Return whether certainly nobody else writes."""
        return self._guard.held

    @property
    def lost(self) -> bool:
        """Return whether another process writes, or may since a while."""
        return self._guard.lost

    @property
    def beat_in_s(self) -> float | None:
        """Return in how many seconds the store wants to be held again; None for never."""
        due = self._guard.beat_due
        return None if due is None else due - self._guard.now()

    def hold(self) -> None:
        """Make sure that nobody else writes; raises StoreError when that is not so."""
        self._guard.hold(self._connection)

    @property
    def lacks_copy(self) -> bool:
        """Return whether commits fail because no copy keeps them."""
        return self._guard.lacks_copy

    @property
    def without_copy(self) -> str:
        """Return who has said that commits need not reach a copy; empty when they must."""
        return self._meta.get(WITHOUT_COPY, "")

    def go_without_copy(self, who: str) -> None:
        """Commit without a copy from now on, as a person has said; raises StoreError."""
        self._guard.waive()
        try:
            self.commit(Batch(meta={WITHOUT_COPY: who}))
        except StoreError:
            self._guard.waived = bool(self.without_copy)
            raise

    def take_copy_back(self) -> bool:
        """Return whether there is a copy again, which from now on has every commit."""
        try:
            if not self._guard.has_copy(self._connection):
                return False
        except NOT_ROWS as error:
            raise StoreError(_why(error)) from error
        self._guard.waived = False
        try:
            self.commit(Batch(meta={WITHOUT_COPY: ""}))
        except StoreError:
            self._guard.waive()
            raise
        return True

    def commit(self, batch: Batch) -> None:
        """Write everything of `batch` or nothing; returns when it is durable.

        Raises DuplicateNumberError when a ticket's number was given before on its day. After any
        failure the store looks where the log ends before it writes again: see `look_again`.
        """
        self.look_again()
        links = list(_chain(self._last_hash, batch.events))
        if links and links[0]["seq"] != self.last_seq + 1:
            raise StoreError(f"event {links[0]['seq']} does not follow event {self.last_seq}")
        self._write(lambda: self._write_batch(batch, links), batch.meta)
        if links:
            self.last_seq, self._last_hash = links[-1]["seq"], links[-1]["hash"]
        self._meta |= batch.meta
        self._inbox_keys |= {(row.device, row.id) for row in batch.inbox}
        if batch.forget_inbox_before_us is not None:
            self._inbox_keys = self._read_inbox_keys()

    def look_again(self) -> None:
        """After a write that failed learn whether it was stored all the same.

        Then `last_seq` is ahead of what the caller knows. Raises StoreLostError when the log does
        not hold what was committed before.
        """
        if self._sure:
            return
        self._guard.require_same()
        self._write(lambda: None)  # a copy that has this has everything before it
        self._sure = False
        if self.last_seq and self.hash_of(self.last_seq) != self._last_hash:
            raise StoreLostError(
                f"the log no longer holds event {self.last_seq}; stop the service, run "
                "`denluot verify`, and restore a backup if need be"
            )
        self._look()

    def answered(self, device: str, command_id: str) -> InboxRow | None:
        """Return the stored answer to a command, or None when it is new."""
        if (device, command_id) not in self._inbox_keys:
            return None
        rows = self.rows(InboxRow, t.inbox, device=device, id=command_id)
        return rows[0] if rows else None

    def token_of(self, ticket_id: str) -> str | None:
        """Return the token on a ticket's paper, None when its day is over."""
        ticket = t.ticket.c
        wanted = select(ticket.token).where(ticket.site == self.site, ticket.id == ticket_id)
        rows = self.all(wanted)
        return rows[0][0] if rows else None

    def ticket_of(self, token: str) -> str | None:
        """Return the id of the ticket with this token, None when no paper of today has it."""
        ticket = t.ticket.c
        rows = self.all(select(ticket.id).where(ticket.site == self.site, ticket.token == token))
        return rows[0][0] if rows else None

    def appointment_of(self, code: str) -> str | None:
        """Return the id of the appointment with this code, None when nobody has it."""
        appointment = t.appointment.c
        wanted = select(appointment.id).where(
            appointment.site == self.site, appointment.code == code
        )
        rows = self.all(wanted)
        return rows[0][0] if rows else None

    def code_of(self, appointment_id: str) -> str | None:
        """Return the code of an appointment, None when it is forgotten."""
        appointment = t.appointment.c
        wanted = select(appointment.code).where(
            appointment.site == self.site, appointment.id == appointment_id
        )
        rows = self.all(wanted)
        return rows[0][0] if rows else None

    def note_heard(self, *heard: CallAck) -> None:
        """Remember when calls were accepted, shown, spoken or skipped; the first time counts."""
        if not heard:
            return
        self.look_again()
        calls = [row.call_seq for row in heard]
        known = {(row.call_seq, row.outcome) for row in self._acknowledged(min(calls), max(calls))}
        rows: dict[tuple[int, str], dict[str, Any]] = {}
        for row in heard:
            for outcome in _OUTCOMES:
                key, at_us = (row.call_seq, outcome), getattr(row, f"{outcome}_us")
                if at_us is not None and key not in known:
                    named = dict(zip(("call_seq", "outcome", "at_us"), (*key, at_us), strict=True))
                    rows.setdefault(key, named | {"crc": crc_of(*key, at_us)})
        if rows:
            self._write(lambda: self._insert("acknowledgement", list(rows.values())))

    def heard_on(self, business_day: str) -> list[CallAck]:
        """Return what was heard of every call of a day."""
        heard = {seq: CallAck(seq) for seq in sorted(self.calls(business_day))}
        if heard:
            for row in self._acknowledged(min(heard), max(heard)):
                if row.call_seq in heard:
                    named = {f"{row.outcome}_us": row.at_us}
                    heard[row.call_seq] = dataclasses.replace(heard[row.call_seq], **named)
        return list(heard.values())

    def last_day(self) -> DayRow | None:
        """Return the business day that opened last."""
        day = t.day.c
        newest = select(func.max(day.business_day)).where(day.site == self.site)
        rows = self.rows(DayRow, t.day, business_day=self.all(newest)[0][0])
        return rows[0] if rows else None

    def newest_us(self) -> int:
        """Return the newest instant in the store, 0 when it is empty."""
        inbox = t.inbox.c
        answered = self.all(select(func.max(inbox.at_us)).where(inbox.site == self.site))[0][0]
        newest = self.newest()
        return max(newest.at_us if newest else 0, answered or 0)

    def number_given(self, business_day: str, number: str) -> bool:
        """Return whether `number` was given on `business_day`."""
        return bool(self.rows(TicketRow, t.ticket, business_day=business_day, number=number))

    def all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return what a statement finds; raises StoreError."""
        try:
            with self._connection.begin():
                return self._connection.execute(statement).all()
        except NOT_ROWS as error:
            raise StoreError(_why(error)) from error

    def _write(self, write: Callable[[], None], facts: Mapping[str, str] | None = None) -> None:
        """Run one transaction on the database that was opened, and on no other."""
        self._sure = False
        began = self._guard.now()
        try:
            with self._connection.begin():
                self._guard.begin(self._connection)
                write()
                self._failpoint("before_commit")
                self._guard.require_same()
            self._guard.committed(began, facts or {})
        except IntegrityError as error:
            kind = DuplicateNumberError if is_doubled_number(error) else StoreError
            raise kind(_why(error)) from error
        except NOT_ROWS as error:
            raise StoreError(_why(error)) from error
        self._sure = True
        self._failpoint("after_commit")

    def _write_batch(self, batch: Batch, links: list[dict[str, Any]]) -> None:
        if batch.days:
            ended = update(t.ticket).where(t.ticket.c.site == self.site)
            self._connection.execute(ended.where(t.ticket.c.token.is_not(None)).values(token=None))
        if batch.forget is not None:
            self._forget(batch.forget)
        self._insert("event", links)
        self._insert(
            "ticket",
            [_plain(row) | {"token": batch.tokens.get(row.id)} for row in batch.new_tickets],
        )
        self._execute(_UPDATE_TICKET, [_changes(row, self.site) for row in batch.tickets])
        self._write_appointments(batch)
        plain: tuple[tuple[str, Sequence[CallRow | PrintRow | DayRow]], ...] = (
            ("call", batch.calls),
            ("print_record", batch.prints),
            ("day", batch.days),
        )
        for table, rows in plain:
            self._insert(table, [_plain(row) for row in rows])
        self._insert("config_version", [_guarded(row) for row in batch.configs])
        self._execute(_WITHDRAW, [{"a_site": self.site, "a_call": seq} for seq in batch.withdrawn])
        self._write_inbox(batch)
        for key, value in batch.meta.items():
            crc = crc_of(key, value)
            changed = {"a_site": self.site, "a_key": key, "a_value": value, "a_crc": crc}
            if self._connection.execute(_UPDATE_META, changed).rowcount == 0:
                self._insert("meta", [{"key": key, "value": value, "crc": crc}])

    def _forget(self, wanted: Forgotten) -> None:
        """Take the tickets of some days out, and the content of their events."""
        span = t.event.c.seq.between(wanted.first_seq, wanted.last_seq)
        content = update(t.event).where(t.event.c.site == self.site, span)
        content = content.where(t.event.c.kind.not_in(wanted.but_kinds))
        self._connection.execute(content.values(body=None))
        prints = t.print_record.c
        self._connection.execute(
            delete(t.print_record).where(
                prints.site == self.site, prints.seq.between(wanted.first_seq, wanted.last_seq)
            )
        )
        ack, call = t.acknowledgement.c, t.call.c
        for day in wanted.days:
            of_day = call.site == self.site, call.business_day == day
            seqs = select(call.call_seq).where(*of_day)
            acks = delete(t.acknowledgement).where(ack.site == self.site, ack.call_seq.in_(seqs))
            self._connection.execute(acks)
            self._connection.execute(delete(t.call).where(*of_day))
            # Who was appointed is told by no ticket any more; the figures stay.
            appointed = update(t.appointment).where(
                t.appointment.c.site == self.site, t.appointment.c.business_day == day
            )
            self._connection.execute(appointed.values(ticket=None))
            # A range, for SQLite: for an equal day it would rather read the whole table.
            ticket = t.ticket.c
            same_day = ticket.business_day.between(day, day)
            self._connection.execute(delete(t.ticket).where(ticket.site == self.site, same_day))

    def _write_appointments(self, batch: Batch) -> None:
        if batch.forget_codes_before is not None:
            old = update(t.appointment).where(
                t.appointment.c.site == self.site,
                t.appointment.c.business_day < batch.forget_codes_before,
                t.appointment.c.code.is_not(None),
            )
            self._connection.execute(old.values(code=None))
        self._insert(
            "appointment",
            [_plain(row) | {"code": batch.codes[row.id]} for row in batch.new_appointments],
        )
        changes = [_changes(row, self.site) for row in batch.appointments]
        self._execute(_UPDATE_APPOINTMENT, changes)

    def _write_inbox(self, batch: Batch) -> None:
        before, inbox = batch.forget_inbox_before_us, t.inbox.c
        if before is not None:
            old = delete(t.inbox).where(inbox.site == self.site, inbox.at_us < before)
            self._connection.execute(old)
        for row in batch.inbox:
            if (row.device, row.id) in self._inbox_keys:
                keys = {"a_site": self.site, "a_device": row.device, "an_id": row.id}
                self._connection.execute(_FORGET, keys)
        self._insert("inbox", [_guarded(row) for row in batch.inbox])

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        self._execute(_INSERT[table], [row | {"site": self.site} for row in rows])

    def _execute(self, statement: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401
        if rows:
            self._connection.execute(statement, rows)

    def _require_whole(self) -> None:
        if MARK in self._meta:
            raise StoreError(
                "the store is half a copy of another: `denluot move-store FROM TO --again`"
            )

    def _look(self) -> None:
        """Learn what the store holds: its small facts, its end, whom it has answered."""
        self._meta = self.meta_rows()
        newest = self.newest()
        self.last_seq, self._last_hash = (newest.seq, newest.hash) if newest else (0, FIRST_HASH)
        self._inbox_keys = self._read_inbox_keys()
        self._sure = True

    def _read_inbox_keys(self) -> set[tuple[str, str]]:
        inbox = t.inbox.c
        rows = self.all(select(inbox.device, inbox.id).where(inbox.site == self.site))
        return {(row.device, row.id) for row in rows}

    def _acknowledged(self, first: int, last: int) -> Sequence[Row[Any]]:
        ack = t.acknowledgement.c
        return self.all(
            select(ack.call_seq, ack.outcome, ack.at_us).where(
                ack.site == self.site, ack.call_seq.between(first, last)
            )
        )


def open_store(
    url: str,
    site: str,
    new_epoch: Callable[[], str],
    failpoint: Callable[[str], None] = lambda _name: None,
    *,
    examine: Callable[[Reader], None] = lambda _reader: None,
    without_copy: str = "",
    memory: Path | None = None,
) -> Store:
    """Open or create the store of `site` for its only writer.

    `examine` looks at a store that is there before anything is written, and raises StoreError when
    it must not be. Raises StoreBusyError when another process has the store, StoreUncopiedError
    when no copy has it where one is wanted, unless somebody (`without_copy`) has accepted that; and
    StoreLostError for a server that lacks what was written on another, which `memory` remembers.
    """
    path = sqlite_file(url)
    guard: Guard = FileGuard(url, path) if path else ServerGuard(url, site, memory)
    try:
        with Reader(url, site) as reader:
            if reader.exists():
                examine(reader)
        return Store(site, new_epoch, guard, failpoint, without_copy)
    except BaseException:
        guard.release()
        raise


def _chain(previous: bytes, events: list[EventRow]) -> Iterator[dict[str, Any]]:
    for row in events:
        digest = digest_of(row.body)
        previous = link(previous, digest)
        yield _plain(row) | {"digest": digest, "hash": previous}


def _plain(row: Any) -> dict[str, Any]:  # noqa: ANN401 - any of our flat rows
    return {name: getattr(row, name) for name in row.__slots__}


def _guarded(row: InboxRow | ConfigRow) -> dict[str, Any]:
    return _plain(row) | {"crc": row.crc}


def _changes(row: TicketRow | AppointmentRow, site: str) -> dict[str, Any]:
    values = {f"new_{name}": value for name, value in _plain(row).items() if name != "id"}
    return values | {"a_site": site, "an_id": row.id}


def _why(error: BaseException) -> str:
    """Return an error as one line."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split()) or type(cause).__name__
