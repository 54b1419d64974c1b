"""The one writer: each command in one transaction, from its bytes to its reply."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from bus import codec, commands
from bus.codes import new_code, typed_code
from bus.vocabulary import AppointmentState, Error
from config import Centre
from config.settings import Role
from queue_service.answers import Answers, counter_named
from queue_service.authorise import Actor, authorise
from queue_service.care import MANNERS, CareBook, cases_facts
from queue_service.centre_versions import (
    Version,
    digest,
    next_version,
    starting_version,
    stored_version,
)
from queue_service.domain import events as e
from queue_service.domain.absences import absent_by_now
from queue_service.domain.announcing import Promised
from queue_service.domain.context import Context, Decision
from queue_service.domain.day import DayDue, DayStep, day_due, open_day
from queue_service.domain.decide import decide
from queue_service.domain.lines import Pick, pick
from queue_service.domain.restoring import heard_of_higher, restored
from queue_service.domain.values import AppointmentId, Mark, Refusal, TicketId
from queue_service.errors import ServiceError
from queue_service.ledger import Ledger, Origin, Steps
from queue_service.records import appointment_from, batch_of, microseconds
from queue_service.results import result_of
from queue_service.rules_from import rules_from
from queue_service.texts import DAY_UNCLEAR, OUTDATED, REVOKED, STORE_FAILS
from queue_service.wrong_codes import WrongCodes
from wait_log import known_numbers
from wait_log.errors import DuplicateNumberError, StoreError
from wait_log.reader import Reader
from wait_log.retention import KEPT_KINDS, figures_of, month_to_forget
from wait_log.rows import Batch, CallAck, Forgotten

_log = logging.getLogger(__name__)

KEPT_ANSWERS = timedelta(hours=48)
_OFFICERS = frozenset({Role.COUNTER, Role.KEYPAD, Role.WEB})


@dataclass(frozen=True, slots=True)
class Trouble:
    """That nothing can be stored: since when and why."""

    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What is not in the log: new ids and tokens, a day that a person confirmed, the rule."""

    new_id: Callable[[], str]
    new_token: Callable[[], str]
    approved_day: Callable[[], date | None] = lambda: None
    pick: Pick = pick
    open_reader: Callable[[], Reader] | None = None
    """Opens the store beside the writer, for figures."""
    keep_months: int = 0
    """For how many months tickets are kept; 0 keeps them for ever."""
    without_copy: Callable[[], str] = str
    """Who has just accepted that no copy keeps the store, once; empty when nobody has."""
    revoked: Callable[[], frozenset[str]] = frozenset
    """The devices whose box was revoked: the broker keeps them out, and nobody listens to them."""
    new_code: Callable[[], str] = new_code
    """Codes of appointments."""


