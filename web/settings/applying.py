"""Asks the service to run by another version of the centre, and understands its answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

import msgspec

from bus.codec import MessageError, encode
from bus.commands import (
    MAX_CONFIG_BYTES,
    AppliedConfig,
    ApplyConfig,
    ConfigProblem,
    Reply,
    decode_command,
    result_of,
)
from bus.session import Session
from bus.typed import convert
from bus.vocabulary import Error
from config import Centre, Problem, Rule, centre_to_wire, raw_problems

_ANSWER_WITHIN_S = 15.0
_SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_HEAD_BYTES = 600
"""What stands around the centre in the command and in the state that follows from it."""


class Result(Enum):
    """What became of a version that was to be applied."""

    APPLIED = auto()
    CONFLICT = auto()
    """Somebody else's version came first."""
    REFUSED = auto()
    UNKNOWN = auto()
    """Nobody answered: it may have been applied or not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it; `version` is the one in force as far as was said."""

    result: Result
    version: int = 0
    problems: tuple[Problem, ...] = ()


async def apply(link: Session, version: int, raw: dict[str, Any], account: str) -> Outcome:
    """Apply `raw` in place of `version` in the name of `account`."""
    wrong = problems_of(raw)
    if wrong:
        return Outcome(Result.REFUSED, version, tuple(wrong))
    centre = centre_to_wire(convert(raw, Centre))
    command = ApplyConfig(version=version, centre=centre, by=account)
    reply = await _ask(link, command)
    try:
        told = result_of(reply, AppliedConfig)
    except MessageError:
        told = AppliedConfig(version=0)
    if reply.ok:
        return Outcome(Result.APPLIED, told.version)
    if reply.error is Error.CONFLICT:
        return Outcome(Result.CONFLICT, told.version)
    if reply.error in (Error.UNAVAILABLE, Error.EXPIRED, None):
        return Outcome(Result.UNKNOWN)
    problems = _problems(told.problems) or (Problem(Rule.TYPE, reply.message or "", "$"),)
    return Outcome(Result.REFUSED, told.version, problems)


def problems_of(raw: dict[str, Any]) -> list[Problem]:
    """Return all that is wrong with a centre: what the file must keep to, and the wire."""
    wrong = raw_problems(raw)
    if wrong:
        return wrong
    centre = centre_to_wire(convert(raw, Centre))
    over = len(msgspec.json.encode(centre)) - (MAX_CONFIG_BYTES - _HEAD_BYTES)
    if over > 0:
        return [Problem(Rule.TOO_LONG, "the configuration is too long", "$", {"bytes": over})]
    example = ApplyConfig(id="check", ts=_SOME_TIME, version=0, centre=centre)
    try:
        decode_command(encode(example), MAX_CONFIG_BYTES)
    except MessageError as error:
        text, _, path = str(error).rpartition(" - at $.centre.")
        return [Problem(Rule.TYPE, text or str(error), f"$.{path}")]
    return []


async def _ask(link: Session, command: ApplyConfig) -> Reply:
    answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

    def take(reply: Reply) -> None:
        if not answered.done():
            answered.set_result(reply)

    sent = link.ask(command, take, _ANSWER_WITHIN_S)
    try:
        return await answered
    finally:
        link.forget(sent.id)


def _problems(told: Sequence[ConfigProblem]) -> tuple[Problem, ...]:
    known = frozenset(Rule)
    return tuple(
        Problem(
            Rule(each.rule) if each.rule in known else Rule.TYPE, each.text, each.path, each.values
        )
        for each in told
    )
