"""The page in a real browser, photographed for the documentation."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parents[3] / "docs" / "screenshots"
SEA_900 = QColor("#082338")
GOLD_100 = QColor("#fff3d6")

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


def _photograph(url: str, width: int, height: int, profile: Path, target: Path) -> QImage:
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            f"--screenshot={target}",
            url,
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return QImage(str(target))


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
    page_with_hall: str, tmp_path: Path, name: str, query: str, size: tuple[int, int]
) -> None:
    target = SCREENSHOTS / f"{name}.png"
    image = _photograph(f"{page_with_hall}/{query}", *size, tmp_path / "profile", target)
    assert (image.width(), image.height()) == size
    assert _share(image, SEA_900) > 0.02  # the style was loaded
    assert _share(image, GOLD_100) > 0.005  # the paused counter and the outage are there
