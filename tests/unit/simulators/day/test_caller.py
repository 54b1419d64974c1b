import time
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

import pytest

from bus.commands import Command, OpenCounter, Reply
from bus.memory import MemoryBroker, MemoryBus
from bus.resend import GIVE_UP_AFTER_S, OnReply
from bus.session import ServiceClock, Session, at_once
from bus.topics import Topics
from bus.vocabulary import Error
from simulators.day.agenda import Agenda, DayClock
from simulators.day.caller import Caller
from simulators.day.history import History

AT = datetime(2026, 11, 23, tzinfo=UTC)

C = TypeVar("C", bound=Command)


class DeafLink(Session):
    """Gives up on the first commands at once, then answers."""

    def __init__(self, deaf_for: int) -> None:
        clock = ServiceClock(lambda: AT, lambda: 0.0)
        bus = MemoryBus(MemoryBroker())
        super().__init__(
            bus,
            Topics("x"),
            "counter-1",
            "t",
            clock=clock,
            new_id=lambda: "C1",
            real=time.monotonic,
            deliver=at_once,
        )
        self.sent: list[Command] = []
        self._deaf_for = deaf_for

    def ask(self, command: C, on_reply: OnReply, within_s: float = GIVE_UP_AFTER_S) -> C:
        del within_s
        self.sent.append(command)
        error = Error.UNAVAILABLE if len(self.sent) <= self._deaf_for else None
        on_reply(Reply(id=command.id, ok=error is None, error=error))
        return command


@pytest.fixture
def agenda() -> Agenda:
    ticks = count()
    clock = DayClock(lambda: float(next(ticks)), AT, 0.0, began_s=0.0, pace=1.0, speed=1.0)
    return Agenda(clock)


def ask(link: DeafLink, agenda: Agenda) -> tuple[list[Reply], History]:
    history, replies = History(), list[Reply]()
    line = Caller(link, agenda, history)
    line.ask(OpenCounter(**line.stamp(), counter=1), replies.append)
    agenda.run(lambda: bool(replies), lambda: None)
    return replies, history


def test_the_very_same_command_is_sent_again_while_the_service_is_away(agenda: Agenda) -> None:
    link = DeafLink(deaf_for=3)
    replies, history = ask(link, agenda)
    assert replies[0].ok
    assert len(link.sent) == 4
    assert all(command is link.sent[0] for command in link.sent)
    assert not history.unanswered


def test_at_last_hope_is_given_up_and_written_down(agenda: Agenda) -> None:
    link = DeafLink(deaf_for=100)
    replies, history = ask(link, agenda)
    assert replies[0].error is Error.UNAVAILABLE
    assert len(link.sent) == 12
    assert history.unanswered == ["counter-1: open_counter C1"]
