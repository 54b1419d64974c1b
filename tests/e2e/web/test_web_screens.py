"""The page in a real browser, photographed for the documentation."""

import json
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
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


def _chromium(profile: Path, *arguments: str) -> list[str]:
    return [
        str(CHROMIUM),
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
        *arguments,
    ]


def _photograph(url: str, width: int, height: int, profile: Path, target: Path) -> QImage:
    target.parent.mkdir(parents=True, exist_ok=True)
    what = (f"--window-size={width},{height}", f"--screenshot={target}", url)
    subprocess.run(_chromium(profile, *what), check=True, capture_output=True, timeout=60)
    return QImage(str(target))


def _wait_for_title(port: int, wanted: str) -> None:
    """Wait until the one page of a browser has a title."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("GET", "/json/list")
            with connection.getresponse() as response:
                titles = [page["title"] for page in json.load(response)]
        if wanted in titles:
            return
    raise AssertionError(f"no page is called {wanted!r}: {titles}")


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


def test_a_page_in_a_browser_follows_the_hall(
    page_with_hall: str, show: Callable[..., None], tmp_path: Path
) -> None:
    arguments = _chromium(tmp_path / "profile", "--remote-debugging-port=0", page_with_hall)
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as browser:
        try:
            assert browser.stderr
            said = next(line for line in browser.stderr if "DevTools listening on" in line)
            port = int(said.split("127.0.0.1:")[1].split("/")[0])
            _wait_for_title(port, "17 đang chờ – Hôm nay – Đến Lượt")
            show("Hệ thống của thành phố", crowded=False)
            _wait_for_title(port, "0 đang chờ – Hôm nay – Đến Lượt")
        finally:
            browser.terminate()
