"""Votes: one a ticket, told by day, counter and reason, kept as sums once tickets are forgotten."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from provisioning.backup.staff_data import copy_work, put_work_back
from provisioning.ratings import Face, Ratings, ServedTicket, face_of
from provisioning.site_db import FILE_NAME, SiteDb, open_site_db

DAY = "2026-11-23"
MONTH = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def ratings(db: SiteDb) -> Ratings:
    return Ratings(db)


def served(ticket: str, counter: int = 3, service: str = "CERT", day: str = DAY) -> ServedTicket:
    return ServedTicket(day, ticket, counter, service)


def test_the_first_vote_of_a_ticket_stays(ratings: Ratings) -> None:
    assert ratings.vote_of(DAY, "T1") is None
    assert ratings.vote(served("T1"), Face.UNSATISFIED)
    assert not ratings.vote(served("T1"), Face.VERY_SATISFIED)
    assert not ratings.vote(served("T1", counter=5), Face.VERY_SATISFIED)
    assert ratings.vote_of(DAY, "T1") is Face.UNSATISFIED
    assert ratings.figures(*MONTH).faces == {Face.UNSATISFIED: 1}


def test_of_many_at_once_one_counts(ratings: Ratings) -> None:
    with ThreadPoolExecutor(8) as threads:
        counted = list(threads.map(lambda _: ratings.vote(served("T1"), Face.NEUTRAL), range(8)))
    assert counted.count(True) == 1
    assert ratings.figures(*MONTH).votes == 1


def test_a_row_knows_nothing_but_the_ticket(ratings: Ratings, db: SiteDb) -> None:
    ratings.vote(served("T1"), Face.SATISFIED)
    columns = db.read("SELECT * FROM ratings")[0].keys()
    assert set(columns) == {
        "business_day", "ticket", "counter", "service", "face", "reasons", "votes",
    }  # fmt: skip


def test_reasons_come_once_and_only_with_a_vote(ratings: Ratings) -> None:
    assert not ratings.give_reasons(DAY, "T1", ["wait"])
    ratings.vote(served("T1"), Face.NEUTRAL)
    assert ratings.give_reasons(DAY, "T1", ["wait", "manner"])
    assert not ratings.give_reasons(DAY, "T1", ["papers"])
    assert ratings.figures(*MONTH).reasons == {"manner": 1, "wait": 1}


def test_figures_are_of_the_days_services_and_counters_asked_for(ratings: Ratings) -> None:
    ratings.vote(served("T1", 3, "CERT"), Face.SATISFIED)
    ratings.vote(served("T2", 3, "LAND"), Face.NEUTRAL)
    ratings.vote(served("T3", 5, "LAND"), Face.NEUTRAL)
    ratings.vote(served("T3", 5, "LAND", day="2026-12-01"), Face.NEUTRAL)
    assert ratings.figures(*MONTH).votes == 3
    assert ratings.figures(*MONTH, services=["LAND"]).by_counter == {
        3: {Face.NEUTRAL: 1},
        5: {Face.NEUTRAL: 1},
    }
    assert ratings.figures(*MONTH, counters=[3]).faces == {Face.SATISFIED: 1, Face.NEUTRAL: 1}
    assert ratings.figures(date(2026, 12, 1), date(2026, 12, 1)).votes == 1


def test_forgotten_tickets_leave_their_sums(ratings: Ratings, db: SiteDb) -> None:
    for ticket in ("T1", "T2", "T3"):
        ratings.vote(served(ticket), Face.SATISFIED)
    ratings.give_reasons(DAY, "T1", ["wait"])
    ratings.vote(served("T9", day="2026-12-01"), Face.NEUTRAL)
    before = ratings.figures(*MONTH)
    assert ratings.forget_tickets(["2026-11", "2026-10"]) == 3
    assert ratings.forget_tickets(["2026-11"]) == 0
    assert ratings.figures(*MONTH) == before
    tickets = {row["ticket"] for row in db.read("SELECT ticket FROM ratings")}
    assert not tickets & {"T1", "T2", "T3"}
    assert "T9" in tickets


def test_a_backup_brings_votes_back(ratings: Ratings, tmp_path: Path) -> None:
    ratings.vote(served("T1"), Face.SATISFIED)
    copy_work(tmp_path / FILE_NAME, tmp_path / "work.db")
    (tmp_path / "new").mkdir()
    put_work_back(tmp_path / "work.db", tmp_path / "new")
    with closing(open_site_db(tmp_path / "new" / FILE_NAME)) as back:
        assert not Ratings(back).vote(served("T1"), Face.NEUTRAL)
        assert Ratings(back).figures(*MONTH).faces == {Face.SATISFIED: 1}


@pytest.mark.parametrize("text", ["", "0", "5", "04", "4 ", "٤", "x", "-1", "4.0"])
def test_only_four_faces_are_faces(text: str) -> None:
    assert face_of(text) is None
    assert face_of("4") is Face.VERY_SATISFIED
