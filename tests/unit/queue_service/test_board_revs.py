from queue_service.board_revs import BoardRevs


def test_boards_have_five_seconds_for_each_state() -> None:
    revs = BoardRevs(lambda seconds: seconds)
    assert revs.due(0.0) is None
    assert not revs.unsettled(0.0)
    revs.published(7, 10.0)
    assert (revs.due(14.9), revs.unsettled(14.9)) == (None, True)
    assert (revs.due(15.0), revs.unsettled(15.0)) == (7, False)
    revs.published(8, 16.0)
    revs.published(9, 18.0)
    assert revs.due(20.9) == 7
    assert revs.due(21.0) == 8
    assert revs.due(30.0) == 9


def test_a_state_that_is_published_again_is_not_news() -> None:
    revs = BoardRevs(lambda seconds: seconds)
    revs.published(7, 10.0)
    revs.published(7, 13.0)
    assert revs.due(15.0) == 7


def test_a_fast_clock_leaves_boards_the_walls_time() -> None:
    revs = BoardRevs(lambda seconds: seconds / 300)
    revs.published(7, 0.0)
    assert revs.due(1499.0) is None
    assert revs.due(1500.0) == 7
