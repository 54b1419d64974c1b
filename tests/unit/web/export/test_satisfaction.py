"""What is told of votes: out of how many, and nothing that single people said of one officer."""

from dataclasses import replace
from datetime import date

import pytest

from provisioning.ratings import Face, RatingFigures, Ratings, ServedTicket
from provisioning.site_db import SiteDb
from wait_log.figures import Figures, MatterFigures, Origin, Selection, Tally
from wait_log.periods import Period
from web.export.satisfaction import opinions_of, satisfaction

DAY = date(2026, 11, 23)
SERVED = Figures(
    Selection(Period(DAY, DAY)),
    Tally(issued=90),
    matters=MatterFigures(ends=86),
    ends_by_counter=((1, 50), (3, 36)),
)


def votes(**of_counters: int) -> RatingFigures:
    """Return so many votes of counters such as `c3`, all of one face."""
    sizes = {int(name[1:]): count for name, count in of_counters.items()}
    return RatingFigures(
        {Face.SATISFIED: sum(sizes.values())},
        {counter: {Face.SATISFIED: count} for counter, count in sizes.items()},
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (votes(c1=6), [1]),
        (votes(c1=5), []),
        (votes(c1=6, c3=6), [1, 3]),
        (votes(c1=20, c3=5), []),  # 25 less 20 would say what five said of counter 3
        (votes(c1=20, c2=9, c3=2), [1]),
        (votes(c1=20, c2=4, c3=4), [1]),  # eight, of nobody knows which
    ],
)
def test_a_counter_is_told_above_five_votes_and_betrays_no_other(
    given: RatingFigures, told: list[int]
) -> None:
    found = satisfaction(SERVED, given)
    assert found
    assert [counter for counter, _ in found.by_counter] == told
    assert found.whole.votes == given.votes
    assert found.whole.ends == 86


def test_each_counter_has_its_own_denominator() -> None:
    found = satisfaction(SERVED, votes(c1=6, c3=9))
    assert found
    assert [(one.votes, one.ends) for _, one in found.by_counter] == [(6, 50), (9, 36)]


def test_no_more_voted_than_were_served_although_an_end_was_taken_back() -> None:
    found = satisfaction(replace(SERVED, matters=MatterFigures()), votes(c1=1))
    assert found
    assert found.whole.ends == 1


@pytest.mark.parametrize(
    "chosen",
    [{"classes": frozenset({"priority"})}, {"origins": frozenset({Origin.KIOSK})}],
)
def test_of_what_a_vote_does_not_know_nothing_is_told(chosen: dict[str, object]) -> None:
    selection = replace(SERVED.selection, **chosen)  # type: ignore[arg-type]
    assert satisfaction(replace(SERVED, selection=selection), votes(c1=20)) is None


@pytest.mark.parametrize("chosen", [{"counters": frozenset({1})}, {"services": frozenset({"A"})}])
def test_few_votes_of_a_choice_are_not_told(chosen: dict[str, object]) -> None:
    selection = replace(SERVED.selection, **chosen)  # type: ignore[arg-type]
    figures = replace(SERVED, selection=selection)
    assert satisfaction(figures, votes(c1=5)) is None
    assert satisfaction(figures, votes(c1=6))


def test_nobody_voted() -> None:
    assert satisfaction(SERVED, RatingFigures()) is None


def test_the_votes_of_the_selection_are_read(site_db: SiteDb) -> None:
    ratings = Ratings(site_db)
    for serial in range(7):
        served = ServedTicket(DAY.isoformat(), f"T{serial}", 1 + 2 * (serial % 2), "CERT")
        assert ratings.vote(served, Face.NEUTRAL)
    ratings.vote(ServedTicket("2026-11-24", "T0", 1, "CERT"), Face.NEUTRAL)
    read = opinions_of(ratings)
    found = read(SERVED)
    assert found
    assert found.whole.votes == 7
    one = replace(SERVED, selection=replace(SERVED.selection, counters=frozenset({1})))
    assert read(one) is None
