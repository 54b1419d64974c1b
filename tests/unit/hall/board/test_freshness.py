from hall.board.freshness import GRACE_S, SILENCE_S, Freshness


def test_numbers_count_from_the_moment_they_are_confirmed() -> None:
    freshness = Freshness(100)
    assert not freshness.stale(100)
    assert freshness.stale(100 + GRACE_S)
    freshness.take_link(110, up=True)
    assert freshness.stale(110)
    freshness.take_state(110)
    freshness.take_service(110, online=True)
    assert not freshness.stale(110 + SILENCE_S - 0.1)


def live() -> Freshness:
    freshness = Freshness(0)
    freshness.take_link(0, up=True)
    freshness.take_state(0)
    freshness.take_service(9, online=True)
    return freshness


def test_a_short_loss_of_the_link_is_not_told() -> None:
    freshness = live()
    freshness.take_link(10, up=False)
    assert not freshness.stale(10 + GRACE_S - 0.1)
    freshness.take_link(11, up=True)
    freshness.take_state(11)
    assert not freshness.stale(11 + GRACE_S)


def test_a_link_that_is_back_without_numbers_is_still_doubtful() -> None:
    freshness = live()
    freshness.take_link(10, up=False)
    freshness.take_link(11, up=True)
    assert freshness.stale(10 + GRACE_S)


def test_a_service_that_is_gone_makes_numbers_old_until_it_is_back() -> None:
    freshness = live()
    freshness.take_service(10, online=False)
    assert not freshness.stale(10 + GRACE_S - 0.1)
    freshness.take_service(11, online=False)
    assert freshness.stale(10 + GRACE_S)
    freshness.take_state(20)
    assert freshness.stale(20)
    freshness.take_service(21, online=True)
    assert not freshness.stale(21)


def test_a_service_that_says_nothing_is_not_there_although_its_broker_knows_nothing() -> None:
    freshness = live()
    assert not freshness.stale(9 + SILENCE_S - 0.1)
    freshness.take_state(9 + SILENCE_S)
    assert freshness.stale(9 + SILENCE_S)
    freshness.take_service(20, online=True)
    assert not freshness.stale(20)


def test_numbers_that_come_with_the_link_count() -> None:
    freshness = live()
    freshness.take_link(10, up=False)
    freshness.take_state(11)
    freshness.take_link(11, up=True)
    assert not freshness.stale(11 + GRACE_S)
