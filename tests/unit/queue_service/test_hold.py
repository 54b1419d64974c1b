"""A service that may no longer be the only writer says nothing, at once and for good."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bus.vocabulary import CopyState, StoreState
from queue_service.engine import Engine
from queue_service.hold import Hold
from wait_log.errors import StoreBusyError, StoreError


class Server:
    """A store whose server answers, or does not."""

    def __init__(self) -> None:
        self.held = True
        self.lost = False
        self.lacks_copy = False
        self.without_copy = ""
        self.beat_in_s: float | None = 1.0
        self.error: StoreError | None = None
        self.asked = 0

    def hold(self) -> None:
        self.asked += 1
        if self.error:
            raise self.error
        self.held = True


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def engine(server: Server) -> Any:  # noqa: ANN401 - stands for an engine
    looked: list[str] = []
    return SimpleNamespace(
        ledger=SimpleNamespace(store=server),
        wrong_codes=SimpleNamespace(refused={"wrong_code": 2}),
        store_trouble=None,
        looked=looked,
        look_for_copy=lambda: looked.append("copy"),
    )


@pytest.fixture
def lost() -> list[str]:
    """Whom a loss was told."""
    return []


@pytest.fixture
def hold(engine: Any, lost: list[str]) -> Hold:  # noqa: ANN401
    told: Callable[[], None] = lambda: lost.append("told")  # noqa: E731
    return Hold(cast("Engine", engine), lambda: 0.0, told)


def test_what_was_confirmed_lately_is_not_asked_again(hold: Hold, server: Server) -> None:
    assert hold.may_speak()
    hold.keep()
    assert server.asked == 0


def test_before_anything_is_said_an_old_confirmation_is_renewed(hold: Hold, server: Server) -> None:
    server.held = False
    assert hold.may_speak()
    assert server.asked == 1
    server.beat_in_s = 0.0
    hold.keep()
    assert server.asked == 2


def test_a_server_that_does_not_answer_silences_and_then_ends_the_turn(
    hold: Hold, server: Server, lost: list[str], expected_warnings: list[str]
) -> None:
    expected_warnings.append("another service writes, or may")
    server.held, server.error = False, StoreError("the cable is cut")
    assert not hold.may_speak()
    assert lost == []
    server.lost = True
    for _ in range(2):
        assert not hold.may_speak()
    assert lost == ["told"]
    server.held, server.lost, server.error = True, False, None
    assert not hold.may_speak(), "whoever was lost does not come back in the same turn"


def test_who_finds_another_writer_is_silent_for_good(
    hold: Hold, server: Server, lost: list[str], expected_warnings: list[str]
) -> None:
    expected_warnings.append("another service writes, or may")
    server.held, server.lost, server.error = False, True, StoreBusyError("another")
    server.beat_in_s = -1.0
    hold.keep()
    assert hold.lost
    assert lost == ["told"]


def test_the_copy_is_looked_for_while_it_is_missed(
    hold: Hold, server: Server, engine: SimpleNamespace
) -> None:
    hold.keep()
    assert engine.looked == []
    server.lacks_copy = True
    hold.keep()
    assert engine.looked == ["copy"]
    engine.store_trouble = "it is missed"
    assert (hold.health().store, hold.health().copy) == (StoreState.FAILED, CopyState.MISSING)
    assert hold.health().refused_appointments == {"wrong_code": 2}
    engine.store_trouble, server.without_copy = None, "chị Hoa"
    assert (hold.health().store, hold.health().copy) == (StoreState.OK, CopyState.WAIVED)
