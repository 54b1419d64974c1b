"""What commands were answered: remembered, so that the same one gets the same answer."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from bus import codec, commands, vocabulary
from bus.typed import read_json
from bus.vocabulary import Error
from hall.words import Words
from queue_service.domain.values import Mark
from queue_service.ledger import Ledger, Steps
from queue_service.records import microseconds
from queue_service.texts import message_of
from wait_log.rows import InboxRow

_log = logging.getLogger(__name__)

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_SUPERSEDED = b""
"""The body hash of an id that an offline book has taken the place of."""
_REMEMBERED_REFUSALS = 2000


class Answers:
    """The store keeps what had an effect; refusals had none and are kept in memory.

    After a restart a refused command is decided again.
    """

    def __init__(self, ledger: Ledger, is_officers: Callable[[str], bool]) -> None:
        """Answer for `ledger`; `is_officers` says whether an officer reads a device's screen."""
        self._ledger = ledger
        self._is_officers = is_officers
        self._refusals: OrderedDict[tuple[str, str], tuple[bytes, bytes]] = OrderedDict()

    def given(self, device: str, command: commands.AnyCommand) -> bytes | None:
        """Return the answer that needs no decision: given before, or too late."""
        body_hash = _body_hash(command)
        refused = self._refusals.get((device, command.id))
        if refused is not None:
            known_hash, reply = refused
            return (
                reply if known_hash == body_hash else self.refused(device, command, Error.CONFLICT)
            )
        answered = self._ledger.store.answered(device, command.id)
        if answered is not None:
            if answered.body_hash in (body_hash, _SUPERSEDED):
                return answered.reply
            return self.refused(device, command, Error.CONFLICT)
        if command.expires_at is not None and command.expires_at < self._ledger.time.read():
            return self.refused(device, command, Error.EXPIRED)
        return None

    def remember(self, device: str, command: commands.AnyCommand, refusal: bytes) -> None:
        """Keep a refusal for whoever sends the same command again."""
        self._refusals[device, command.id] = (_body_hash(command), refusal)
        if len(self._refusals) > _REMEMBERED_REFUSALS:
            self._refusals.popitem(last=False)

    def rows(
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

    def refused(
        self,
        device: str,
        command: commands.AnyCommand,
        error: Error,
        detail: str = "",
        *,
        rev: int | None = None,
        message: str | None = None,
        result: dict[str, Any] | None = None,
    ) -> bytes:
        """Return a refusal; `message` tells officers more than the citizens' sentence."""
        lang = getattr(command, "lang", vocabulary.Language.VIETNAMESE)
        said = message_of(error, lang, detail, result)
        if message is not None and self._is_officers(device):
            said = Words(str(lang))(message)
        _log.info("refused kind=%s error=%s detail=%s", type(command).__name__, error.value, detail)
        seq = self._ledger.state.seq if rev is None else rev
        return codec.encode(
            commands.Reply(
                id=command.id, ok=False, rev=seq, error=error, message=said, result=result
            )
        )

    def not_taken(
        self,
        payload: bytes,
        most_bytes: int,
        error: Error,
        detail: str = "",
        *,
        message: str | None = None,
    ) -> bytes | None:
        """Refuse what is not read as a command, if it is JSON with an id."""
        if len(payload) > most_bytes:
            return None
        try:
            head = read_json(payload, _Head)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        said = Words(str(head.lang))(message) if message else message_of(error, head.lang, detail)
        seq = self._ledger.state.seq
        return codec.encode(
            commands.Reply(id=head.id, ok=False, rev=seq, error=error, message=said)
        )


def counter_named(payload: bytes) -> object:
    """Return the counter that a command names, as far as it can be read at all."""
    try:
        return read_json(payload, _Head).counter
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


class _Head(msgspec.Struct):
    id: vocabulary.Id
    lang: Any = vocabulary.Language.VIETNAMESE
    counter: Any = None


def _body_hash(command: commands.AnyCommand) -> bytes:
    """Return what tells one wish from another; when it was sent is no part of it.

    Nor is what is done for whom: there are so few scenarios and measures that whoever reads the
    store could try which of them gives the digest.
    """
    timeless = msgspec.structs.replace(command, ts=_NO_TIME, expires_at=None)
    if isinstance(timeless, commands.PrepareVisit):
        timeless = msgspec.structs.replace(timeless, scenario=None, measures=())
    elif isinstance(timeless, commands.IssueTicket):
        timeless = msgspec.structs.replace(timeless, manner=msgspec.UNSET)
    return hashlib.sha256(codec.encode(timeless)).digest()
