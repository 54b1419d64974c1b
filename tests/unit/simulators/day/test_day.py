import random
from collections import Counter
from statistics import median, quantiles

import pytest

from simulators.day.day import (
    AFTERNOON_S,
    CLOSING_S,
    FIRST_ARRIVAL_S,
    LUNCH_S,
    OPENING_S,
    USUAL,
    Spread,
    Visit,
    draw_day,
    usual_business,
)

MANY = 20_000


@pytest.fixture(scope="module")
def many() -> list[Visit]:
    return draw_day(random.Random(7), MANY, USUAL)


def test_a_day_has_exactly_the_asked_number_of_visits_in_order() -> None:
    for tickets in (1, 140, 333):
        day = draw_day(random.Random(1), tickets, USUAL)
        assert len(day) == tickets
        assert day == sorted(day, key=lambda visit: visit.arrives_s)


def test_the_same_seed_draws_the_same_day_whatever_the_order_of_services() -> None:
    backwards = dict(reversed(USUAL.items()))
    day = draw_day(random.Random(3), 140, USUAL)
    assert day == draw_day(random.Random(3), 140, backwards)
    assert day != draw_day(random.Random(4), 140, USUAL)


def test_services_come_in_their_usual_shares(many: list[Visit]) -> None:
    counted = Counter(visit.service for visit in many)
    whole = sum(business.share for business in USUAL.values())
    for code, business in USUAL.items():
        assert counted[code] / MANY == pytest.approx(business.share / whole, abs=0.01)


def test_people_come_while_numbers_are_given_two_thirds_before_noon(many: list[Visit]) -> None:
    times = [visit.arrives_s for visit in many]
    assert all(
        FIRST_ARRIVAL_S <= time < LUNCH_S or AFTERNOON_S <= time < CLOSING_S for time in times
    )
    assert sum(time < LUNCH_S for time in times) / MANY == pytest.approx(0.66, abs=0.02)


def test_two_fifths_of_the_first_half_hour_come_before_opening(many: list[Visit]) -> None:
    early = sum(visit.arrives_s < OPENING_S for visit in many)
    first = sum(OPENING_S <= visit.arrives_s < OPENING_S + 1800 for visit in many)
    assert early / (early + first) == pytest.approx(0.4, abs=0.02)


@pytest.mark.parametrize("code", ["CERT", "LAND", "PICK"])
def test_work_has_its_median_and_p90_and_stays_within_an_hour(many: list[Visit], code: str) -> None:
    minutes = [visit.work_s / 60 for visit in many if visit.service == code]
    spread = USUAL[code].time
    assert median(minutes) == pytest.approx(spread.median, rel=0.07)
    assert quantiles(minutes, n=10)[-1] == pytest.approx(spread.p90, rel=0.1)
    assert min(minutes) >= 0.7
    assert max(minutes) <= 60


def test_people_are_as_different_as_they_are(many: list[Visit]) -> None:
    def share(chosen: list[Visit], out_of: list[Visit] = many) -> float:
        return len(chosen) / len(out_of)

    assert share([v for v in many if v.priority]) == pytest.approx(0.18, abs=0.01)
    assert share([v for v in many if v.absent]) == pytest.approx(0.06, abs=0.01)
    assert 0.01 < share([v for v in many if v.english]) < 0.05
    assert share([v for v in many if v.transfer_to]) == pytest.approx(0.034, abs=0.01)
    certified = [v for v in many if v.service == "CERT" and not v.transfer_to]
    signed = [v for v in certified if v.signing_s]
    assert share(signed, certified) == pytest.approx(0.6, abs=0.02)
    assert median(v.signing_s or 0 for v in signed) / 60 == pytest.approx(15, rel=0.1)


def test_nobody_is_transferred_to_where_they_are_or_to_results(many: list[Visit]) -> None:
    moved = [visit for visit in many if visit.transfer_to]
    assert all(visit.transfer_to != visit.service for visit in moved)
    assert not {visit.transfer_to for visit in moved} & {"PICK", "HELP"}
    assert all(visit.transfer_work_s > 0 for visit in moved)


def test_a_centre_with_one_service_of_its_own_gets_a_day_too() -> None:
    business = usual_business("PASSPORT", 10)
    day = draw_day(random.Random(1), 50, {"PASSPORT": business})
    assert {visit.service for visit in day} == {"PASSPORT"}
    assert all(visit.transfer_to is None for visit in day)
    assert business.time == Spread(8, 18)
