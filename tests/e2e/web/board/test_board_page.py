"""A call on its way to the eyes before a page, and what the page says when it hears nothing."""

from collections.abc import Callable
from typing import Any

import pytest

Centre = Any
OpenPage = Callable[..., Any]

pytestmark = pytest.mark.engine


def test_a_call_is_painted_and_the_log_says_so(centre: Centre, open_page: OpenPage) -> None:
    page = open_page(f"{centre.url}?screen=tv-1")
    page.wait("document.getElementById('title').textContent.startsWith('Trung tâm')")
    page.until(lambda: centre.boards() == ["tv-1"])
    called = centre.call()
    page.wait_for_call(called["number"])
    page.until(lambda: all(centre.heard(called["call_seq"])[:2]))
    accepted, shown, skipped = centre.heard(called["call_seq"])
    assert accepted
    assert shown
    assert 0 <= shown - accepted < 2_000_000
    assert skipped is None
    family, weight = page.value(
        "(s => [s.fontFamily, s.fontVariationSettings])"
        "(getComputedStyle(document.querySelector('#calls .number')))"
    )
    assert family.startswith('"Noto Sans"')
    assert '"wght" 720' in weight
    assert page.value("document.fonts.check('700 20px \"Be Vietnam Pro\"', 'Ầ')")
    outside = "performance.getEntriesByType('resource').map(r => new URL(r.name).host)"
    assert set(page.value(outside)) == {f"127.0.0.1:{centre.port}"}


def test_a_hidden_tab_says_nothing_until_it_is_seen(centre: Centre, open_page: OpenPage) -> None:
    page = open_page(f"{centre.url}?screen=tv-2")
    page.until(lambda: centre.boards() == ["tv-2"])
    other = open_page("about:blank")
    page.until(lambda: page.value("document.visibilityState") == "hidden")
    page.until(lambda: centre.boards() == [])
    called = centre.call()
    page.wait_for_call(called["number"])
    assert other.value("document.visibilityState") == "visible"
    assert centre.heard(called["call_seq"]) == (None, None, None)
    page.show()
    page.until(lambda: all(centre.heard(called["call_seq"])[:2]))
    assert centre.boards() == ["tv-2"]


def test_numbers_are_called_old_without_the_broker(
    centre: Centre, open_page: OpenPage, expected_warnings: list[str]
) -> None:
    expected_warnings += ["link lost", "broker not reached"]
    called = centre.call()
    page = open_page(f"{centre.url}?screen=tv-3")
    page.wait_for_call(called["number"])
    assert not page.is_stale()
    centre.broker.stop()
    page.until(page.is_stale, 10)
    page.wait_for_call(called["number"])
    grey = "getComputedStyle(document.querySelector('#calls .number')).color"
    assert page.value(grey) == "rgb(169, 183, 194)"
    centre.broker.start()
    page.until(lambda: not page.is_stale(), 5)
    page.until(lambda: centre.links["counter-3"].connected and centre.links["kiosk-1"].connected)
