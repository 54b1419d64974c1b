"""What is kept: days, weeks, months, and the newest whatever their date."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from provisioning.backup.rotation import Keep, Made, expendable, superfluous

BEGIN = datetime(2026, 1, 1, 20, tzinfo=UTC)


def nightly(count: int) -> list[Made]:
    return [Made(n, f"b{n}", BEGIN + timedelta(days=n)) for n in range(count)]


def test_a_year_of_nights_leaves_days_weeks_and_months() -> None:
    made = nightly(400)
    gone = set(superfluous(made, Keep()))
    kept = [one for one in made if one not in gone]
    assert kept[-14:] == made[-14:]
    assert 14 + 6 + 9 <= len(kept) <= 14 + 8 + 12
    assert (made[-1].at - kept[0].at) > timedelta(days=300)


def test_expendable_are_the_oldest_and_never_the_newest() -> None:
    made = nightly(5)
    assert expendable(made, Keep()) == made[:2]
    assert expendable(made[:2], Keep()) == []


@given(
    st.lists(st.datetimes(timezones=st.just(UTC)), max_size=60),
    st.builds(Keep, *(st.integers(0, 5) for _ in range(3)), always=st.integers(1, 4)),
)
def test_whatever_the_clock_said_the_newest_stay(at: list[datetime], keep: Keep) -> None:
    made = [Made(number, f"b{number}", when) for number, when in enumerate(at)]
    gone = superfluous(made, keep)
    assert not set(gone) & set(made[-keep.always :])
    assert len(made) - len(gone) <= keep.always + keep.days + keep.weeks + keep.months
    assert gone == sorted(gone)
