"""The one writer: each command in one transaction, from its bytes to its reply."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from bus import codec, commands, vocabulary
from bus.vocabulary import Error
from config import Centre
from queue_service.authorise import Actor, authorise
from queue_service.centre_versions import Version, digest, next_version, starting_version
from queue_service.domain import events as e
from queue_service.domain.context import Context, Decision
from queue_service.domain.day import DayDue, DayStep, day_due, open_day
from queue_service.domain.decide import decide
from queue_service.domain.lines import Pick, pick
from queue_service.domain.values import Mark, Refusal
from queue_service.errors import ServiceError
from queue_service.ledger import Ledger, Origin, Steps
from queue_service.records import batch_of, microseconds
from queue_service.results import result_of
from queue_service.rules_from import rules_from
from queue_service.texts import message_of
from wait_log.errors import DuplicateNumberError, StoreError
from wait_log.rows import InboxRow

_log = logging.getLogger(__name__)

KEPT_ANSWERS = timedelta(hours=48)
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_SUPERSEDED = b""
"""The body hash of an id that an offline book has taken the place of."""


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
        """A day more than a week ahead, which a person has to confirm."""
        self.store_trouble: str | None = None
        """Why the last command could not be stored."""
        self._sources = sources
        self._always_open = always_open
        store = ledger.store
        if store.meta("site") != centre.identity.site:
            raise ServiceError(f"the store is that of {store.meta('site')}; use another --data")
        self._take(starting_version(centre, store.meta("file_digest"), store.newest_config()))
        self.open_day_if_due()
        self._store_version(digest(centre))

    def handle(self, device: str, payload: bytes) -> bytes | None:
        """Carry out a command; return its reply, or None for bytes that nobody can answer."""
        try:
            command = commands.decode_command(payload)
        except codec.MessageError as error:
            return self._invalid(payload, str(error))
        try:
            reply = self._known(device, command) or self._carry_out(device, command)
        except DuplicateNumberError:
            return self._refused(command, vocabulary.Error.CONFLICT)
        except StoreError as error:
            self.store_trouble = str(error)
            _log.error("command not stored device=%s error=%s", device, error)
            return self._refused(command, vocabulary.Error.UNAVAILABLE)
        self.store_trouble = None
        return reply

    def record(self, events: Sequence[e.Event], cause: str) -> None:
        """Write what the service itself has to say; raises StoreError."""
        steps = self.ledger.plan(events, self.ledger.time.stamp(), Origin(cause))
        self.ledger.commit(batch_of(self.ledger.state, steps), steps)

    def open_day_if_due(self) -> None:
        """Close the old business day and open the next in one transaction, when it is time."""
        mark = self.ledger.time.stamp()
        due = day_due(self.ledger.state, self.rules, mark, self._sources.approved_day())
        self._note_unclear(due)
        if due.step is not DayStep.OPEN:
            return
        events = tuple(open_day(self.ledger.state, due.day))
        steps = self.ledger.plan(events, mark, Origin("day"))
        batch = batch_of(self.ledger.state, steps)
        batch.forget_inbox_before_us = microseconds(mark.at - KEPT_ANSWERS)
        self.ledger.commit(batch, steps)

    def _known(self, device: str, command: commands.AnyCommand) -> bytes | None:
        """Return the answer that needs no decision: given before, or too late."""
        answered = self.ledger.store.answered(device, command.id)
        if answered is not None:
            if answered.body_hash in (_body_hash(command), _SUPERSEDED):
                return answered.reply
            return self._refused(command, vocabulary.Error.CONFLICT)
        if command.expires_at is not None and command.expires_at < self.ledger.time.read():
            return self._refused(command, vocabulary.Error.EXPIRED)
        return None

    def _carry_out(self, device: str, command: commands.AnyCommand) -> bytes:
        self.open_day_if_due()
        if self.unclear_day is not None:
            return self._refused(command, vocabulary.Error.UNAVAILABLE)
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
        reply = self._reply(command, steps, refusal, mark)
        batch = batch_of(self.ledger.state, steps)
        batch.inbox = self._answers(device, command, steps, reply, mark)
        if version is not None:
            batch.configs.append(version.row(microseconds(mark.at)))
        self.ledger.commit(batch, steps)
        if version is not None:
            self._take(version)
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
            new_token=self._sources.new_token,
            counters=actor.counters,
            pick=self._sources.pick,
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

    def _reply(
        self, command: commands.AnyCommand, steps: Steps, refusal: Refusal | None, mark: Mark
    ) -> bytes:
        if refusal is not None:
            rev = steps[-1][0].seq if steps else self.ledger.state.seq
            return self._refused(command, vocabulary.Error(refusal.error), refusal.detail, rev)
        state = steps[-1][1] if steps else self.ledger.state
        facts = [fact for fact, _ in steps]
        result = result_of(state, self.rules, facts, mark.at)
        return codec.encode(commands.Reply(id=command.id, ok=True, rev=state.seq, result=result))

    def _answers(
        self, device: str, command: commands.AnyCommand, steps: Steps, reply: bytes, mark: Mark
    ) -> list[InboxRow]:
        """Return what is remembered: this answer, and that a superseded id has no effect."""
        at_us = microseconds(mark.at)
        rows = [InboxRow(device, command.id, _body_hash(command), reply, at_us)]
        if steps and isinstance(command, commands.IssueTicket) and command.supersedes is not None:
            message = message_of(vocabulary.Error.SUPERSEDED, command.lang)
            late = commands.Reply(
                id=command.supersedes,
                ok=False,
                rev=steps[-1][0].seq,
                error=vocabulary.Error.SUPERSEDED,
                message=message,
            )
            rows.append(InboxRow(device, late.id, _SUPERSEDED, codec.encode(late), at_us))
        return rows

    def _refused(
        self,
        command: commands.AnyCommand,
        error: vocabulary.Error,
        detail: str = "",
        rev: int | None = None,
    ) -> bytes:
        lang = getattr(command, "lang", vocabulary.Language.VIETNAMESE)
        message = message_of(error, lang, detail)
        _log.info("refused kind=%s error=%s detail=%s", type(command).__name__, error.value, detail)
        seq = self.ledger.state.seq if rev is None else rev
        return codec.encode(
            commands.Reply(id=command.id, ok=False, rev=seq, error=error, message=message)
        )

    def _invalid(self, payload: bytes, detail: str) -> bytes | None:
        """Answer a message that is JSON with an id but no command."""
        if len(payload) > commands.MAX_COMMAND_BYTES:
            return None
        try:
            command_id = msgspec.json.decode(payload, type=_WithId).id
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        message = message_of(vocabulary.Error.INVALID, vocabulary.Language.VIETNAMESE, detail)
        seq = self.ledger.state.seq
        invalid = commands.Reply(
            id=command_id, ok=False, rev=seq, error=vocabulary.Error.INVALID, message=message
        )
        return codec.encode(invalid)

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
        self.ledger.commit(batch, steps)

    def _note_unclear(self, due: DayDue) -> None:
        unclear = due.day if due.step is DayStep.ASK else None
        if unclear != self.unclear_day and unclear is not None:
            _log.warning(
                "the clock is more than a week ahead; confirm with `denluot day` day=%s", unclear
            )
        self.unclear_day = unclear


class _WithId(msgspec.Struct):
    id: vocabulary.Id


def _origin(command: commands.AnyCommand, actor: Actor) -> Origin:
    return Origin(str(command.__struct_config__.tag), actor, command.id)


def _body_hash(command: commands.AnyCommand) -> bytes:
    """Return what tells one wish from another; when it was sent is no part of it."""
    timeless = msgspec.structs.replace(command, ts=_NO_TIME, expires_at=None)
    return hashlib.sha256(codec.encode(timeless)).digest()
