"""The page in a real browser, photographed for the documentation."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from PySide6.QtGui import QColor, QImage

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parents[3] / "docs" / "screenshots"
SEA_900 = QColor("#082338")
GOLD_100 = QColor("#fff3d6")
WAIT_MS = 60_000

pytestmark = [
    pytest.mark.full,
    pytest.mark.engine,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]


@pytest.fixture
def page_with_hall(web_url: str, hall: object, wait_for_event: Callable[..., str]) -> str:
    """Return where the page is once it shows the hall."""
    assert hall
    wait_for_event("1016", "Sắp hết giấy", "Mất kết nối")
    return web_url


@pytest.fixture
def browse(log_in: Callable[[Path], str], tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a page of the desk as a manager in a browser."""
    name, _, value = log_in(tmp_path).partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--hide-scrollbars"]
        )

        def browse(url: str, width: int = 1440, height: int = 1500) -> Page:
            context = browser.new_context(viewport={"width": width, "height": height})
            context.add_cookies([{"name": name, "value": value, "url": url}])
            page = context.new_page()
            page.goto(url, wait_until="load")
            page.evaluate("document.fonts.ready")
            return page

        yield browse
        browser.close()


def _share(image: QImage, colour: QColor) -> float:
    """Return how much of `image` has exactly this colour."""
    points = [(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)]
    return sum(image.pixelColor(x, y) == colour for x, y in points) / len(points)


@pytest.mark.parametrize(
    ("name", "query", "size"),
    [
        ("web-today", "", (1440, 1500)),
        ("web-today-en", "?lang=en", (1440, 1500)),
        ("web-today-phone", "", (412, 1500)),
    ],
)
def test_today_in_a_browser(
    page_with_hall: str, browse: Callable[..., Page], name: str, query: str, size: tuple[int, int]
) -> None:
    target = SCREENSHOTS / f"{name}.png"
    browse(f"{page_with_hall}/{query}", *size).screenshot(path=target)
    image = QImage(str(target))
    assert (image.width(), image.height()) == size
    assert _share(image, SEA_900) > 0.02  # the style was loaded
    assert _share(image, GOLD_100) > 0.005  # the paused counter and the outage are there


def test_a_page_in_a_browser_follows_the_hall(
    page_with_hall: str, show: Callable[..., None], browse: Callable[..., Page]
) -> None:
    page = browse(page_with_hall)
    expect(page).to_have_title("17 đang chờ – Hôm nay – Đến Lượt", timeout=WAIT_MS)
    show("Hệ thống của thành phố", crowded=False)
    expect(page).to_have_title("0 đang chờ – Hôm nay – Đến Lượt", timeout=WAIT_MS)
