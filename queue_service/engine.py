"""The one writer: each command in one transaction, from its bytes to its reply."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from bus import codec, commands, vocabulary
from bus.vocabulary import Error
from config import Centre
from config.settings import Role
from hall.words import Words
from queue_service.authorise import Actor, authorise
from queue_service.centre_versions import Version, digest, next_version, starting_version
from queue_service.domain import events as e
from queue_service.domain.announcing import Promised
from queue_service.domain.context import Context, Decision
from queue_service.domain.day import DayDue, DayStep, day_due, open_day
from queue_service.domain.decide import decide
from queue_service.domain.lines import Pick, pick
from queue_service.domain.values import Mark, Refusal, TicketId
from queue_service.errors import ServiceError
from queue_service.ledger import Ledger, Origin, Steps
from queue_service.records import batch_of, microseconds
from queue_service.results import result_of
from queue_service.rules_from import rules_from
from queue_service.texts import DAY_UNCLEAR, STORE_FAILS, message_of
from wait_log.errors import DuplicateNumberError, StoreError
from wait_log.rows import Batch, Heard, InboxRow

_log = logging.getLogger(__name__)

KEPT_ANSWERS = timedelta(hours=48)
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_SUPERSEDED = b""
"""The body hash of an id that an offline book has taken the place of."""
_REMEMBERED_REFUSALS = 2000
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
        # Refusals had no effect, so they need no place in the store: after a restart the same
        # command is decided again.
        self._refusals: OrderedDict[tuple[str, str], tuple[bytes, bytes]] = OrderedDict()
        self._sources = sources
        self._always_open = always_open
        store = ledger.store
        if store.site != centre.identity.site:
            raise ServiceError(f"the store is that of {store.site}; use another --data")
        self._take(starting_version(centre, store.meta("file_digest"), store.newest_config()))
        self.open_day_if_due()
        self._store_version(digest(centre))

    def handle(self, device: str, payload: bytes) -> bytes | None:
        """Carry out a command; return its reply, or None for bytes that nobody can answer."""
        most_bytes = commands.MAX_COMMAND_BYTES
        if self.role_of(device) is Role.WEB:
            most_bytes = commands.MAX_CONFIG_BYTES
        try:
            command = commands.decode_command(payload, most_bytes)
        except codec.MessageError as error:
            return self._not_taken(payload, most_bytes, Error.INVALID, str(error))
        try:
            self.ledger.refresh()
            return self._known(device, command) or self._carry_out(device, command)
        except DuplicateNumberError:
            return self._refused(device, command, Error.CONFLICT)
        except StoreError as error:
            self._note_trouble(error)
            return self._refused(device, command, Error.UNAVAILABLE, message=STORE_FAILS)

    def too_fast(self, payload: bytes) -> bytes | None:
        """Return the refusal of a command that is over its sender's budget, unread."""
        return self._not_taken(payload, commands.MAX_COMMAND_BYTES, Error.TOO_FAST)

    def sender(self, device: str, payload: bytes) -> str:
        """Return whose budget a command is on: of those of `web`, each counter has its own."""
        if self.role_of(device) is not Role.WEB:
            return device
        try:
            return f"{device} {msgspec.json.decode(payload, type=_Head).counter}"
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return device

    def role_of(self, device: str) -> Role | None:
        """Return what the configuration takes `device` for."""
        known = self.version.centre.device(device)
        return known.role if known else None

    def record(self, events: Sequence[e.Event], cause: str) -> None:
        """Write what the service itself has to say; raises StoreError."""
        self.ledger.refresh()
        steps = self.ledger.plan(events, self.ledger.time.stamp(), Origin(cause))
        self._commit(batch_of(self.ledger.state, steps), steps)

    def note_heard(self, heard: Sequence[Heard]) -> None:
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

    def open_day_if_due(self) -> None:
        """Close the old business day and open the next in one transaction, when it is time."""
        self.ledger.refresh()
        mark = self.ledger.time.stamp()
        due = day_due(self.ledger.state, self.rules, mark, self._sources.approved_day())
        self._note_unclear(due)
        if due.step is not DayStep.OPEN:
            return
        events = tuple(open_day(self.ledger.state, due.day))
        steps = self.ledger.plan(events, mark, Origin("day"))
        batch = batch_of(self.ledger.state, steps)
        batch.forget_inbox_before_us = microseconds(mark.at - KEPT_ANSWERS)
        self._commit(batch, steps)

    def _commit(self, batch: Batch, steps: Steps) -> None:
        try:
            self.ledger.commit(batch, steps)
        except DuplicateNumberError:
            raise
        except StoreError as error:
            self._note_trouble(error)
            raise
        self._note_health()

    def _note_trouble(self, error: StoreError) -> None:
        if self.store_trouble is None:
            _log.error("the store fails, nothing is accepted error=%s", error)
            self.store_trouble = Trouble(self.ledger.time.read(), str(error))

    def _note_health(self) -> None:
        if self.store_trouble is not None:
            _log.info("the store works again since=%s", self.store_trouble.since)
            self.store_trouble = None

    def _known(self, device: str, command: commands.AnyCommand) -> bytes | None:
        """Return the answer that needs no decision: given before, or too late."""
        body_hash = _body_hash(command)
        refused = self._refusals.get((device, command.id))
        if refused is not None:
            known_hash, reply = refused
            return reply if known_hash == body_hash else self._conflict(device, command)
        answered = self.ledger.store.answered(device, command.id)
        if answered is not None:
            if answered.body_hash in (body_hash, _SUPERSEDED):
                return answered.reply
            return self._conflict(device, command)
        if command.expires_at is not None and command.expires_at < self.ledger.time.read():
            return self._refused(device, command, Error.EXPIRED)
        return None

    def _conflict(self, device: str, command: commands.AnyCommand) -> bytes:
        return self._refused(device, command, Error.CONFLICT)

    def _carry_out(self, device: str, command: commands.AnyCommand) -> bytes:
        self.open_day_if_due()
        if self.unclear_day is not None and not isinstance(command, commands.ConfirmDay):
            return self._refused(device, command, Error.UNAVAILABLE, message=DAY_UNCLEAR)
        mark = self.ledger.time.stamp()
        steps: Steps = []
        version: Version | None = None
        try:
            actor = authorise(self.version.centre, device, command)
            decision, version = self._decide(command, actor, mark)
            steps = self.ledger.plan(decision.events, mark, _origin(command, actor))
            refusal = decision.refusal
        except Refusal as error:
            refusal = error
        tokens = self._tokens(steps)
        reply = self._reply(device, command, steps, refusal, mark, tokens=tokens)
        if not steps:
            self._remember(device, command, reply)
            return reply
        batch = batch_of(self.ledger.state, steps)
        batch.tokens = tokens
        batch.inbox = self._answers(device, command, steps, reply, mark)
        if version is not None:
            batch.configs.append(version.row(microseconds(mark.at)))
        self._commit(batch, steps)
        if version is not None:
            self._take(version)
        if isinstance(command, commands.ConfirmDay):
            self.open_day_if_due()
        return reply

    def _remember(self, device: str, command: commands.AnyCommand, refusal: bytes) -> None:
        self._refusals[device, command.id] = (_body_hash(command), refusal)
        if len(self._refusals) > _REMEMBERED_REFUSALS:
            self._refusals.popitem(last=False)

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

    def _ticket_of(self, token: str) -> TicketId | None:
        ticket = self.ledger.store.ticket_of(token)
        return None if ticket is None else TicketId(ticket)

    def _reply(
        self,
        device: str,
        command: commands.AnyCommand,
        steps: Steps,
        refusal: Refusal | None,
        mark: Mark,
        *,
        tokens: Mapping[str, str],
    ) -> bytes:
        if refusal is not None:
            rev = steps[-1][0].seq if steps else self.ledger.state.seq
            return self._refused(device, command, Error(refusal.error), refusal.detail, rev=rev)
        state = steps[-1][1] if steps else self.ledger.state
        facts = [fact for fact, _ in steps]
        result = result_of(state, self.rules, facts, mark.at, tokens)
        return codec.encode(commands.Reply(id=command.id, ok=True, rev=state.seq, result=result))

    def _answers(
        self, device: str, command: commands.AnyCommand, steps: Steps, reply: bytes, mark: Mark
    ) -> list[InboxRow]:
        """Return what is remembered: this answer, and that a superseded id has no effect."""
        at_us = microseconds(mark.at)
        rows = [InboxRow(device, command.id, _body_hash(command), reply, at_us)]
        if steps and isinstance(command, commands.IssueTicket) and command.supersedes is not None:
            message = message_of(Error.SUPERSEDED, command.lang)
            late = commands.Reply(
                id=command.supersedes,
                ok=False,
                rev=steps[-1][0].seq,
                error=Error.SUPERSEDED,
                message=message,
            )
            rows.append(InboxRow(device, late.id, _SUPERSEDED, codec.encode(late), at_us))
        return rows

    def _refused(
        self,
        device: str,
        command: commands.AnyCommand,
        error: Error,
        detail: str = "",
        *,
        rev: int | None = None,
        message: str | None = None,
    ) -> bytes:
        """Return a refusal; `message` tells officers more than the citizens' sentence."""
        lang = getattr(command, "lang", vocabulary.Language.VIETNAMESE)
        said = message_of(error, lang, detail)
        if message is not None and self.role_of(device) in _OFFICERS:
            said = Words(str(lang))(message)
        _log.info("refused kind=%s error=%s detail=%s", type(command).__name__, error.value, detail)
        seq = self.ledger.state.seq if rev is None else rev
        return codec.encode(
            commands.Reply(id=command.id, ok=False, rev=seq, error=error, message=said)
        )

    def _not_taken(
        self, payload: bytes, most_bytes: int, error: Error, detail: str = ""
    ) -> bytes | None:
        """Refuse what is not read as a command, if it is JSON with an id."""
        if len(payload) > most_bytes:
            return None
        try:
            head = msgspec.json.decode(payload, type=_Head)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        message = message_of(error, head.lang, detail)
        seq = self.ledger.state.seq
        return codec.encode(
            commands.Reply(id=head.id, ok=False, rev=seq, error=error, message=message)
        )

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
        mark = self.ledger.time.stamp()
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


class _Head(msgspec.Struct):
    id: vocabulary.Id
    lang: Any = vocabulary.Language.VIETNAMESE
    counter: Any = None


def _origin(command: commands.AnyCommand, actor: Actor) -> Origin:
    return Origin(str(command.__struct_config__.tag), actor, command.id)


def _body_hash(command: commands.AnyCommand) -> bytes:
    """Return what tells one wish from another; when it was sent is no part of it."""
    timeless = msgspec.structs.replace(command, ts=_NO_TIME, expires_at=None)
    return hashlib.sha256(codec.encode(timeless)).digest()
