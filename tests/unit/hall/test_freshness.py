from hall.model import GRACE_S, SILENCE_S, Freshness


def live(at: float = 0) -> Freshness:
    """Return a board's knowledge when link, service and numbers were heard at `at`."""
    known = Freshness.unknown(at).with_link(at, up=True)
    return known.with_numbers(at).with_service(at, online=True)


def test_before_anything_is_heard_nothing_can_be_trusted() -> None:
    known = Freshness.unknown(100)
    assert not known.service_there(100)
    assert not known.stale(100)
    assert known.stale(100 + GRACE_S)


def test_a_frozen_service_is_gone_after_three_beats_whatever_the_broker_knows() -> None:
    known = live(10)
    assert known.service_there(10 + SILENCE_S - 0.1)
    assert not known.stale(10 + SILENCE_S - 0.1)
    assert not known.service_there(10 + SILENCE_S)
    assert known.stale(10 + SILENCE_S)
    assert live(10).with_numbers(10 + SILENCE_S).stale(10 + SILENCE_S)
    heard = known.with_service(20, online=True)
    assert heard.service_there(20)
    assert not heard.stale(20)


def test_a_lost_link_is_a_lost_service_at_once_and_an_old_number_after_the_grace() -> None:
    lost = live(10).with_link(10, up=False)
    assert not lost.service_there(10)
    assert not lost.stale(10 + GRACE_S - 0.1)
    assert lost.stale(10 + GRACE_S)


def test_after_a_loss_service_and_numbers_have_to_be_heard_again() -> None:
    back = live(10).with_link(10, up=False).with_link(11, up=True)
    assert not back.service_there(11)
    assert back.with_numbers(11).stale(10 + GRACE_S)
    assert back.with_service(11, online=True).service_there(11)
    assert back.with_service(11, online=True).stale(10 + GRACE_S)
    assert not back.with_service(11, online=True).with_numbers(11).stale(11 + GRACE_S)


def test_what_a_broker_keeps_may_arrive_before_the_link_is_up() -> None:
    lost = live(10).with_link(10, up=False)
    back = lost.with_service(11, online=True).with_numbers(11).with_link(11, up=True)
    assert back.service_there(11)
    assert not back.stale(11 + GRACE_S)


def test_a_service_that_left_is_gone_whatever_else_arrives() -> None:
    gone = live(10).with_service(10, online=False)
    assert not gone.service_there(10)
    assert not gone.stale(10 + GRACE_S - 0.1)
    assert gone.with_service(11, online=False).stale(10 + GRACE_S)
    assert gone.with_numbers(20).stale(20)
    assert not gone.with_service(21, online=True).stale(21)


def test_a_sign_may_have_less_patience() -> None:
    assert live(10).with_link(10, up=False).stale(10, grace_s=0)
