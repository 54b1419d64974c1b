import pytest

from queue_service.pace import CommandBudget, RenderPace, Retry, Verdict


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> RenderPace:
    """One that has just rendered, and then rested."""
    pace = RenderPace(clock)
    pace.begin()
    pace.rendered()
    clock.seconds += 60
    return pace


def _due(pace: RenderPace, *, busy: bool = False) -> float:
    due = pace.due_in_s(busy=busy)
    assert due is not None
    return due


def test_nothing_is_rendered_that_nobody_wants(pace: RenderPace) -> None:
    assert pace.due_in_s(busy=False) is None
    pace.want()
    assert _due(pace) <= 0
    pace.begin()
    assert pace.due_in_s(busy=False) is None


def test_documents_are_rendered_30_times_a_second_at_most(pace: RenderPace, clock: Clock) -> None:
    pace.rendered()
    pace.want()
    assert _due(pace) == pytest.approx(1 / 30)
    clock.seconds += 0.04
    assert _due(pace) < 0


def test_a_reply_is_on_its_way_before_documents_are_rendered(
    pace: RenderPace, clock: Clock
) -> None:
    pace.want()
    pace.replied()
    assert 0 < _due(pace) < 0.01
    clock.seconds += 0.01
    assert _due(pace) < 0


@pytest.mark.parametrize("busy", [True, False])
def test_commands_go_first_but_not_for_ever(pace: RenderPace, clock: Clock, busy: bool) -> None:
    pace.want()
    for _ in range(240):
        pace.replied()
        assert _due(pace, busy=busy) > 0
        clock.seconds += 0.001
    clock.seconds += 0.02
    pace.replied()
    assert _due(pace, busy=busy) < 0


def test_what_fails_is_tried_less_and_less_often(clock: Clock) -> None:
    retry = Retry(clock)
    assert retry.due_in_s() == 0
    pauses = []
    for _ in range(7):
        retry.failed()
        pauses.append(retry.due_in_s())
        clock.seconds += pauses[-1]
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    retry.succeeded()
    assert retry.due_in_s() == 0
    retry.failed()
    assert retry.due_in_s() == 1.0


def test_a_budget_fills_with_time_and_belongs_to_one_sender(clock: Clock) -> None:
    budget = CommandBudget(clock, per_s=2.0)
    assert [budget.judge("a") for _ in range(3)] == [Verdict.TAKE, Verdict.TAKE, Verdict.REFUSE]
    assert budget.judge("b") is Verdict.TAKE
    clock.seconds += 0.5
    assert [budget.judge("a") for _ in range(2)] == [Verdict.TAKE, Verdict.REFUSE]
    clock.seconds += 60
    assert [budget.judge("a") for _ in range(3)] == [Verdict.TAKE, Verdict.TAKE, Verdict.REFUSE]


def test_refusals_have_a_budget_too(clock: Clock) -> None:
    budget = CommandBudget(clock, per_s=1.0)
    verdicts = [budget.judge("a") for _ in range(500)]
    assert verdicts.count(Verdict.TAKE) == 1
    assert verdicts.count(Verdict.REFUSE) == CommandBudget.REFUSALS_PER_S
    assert verdicts[-1] is Verdict.DROP
