"""Whether everybody can read the board and the managers' page: contrast, a telephone's width."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Centre = Any
OpenPage = Callable[..., Any]

pytestmark = [pytest.mark.full, pytest.mark.engine]

FAINT = """
(least => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = rgb => {
    const [r, g, b] = rgb.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const rgb = parts(getComputedStyle(e).backgroundColor);
      if (rgb.length === 3 || rgb[3] === 1) { return rgb; }
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const element of document.body.querySelectorAll('*')) {
    const said = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    const style = getComputedStyle(element);
    if (!said || style.visibility !== 'visible' || !element.getClientRects().length) { continue; }
    const [a, b] = [light(parts(style.color)), light(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least) { found[element.className + ' ' + element.textContent.trim()] = ratio; }
  }
  return found;
})
"""
SIDEWAYS = """
[...document.querySelectorAll('html, main, main *')]
  .filter(e => {
    const moves = e.tagName === 'HTML' || /auto|scroll/.test(getComputedStyle(e).overflowX);
    const leaves = e.getBoundingClientRect().right > innerWidth + 1;
    return leaves || (moves && e.scrollWidth > e.clientWidth + 1);
  })
  .map(e => e.tagName + '#' + e.id + '.' + e.className)
"""
SPILT = """
[...document.querySelectorAll('.card')].filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => e.textContent.trim())
"""


@pytest.mark.parametrize("layout", ["calls", "grid"])
def test_what_citizens_must_read_has_seven_to_one(
    centre: Centre, open_page: OpenPage, layout: str
) -> None:
    called = centre.call()
    page = open_page(f"{centre.url}?screen=tv-1&layout={layout}", 1920, 1080)
    page.wait(f"document.body.textContent.includes('{called['number']}')")
    page.until(lambda: not page.is_stale())
    assert page.value(f"{FAINT}(7)") == {}


@pytest.mark.parametrize("width", [390, 599, 700, 1280])
def test_the_managers_page_is_read_without_scrolling_sideways(
    centre: Centre, open_page: OpenPage, log_in: Callable[[Path], str], width: int
) -> None:
    centre.issue()
    page = open_page(f"http://127.0.0.1:{centre.port}/", width, 844, log_in(centre.data))
    page.wait(f"innerWidth === {width}")
    page.wait("document.querySelector('.lines .oldest .badge') !== null")
    page.wait("document.fonts.status === 'loaded'")
    assert page.value(SIDEWAYS) == []
    assert page.value(SPILT) == []
    assert page.value(f"{FAINT}(4.5)") == {}
    if width < 600:
        labels = "getComputedStyle(document.querySelector('.lines .oldest'), '::before').content"
        assert "Chờ lâu nhất" in page.value(labels)
