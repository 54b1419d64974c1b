from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.board.scene import View
from web.board.query import PageQuery, read_query
from web.errors import QueryError


def test_a_plain_address_is_the_whole_hall() -> None:
    assert read_query({}, 8) == PageQuery("screen", "auto", View(rows=5, page_s=8))


def test_screen_counters_layout_and_what_fits() -> None:
    query = {
        "screen": "tv-3",
        "counters": "3,1,2",
        "layout": "portrait",
        "rows": "7",
        "letters": "140",
        "missed": "4",
        "lang": "en",
        "utm": "x",
    }
    view = View(frozenset({1, 2, 3}), rows=7, missed=4, page_s=9, letters=140, lang="en")
    assert read_query(query, 9) == PageQuery("tv-3", "portrait", view)


def test_a_plus_in_an_address_may_be_read_as_a_space() -> None:
    assert read_query({"layout": "calls media"}, 8).layout == "calls+media"
    assert read_query({"layout": "calls+media"}, 8).layout == "calls+media"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("screen", ""),
        ("screen", "TV 3"),
        ("screen", "a" * 41),
        ("screen", "tv\n"),
        ("screen", "../etc"),
        ("counters", "0"),
        ("counters", "100"),
        ("counters", "1,"),
        ("counters", "1,2\n"),
        ("counters", "-1"),
        ("counters", ",".join(["1"] * 100)),
        ("layout", "media"),
        ("rows", "0"),
        ("rows", "21"),
        ("rows", "٣"),
        ("missed", "0"),
        ("letters", "99999"),
        ("letters", "1e3"),
    ],
)
def test_says_what_is_allowed(name: str, text: str) -> None:
    with pytest.raises(QueryError, match=rf"^{name}: "):
        read_query({name: text}, 8)


@given(st.dictionaries(st.sampled_from(["screen", "counters", "layout", "rows"]), st.text()))
def test_wild_addresses_are_refused_in_words(query: dict[str, str]) -> None:
    with suppress(QueryError):
        asked = read_query(query, 8)
        assert 1 <= asked.view.rows <= 20
        assert all(1 <= counter <= 99 for counter in asked.view.counters)
