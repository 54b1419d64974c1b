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


def test_documents_are_rendered_at_once_after_a_rest_and_then_30_times_a_second(
    clock: Clock,
) -> None:
    pace = RenderPace(clock)
    assert pace.due_in_s(busy=False) <= 0
    assert pace.due_in_s(busy=True) <= 0
    pace.rendered()
    assert pace.due_in_s(busy=False) == pytest.approx(1 / 30)
    clock.seconds += 0.04
    assert pace.due_in_s(busy=False) < 0


def test_commands_go_first_but_not_for_ever(clock: Clock) -> None:
    pace = RenderPace(clock)
    pace.rendered()
    clock.seconds += 0.2
    assert pace.due_in_s(busy=True) > 0
    clock.seconds += 0.1
    assert pace.due_in_s(busy=True) < 0


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