class Engine:
    """Decides commands and commits what follows; everything here runs on one thread."""

    def __init__(
        self, ledger: Ledger, centre: Centre, sources: Sources, *, always_open: bool = False
    ) -> None:
        """Run `centre` as its file says it, or the newest version that the store has."""
        self.ledger = ledger
        self.unclear_day: date | None = None
        """A day far ahead: nothing is done until a person has confirmed it."""
        self.day_to_confirm: date | None = None
        """That day, or one to which a person may go on although people may still be there."""
        self.store_trouble: Trouble | None = None
        """Set while the store fails; ends with the first commit that is durable again."""
        self.promised: Promised = {}
        """When the announcers that have accepted calls will have spoken them."""
        self.care = CareBook(ledger.store.meta(MANNERS), sources.new_id)
        self.wrong_codes = WrongCodes()
        self._answers = Answers(ledger, lambda device: self.role_of(device) in _OFFICERS)
        self._sources = sources
        self._forgotten_until: date | None = None
        """The day on which nothing more was to be forgotten."""
        self._heard: dict[str, tuple[str, Mapping[str, int]]] = {}
        """What each kiosk says it gave, by its business day."""
        self._always_open = always_open
        store = ledger.store
        if store.site != centre.identity.site:
            raise ServiceError(f"the store is that of {store.site}; use another --data")
        self._take(starting_version(centre, store.meta("file_digest"), store.newest_config()))
        self.open_day_if_due()
        self._store_version(digest(centre))
        self._take_up_appointments()

    def handle(self, device: str, payload: bytes) -> bytes | None:
        """Carry out a command; return its reply, or None for bytes that nobody can answer."""
        most_bytes = commands.MAX_COMMAND_BYTES
        if self.role_of(device) is Role.WEB:
            most_bytes = commands.MAX_CONFIG_BYTES
        try:
            command = commands.decode_command(payload, most_bytes)
        except codec.MessageError as error:
            return self._answers.not_taken(payload, most_bytes, Error.INVALID, str(error))
        if device in self._sources.revoked():
            return self._answers.refused(device, command, Error.NOT_ALLOWED, message=REVOKED)
        try:
            self._refresh()
            return self._answers.given(device, command) or self._carry_out(device, command)
        except DuplicateNumberError:
            return self._answers.refused(device, command, Error.CONFLICT)
        except StoreError as error:
            self._note_trouble(error)
            return self._answers.refused(device, command, Error.UNAVAILABLE, message=STORE_FAILS)

    def too_fast(self, payload: bytes) -> bytes | None:
        """Return the refusal of a command that is over its sender's budget, unread."""
        return self._answers.not_taken(payload, commands.MAX_COMMAND_BYTES, Error.TOO_FAST)

    def outdated(self, payload: bytes) -> bytes | None:
        """Return the refusal of what a box sends that must be upgraded first; it may ask again."""
        most_bytes = commands.MAX_CONFIG_BYTES
        return self._answers.not_taken(payload, most_bytes, Error.UNAVAILABLE, message=OUTDATED)

    def sender(self, device: str, payload: bytes) -> str:
        """Return whose budget a command is on: of those of `web`, each counter has its own."""
        if self.role_of(device) is not Role.WEB:
            return device
        return f"{device} {counter_named(payload)}"

    def role_of(self, device: str) -> Role | None:
        """Return what the configuration takes `device` for."""
        known = self.version.centre.device(device)
        return known.role if known else None

    def record(self, events: Sequence[e.Event], cause: str) -> None:
        """Write what the service itself has to say; raises StoreError."""
        self._refresh()
        mark = self.ledger.time.stamp(doubted=self.unclear_day is not None)
        steps = self.ledger.plan(events, mark, Origin(cause))
        self._commit(batch_of(self.ledger.state, steps), steps)

    def note_heard(self, heard: Sequence[CallAck]) -> None:
        """Write what devices did with calls; raises StoreError."""
        try:
            self.ledger.store.note_heard(*heard)
        except StoreError as error:
            self._note_trouble(error)
            raise
        self._note_health()

    def try_store(self) -> None:
        """Find out whether the store works again; raises StoreError while it does not."""
        try:
            self.ledger.commit(Batch(meta={"tried": self.ledger.time.read().isoformat()}), [])
        except StoreError as error:
            self._note_trouble(error)
            raise
        self._note_health()

    def look_for_copy(self) -> None:
        """Commit without a copy as soon as a person accepts it, and with one as soon as it is back.

        Raises StoreError.
        """
        store = self.ledger.store
        if store.without_copy:
            if store.take_copy_back():
                _log.warning("a copy has every commit again")
        elif store.lacks_copy and (who := self._sources.without_copy()):
            store.go_without_copy(who)
            _log.warning("commits reach no copy, which was accepted by=%s", who)
            self._note_health()

    def open_day_if_due(self) -> None:
        """Close the old business day and open the next in one transaction, when it is time."""
        self._refresh()
        mark = self.ledger.time.stamp()
        due = day_due(self.ledger.state, self.rules, mark, self._sources.approved_day())
        self._note_unclear(due)
        if due.step is DayStep.OPEN:
            events = tuple(open_day(self.ledger.state, due.day))
            steps = self.ledger.plan(events, mark, Origin("day"))
            batch = batch_of(self.ledger.state, steps)
            batch.forget_inbox_before_us = microseconds(mark.at - KEPT_ANSWERS)
            self._commit(batch, steps)
        self._go_on_above_known_numbers()

    def settle_by_time(self) -> bool:
        """Write down who is absent by the rule of repeated calls; return whether anybody is.

        Raises StoreError.
        """
        if self.unclear_day is not None:
            return False
        self.care.look(self.ledger.state, self.ledger.time.present().at)
        self.write_cases()
        events = absent_by_now(self.ledger.state, self.rules, self.ledger.time.present())
        if events:
            self.record(events, "rule")
        return bool(events)

    def write_cases(self, *, all_of_them: bool = False) -> None:
        """Add the cases of visits that are over to their days, several at a time.

        Raises StoreError.
        """
        day = self.ledger.state.day
        owed = self.care.owed(day=day.isoformat() if day else "", all_of_them=all_of_them)
        if owed:
            self._commit(Batch(meta=cases_facts(owed, self.ledger.store.meta)), [])
            self.care.written(owed)

    def hear_visit(self, kiosk: str, visit: str) -> None:
        """Take for which visit a kiosk says that it is ready."""
        if self.role_of(kiosk) is Role.KIOSK:
            self.care.hear(kiosk, visit, self.ledger.state)

    def hear_numbers(self, kiosk: str, day: str, numbers: Mapping[str, int]) -> bool:
        """Take what a kiosk knows of its own numbers; return whether a series was behind it."""
        if self.role_of(kiosk) is not Role.KIOSK:
            return False
        self._heard[kiosk] = (day, numbers)
        if self.unclear_day is not None:
            return False
        events = heard_of_higher(self.ledger.state, self.rules, kiosk, day, numbers)
        if events:
            _log.warning("a kiosk knows higher numbers than the restored store kiosk=%s", kiosk)
            self.record(events, "restore")
        return bool(events)

    def forget_if_due(self) -> bool:
        """Forget the tickets of a month that is over its time, at night; return whether one was.

        While nobody has a number of the new day nobody waits for the time that it takes.
        """
        state, opens = self.ledger.state, self._sources.open_reader
        if opens is None or state.day is None or state.tickets or self.unclear_day is not None:
            return False
        if self._sources.keep_months <= 0 or self._forgotten_until == state.day:
            return False
        with opens() as reader:
            month = month_to_forget(reader, state.day, self._sources.keep_months)
            if month is None:
                self._forgotten_until = state.day
                return False
            tickets = sum(len(reader.tickets(day)) for day in month.days)
            sheet = figures_of(reader, self.version.centre, month)
        event = e.TicketsForgotten(
            month=month.name,
            first_seq=month.first_seq,
            last_seq=month.last_seq,
            tickets=tickets,
            sheet=sheet,
        )
        steps = self.ledger.plan((event,), self.ledger.time.stamp(), Origin("retention"))
        batch = batch_of(state, steps)
        batch.meta[month.fact] = str(steps[-1][0].seq)
        batch.forget = Forgotten(month.days, month.first_seq, month.last_seq, KEPT_KINDS)
        self._commit(batch, steps)
        _log.info("tickets forgotten month=%s tickets=%s", month.name, tickets)
        return True

    def _take_up_appointments(self) -> None:
        """Take up what a release without appointments did not hand on to the days after it."""
        today = self.ledger.state.day
        if today is None or self.unclear_day is not None:
            return
        lost = [
            appointment_from(row)
            for row in self.ledger.store.appointments(today.isoformat(), "9999")
            if row.id not in self.ledger.state.appointments
            and row.state == AppointmentState.BOOKED.value
        ]
        if lost:
            _log.info("appointments taken up that an older version left count=%s", len(lost))
            self.record((e.AppointmentsTakenUp(appointments=tuple(lost)),), "start")

    def _go_on_above_known_numbers(self) -> None:
        """After a restore, pass over the numbers that people may hold; once on each day of it."""
        store, state = self.ledger.store, self.ledger.state
        known = known_numbers.decode(store.meta(known_numbers.PENDING))
        if known is None or state.day is None or self.unclear_day is not None:
            return
        day = state.day.isoformat()
        if day == store.meta(known_numbers.TAKEN_ON):
            return
        if day > known.until:
            self.ledger.commit(Batch(meta={known_numbers.PENDING: ""}), [])
            return
        series = dict(known.series.get(day, {}))
        for heard_day, numbers in self._heard.values():
            for service, serial in numbers.items() if heard_day == day else ():
                if serial <= self.rules.numbering.last:
                    series[service] = max(serial, series.get(service, 0))
        events = restored(state, self.rules, series, known.books.get(day, {}))
        steps = self.ledger.plan(events, self.ledger.time.stamp(), Origin("restore"))
        batch = batch_of(state, steps)
        batch.meta[known_numbers.TAKEN_ON] = day
        self._commit(batch, steps)

    def _refresh(self) -> None:
        """Take up what a commit that was said to fail has stored all the same."""
        self.ledger.refresh()
        self.care.took(self.ledger.store.meta(MANNERS))
        newest = None
        if self.ledger.state.config_version > self.version.number:
            newest = self.ledger.store.newest_config()
        if newest is not None:
            self._take(stored_version(newest))

    def _commit(
        self, batch: Batch, steps: Steps, command: commands.AnyCommand | None = None
    ) -> None:
        if steps:
            stored = self.ledger.store.meta(MANNERS) or ""
            self.care.add_to(batch, steps, command, stored)
        try:
            self.ledger.commit(batch, steps)
        except DuplicateNumberError:
            raise
        except StoreError as error:
            self._note_trouble(error)
            raise
        self.care.took(self.ledger.store.meta(MANNERS))
        self._note_health()

    def _note_trouble(self, error: StoreError) -> None:
        if self.store_trouble is None:
            _log.error("the store fails, nothing is accepted error=%s", error)
            self.store_trouble = Trouble(self.ledger.time.read(), str(error))

    def _note_health(self) -> None:
        if self.store_trouble is not None:
            _log.info("the store works again since=%s", self.store_trouble.since)
            self.store_trouble = None

    def _carry_out(self, device: str, command: commands.AnyCommand) -> bytes:
        self.open_day_if_due()
        if self.unclear_day is not None and not isinstance(command, commands.ConfirmDay):
            return self._answers.refused(device, command, Error.UNAVAILABLE, message=DAY_UNCLEAR)
        mark = self.ledger.time.stamp()
        steps: Steps = []
        version: Version | None = None
        answer: Mapping[str, Any] | None = None
        try:
            actor = authorise(self.version.centre, device, command)
            self.wrong_codes.require_left(device, command, mark)
            decision, version = self._decide(command, actor, mark)
            steps = self.ledger.plan(decision.events, mark, _origin(command, actor))
            refusal, answer = decision.refusal, decision.answer
        except Refusal as error:
            refusal = error
            self.wrong_codes.note(device, command, refusal, mark)
        tokens, codes = self._tokens(steps), self._codes(steps)
        reply = self._reply(
            device, command, steps, refusal or answer, mark, tokens={**tokens, **codes}
        )
        if not steps:
            if refusal is None:
                self.care.take(command, self.version.centre, self.ledger.state, mark.at)
            self._answers.remember(device, command, reply)
            return reply
        batch = batch_of(self.ledger.state, steps)
        batch.tokens, batch.codes = tokens, codes
        batch.inbox = self._answers.rows(device, command, steps, reply, mark)
        if version is not None:
            batch.configs.append(version.row(microseconds(mark.at)))
        self._commit(batch, steps, command)
        if refusal is None:
            self.care.take(command, self.version.centre, self.ledger.state, mark.at)
        if version is not None:
            self._take(version)
        if isinstance(command, commands.ConfirmDay):
            self.open_day_if_due()
        return reply

    def _decide(
        self, command: commands.AnyCommand, actor: Actor, mark: Mark
    ) -> tuple[Decision, Version | None]:
        state = self.ledger.state
        if isinstance(command, commands.ApplyConfig):
            version = next_version(self.version, command.version, command.centre, state)
            return Decision((e.ConfigApplied(version=version.number),)), version
        context = Context(
            now=mark,
            device=actor.device,
            role=actor.role,
            command=command.id,
            new_id=self._sources.new_id,
            ticket_of=self._ticket_of,
            appointment_of=self._appointment_of,
            code_of=self.ledger.store.code_of,
            counters=actor.counters,
            pick=self._sources.pick,
            promised=self.promised,
        )
        decision = decide(state, self.rules, command, context)
        self._require_new_numbers(decision)
        return decision, None

    def _require_new_numbers(self, decision: Decision) -> None:
        """Refuse a number of an earlier day that was delivered before."""
        for event in decision.events:
            if isinstance(event, e.TicketIssued) and event.business_day != self.ledger.state.day:
                day = event.business_day.isoformat()
                if self.ledger.store.number_given(day, event.number):
                    raise Refusal(Error.CONFLICT, f"{event.number} was given before")

    def _tokens(self, steps: Steps) -> dict[str, str]:
        """Return a token for every new ticket; they stand in its row, never in the log."""
        tokens: dict[str, str] = {}
        for event in (fact.event for fact, _ in steps):
            if isinstance(event, e.TicketIssued):
                tokens[event.ticket] = self._sources.new_token()
            elif isinstance(event, e.TicketDelivered):
                tokens[event.ticket] = self.ledger.store.token_of(event.ticket) or ""
        return tokens

    def _codes(self, steps: Steps) -> dict[str, str]:
        """Return the code of every appointment that was made or moved; the log has none."""
        codes: dict[str, str] = {}
        for event in (fact.event for fact, _ in steps):
            if isinstance(event, e.AppointmentBooked):
                codes[event.appointment] = self._free_code()
            elif isinstance(event, e.AppointmentMoved):
                codes[event.appointment] = self.ledger.store.code_of(event.appointment) or ""
        return codes

    def _free_code(self) -> str:
        while self.ledger.store.appointment_of(code := self._sources.new_code()) is not None:
            pass
        return code

    def _appointment_of(self, typed: str) -> AppointmentId | None:
        code = typed_code(typed)
        found = None if code is None else self.ledger.store.appointment_of(code)
        return None if found is None else AppointmentId(found)

    def _ticket_of(self, token: str) -> TicketId | None:
        ticket = self.ledger.store.ticket_of(token)
        return None if ticket is None else TicketId(ticket)

    def _reply(
        self,
        device: str,
        command: commands.AnyCommand,
        steps: Steps,
        refusal_or_answer: Refusal | Mapping[str, Any] | None,
        mark: Mark,
        *,
        tokens: Mapping[str, str],
    ) -> bytes:
        if isinstance(refusal_or_answer, Refusal):
            refusal = refusal_or_answer
            rev = steps[-1][0].seq if steps else self.ledger.state.seq
            return self._answers.refused(
                device, command, refusal.error, refusal.detail, rev=rev, result=refusal.result
            )
        state = steps[-1][1] if steps else self.ledger.state
        facts = [fact for fact, _ in steps]
        result = dict(refusal_or_answer or {})
        result = result or result_of(state, self.rules, facts, mark.at, tokens)
        return codec.encode(commands.Reply(id=command.id, ok=True, rev=state.seq, result=result))

    def _take(self, version: Version) -> None:
        """Run by `version` from now on."""
        self._stored_version = version
        if self._always_open:
            hours = msgspec.structs.replace(version.centre.hours, always_open=True)
            centre = msgspec.structs.replace(version.centre, hours=hours)
            version = Version(version.number, centre)
        self.version = version
        self.rules = rules_from(version.centre)

    def _store_version(self, file_digest: str) -> None:
        """Remember a configuration file that is new."""
        newest = self.ledger.store.newest_config()
        if newest is not None and newest.version == self.version.number:
            return
        mark = self.ledger.time.stamp(doubted=self.unclear_day is not None)
        events = (e.ConfigApplied(version=self.version.number),)
        steps = self.ledger.plan(events, mark, Origin("file"))
        batch = batch_of(self.ledger.state, steps)
        batch.configs.append(self._stored_version.row(microseconds(mark.at)))
        batch.meta["file_digest"] = file_digest
        self._commit(batch, steps)

    def _note_unclear(self, due: DayDue) -> None:
        unclear = due.day if due.step is DayStep.ASK else None
        if unclear != self.unclear_day and unclear is not None:
            _log.warning(
                "the clock is far ahead; confirm at a counter or with `denluot day` day=%s", unclear
            )
        self.unclear_day = unclear
        self.day_to_confirm = due.day if due.step in (DayStep.ASK, DayStep.DOUBT) else None


def _origin(command: commands.AnyCommand, actor: Actor) -> Origin:
    return Origin(str(command.__struct_config__.tag), actor, command.id)
