"""The board's page at every size, photographed for the documentation and measured."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtGui import QColor, QImage

from bus.codec import encode
from bus.states import BoardCounter, BoardState, Call, ConfigState, Missed, Notice, Waiting
from bus.topics import Topics
from bus.vocabulary import CounterStatus, Language, TicketClass
from config import centre_to_wire, load_centre

Centre = Any
OpenPage = Callable[..., Any]

SCREENSHOTS = Path(__file__).parents[4] / "docs" / "screenshots"
TOPICS = Topics("nhi-chieu")
NOW = datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC)
SIZES = ((1280, 720), (1920, 1080), (3840, 2160), (1080, 1920))
CALLING = {"one-call", "two-calls", "three-calls", "grid"}
REDS = {QColor("#ad1b28").rgb(), QColor("#9e1724").rgb()}
IS_CALLED = "document.querySelector('.card, .cell.called') !== null"
BESIDE_PICTURES = "document.documentElement.classList.contains('with-media')"
TWO_FRAMES = "new Promise(on => requestAnimationFrame(() => requestAnimationFrame(on)))"
HALF_RUN_IN = """
(() => {
  const place = id => document.getElementById(id).getBoundingClientRect();
  return place('bottom').left - place('line').left > place('bottom').width / 2;
})()
"""
OVERLAPS = """
(() => {
  // The room that the letters take: type is higher than its glyphs.
  const shown = [...document.querySelectorAll('header b, header span, .card span, .card b, ' +
    '.row span, .cell span, .cell b, #numbers span, .chip, #missed span, .waits span, #quiet p')]
    .filter(e => e.textContent.trim() && !e.querySelector('span, b, p')
      && getComputedStyle(e).visibility === 'visible' && e.getClientRects().length);
  const boxes = shown.map(e => {
    const range = document.createRange();
    range.selectNodeContents(e);
    const b = range.getBoundingClientRect();
    const [above, below] = e.classList.contains('digits') ? [0.26, 0.21] : [0.1, 0.1];
    const [t, end] = [b.top + above * b.height, b.bottom - below * b.height];
    return {text: e.textContent, l: b.left, r: b.right, t: t, b: end};
  });
  const found = [];
  boxes.forEach((one, i) => {
    if (one.l < -1 || one.t < -1 || one.r > innerWidth + 1 || one.b > innerHeight + 1) {
      found.push(one.text + ' leaves the screen');
    }
    boxes.slice(i + 1).forEach(other => {
      const beside = one.r < other.l + 1 || other.r < one.l + 1;
      const apart = one.b < other.t + 1 || other.b < one.t + 1;
      if (!beside && !apart) {
        found.push(one.text + ' meets ' + other.text);
      }
    });
  });
  return found;
})()
"""

CUT = """
[...document.querySelectorAll('.service, .english, .note, .rest, .heading, .waits span')]
  .filter(e => e.getClientRects().length && (e.scrollWidth > e.clientWidth + 1 ||
    e.scrollHeight > e.clientHeight + 0.2 * parseFloat(getComputedStyle(e).fontSize)))
  .map(e => e.textContent)
"""
LONG_SERVICE = "Hướng dẫn, tiếp nhận và kê khai hồ sơ trực tuyến về đất đai, môi trường"

pytestmark = [pytest.mark.full, pytest.mark.engine]


def _call(seq: int, number: str, counter: int, ago_s: float, **more: object) -> Call:
    fields: dict[str, Any] = {
        "service": {"1": "CERT", "2": "CIVIL", "5": "LAND", "6": "TAX"}.get(number[0], "PICK"),
        "ticket_class": TicketClass.NORMAL,
        "lang": Language.VIETNAMESE,
        "repeat": 0,
        "at": NOW - timedelta(seconds=ago_s),
    }
    return Call(call_seq=seq, number=number, counter=counter, **(fields | more))


def _serving(number: int, serving: str, **more: Any) -> BoardCounter:  # noqa: ANN401
    return BoardCounter(counter=number, status=CounterStatus.OPEN, number=serving, **more)


CALLS = (
    _call(88, "1017", 3, 25),
    _call(87, "8003", 1, 80),
    _call(86, "2004", 2, 200),
    _call(85, "6002", 7, 300),
    _call(84, "5011", 6, 400),
)
COUNTERS = (
    _serving(1, "8003"),
    _serving(2, "2004"),
    _serving(3, "1017"),
    BoardCounter(counter=4, status=CounterStatus.CLOSED),
    BoardCounter(counter=5, status=CounterStatus.PAUSED, until=NOW.replace(hour=6, minute=30)),
    _serving(6, "5011"),
    _serving(7, "6002", ticket_class=TicketClass.PRIORITY),
)
TWO = (
    _call(90, "5012", 6, 1, lang=Language.ENGLISH, service="LAND"),
    _call(89, "1018", 4, 4),
    *CALLS[1:],
)
WAITING = (
    Waiting(service="CERT", count=12, wait_min=(25, 30), next=("1018", "1019")),
    Waiting(service="CIVIL", count=2, wait_min=(5, 10), next=("2005", "2006")),
    Waiting(service="LAND", count=1, wait_min=(0, 5), next=("5012", "5013")),
)
PICTURES: dict[str, dict[str, Any]] = {
    "one-call": {"calls": CALLS, "counters": COUNTERS, "next": ("2005", "1018", "5012")},
    "two-calls": {"calls": TWO, "counters": COUNTERS, "next": ("2005", "1019", "2006")},
    "three-calls": {
        "calls": (_call(91, "2005", 2, 0, repeat=1), *TWO),
        "counters": COUNTERS,
        "next": ("1019", "2006", "5013"),
    },
    "long-names": {"calls": TWO, "counters": COUNTERS, "next": ("2005", "1019")},
    "missed": {
        "calls": (CALLS[0], CALLS[1], CALLS[3]),
        "counters": tuple(COUNTERS[n - 1] for n in (1, 3, 5, 7)),
        "next": ("1018", "2005"),
        "missed": Missed(numbers=("1002", "6001"), total=2),
    },
    "few": {"calls": CALLS, "counters": (COUNTERS[0], COUNTERS[2]), "next": ("1018",)},
    "not-open": {},
    "idle": {"waiting": ()},
    "notice": {
        "calls": CALLS,
        "counters": COUNTERS,
        "next": ("2005", "1018", "5012"),
        "notices": (
            Notice(
                text="Chiều nay bộ phận Địa chính làm việc tại nhà văn hóa thôn, mời quý vị có "
                "hồ sơ đất đai đến nhận kết quả từ 14 giờ; các lĩnh vực khác vẫn làm việc như "
                "thường lệ",
                until=NOW + timedelta(hours=3),
            ),
        ),
    },
}


@pytest.fixture
def show(played: Any) -> Callable[..., None]:  # noqa: ANN401 - the centre of the conftest
    """Show a hall as the service would; `online` tells whether the service is there."""
    plain = load_centre()
    services = tuple(
        replace(service, name=replace(service.name, vi=LONG_SERVICE)) for service in plain.services
    )
    centres = {"long-names": centre_to_wire(replace(plain, services=services))}
    rev = iter(range(1, 1000))

    def show(name: str, *, online: bool = True, on: Any = played) -> None:  # noqa: ANN401
        config = ConfigState(
            epoch="E",
            rev=next(rev),
            at=NOW,
            version=1,
            centre=centres.get(name, centre_to_wire(plain)),
        )
        board = BoardState(
            epoch="E", rev=next(rev), at=NOW, **{"waiting": WAITING, **PICTURES[name]}
        )
        on.service_there = online
        for topic, message in ((TOPICS.config(), config), (TOPICS.board(), board)):
            on.links["service"].bus.publish(topic, encode(message), retain=True)

    return show


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *((name, "") for name in PICTURES),
        ("stale", ""),
        ("grid", "layout=grid"),
        ("grid-missed", "layout=grid"),
    ],
)
def test_nothing_meets_or_is_cut_at_any_size(
    played: Centre,
    show: Callable[..., None],
    open_page: OpenPage,
    tmp_path: Path,
    name: str,
    query: str,
) -> None:
    """Set DENLUOT_PICTURES=1 to write the pictures to docs/screenshots."""
    documented = bool(os.environ.get("DENLUOT_PICTURES"))
    shown = name if name in PICTURES else "missed" if name == "grid-missed" else "one-call"
    show(shown, online=name != "stale")
    page = open_page(f"{played.url}?screen=tv-1&{query}")
    page.wait("document.getElementById('time').textContent === '08:24'")
    quiet = {"idle": "Mời quý vị lấy số", "not-open": "Quầy chưa mở"}
    first = quiet.get(name, "1017" if shown == "one-call" else "8003")
    reds: list[bool] = []
    for width, height in SIZES:
        page.size(width, height)
        page.wait(f"innerWidth === {width} && document.body.textContent.includes('{first}')")
        page.wait("document.fonts.status === 'loaded'")
        page.until(lambda: page.is_stale() is (name == "stale"))
        if name in CALLING and not reds:
            page.wait(IS_CALLED)
        page.value(TWO_FRAMES)
        assert page.value(OVERLAPS) == []
        assert page.value(CUT) == []
        wanted = documented and name != "long-names" and (name == "one-call" or width == 1920)
        if name == "notice":
            page.wait(HALF_RUN_IN)
        called = page.value(IS_CALLED)
        file = (SCREENSHOTS if wanted else tmp_path) / f"web-board-{name}-{width}x{height}.png"
        page.photograph(file)
        image = QImage(str(file))
        assert (image.width(), image.height()) == (width, height)
        colours = _colours(image)
        assert QColor("#082338").rgb() in colours
        if name in CALLING and called and page.value(IS_CALLED):  # it may begin or end meanwhile
            reds.append(not colours.isdisjoint(REDS))
    assert all(reds)
    assert bool(reds) is (name in CALLING)


@pytest.mark.parametrize("name", ["one-call", "three-calls", "long-names", "idle"])
def test_pictures_stand_beside_the_calls(
    played_with_pictures: Centre,
    show: Callable[..., None],
    open_page: OpenPage,
    tmp_path: Path,
    name: str,
) -> None:
    folder = played_with_pictures.data / "media"
    Image.new("RGB", (1200, 1600), "#FBF8F2").save(folder / "a.png")
    (folder / "b.png").write_bytes(b"broken")
    show(name, on=played_with_pictures)
    page = open_page(f"{played_with_pictures.url}?screen=tv-1&layout=calls+media")
    page.wait(f"{BESIDE_PICTURES} && document.getElementById('title').textContent !== ''")
    for width, height in SIZES:
        page.size(width, height)
        page.wait(f"innerWidth === {width} && document.fonts.status === 'loaded'")
        page.until(lambda: page.value(OVERLAPS) == [] and page.value(CUT) == [])
        file = tmp_path / f"{width}x{height}.png"
        page.photograph(file)
        assert QColor("#FBF8F2").rgb() in _colours(QImage(str(file)))


def test_pictures_come_and_go_with_the_files(
    played_with_pictures: Centre, show: Callable[..., None], open_page: OpenPage
) -> None:
    folder = played_with_pictures.data / "media"
    Image.new("RGB", (1200, 1600), "#FBF8F2").save(folder / "a.png")
    show("one-call", on=played_with_pictures)
    page = open_page(f"{played_with_pictures.url}?screen=tv-1&layout=calls+media")
    page.wait(BESIDE_PICTURES)
    (folder / "a.png").unlink()
    page.wait(f"!{BESIDE_PICTURES}")
    Image.new("RGB", (800, 600), "#F5B83D").save(folder / "c.png")
    page.wait(BESIDE_PICTURES)


def _colours(image: QImage) -> set[int]:
    step = image.width() // 160
    return {
        image.pixel(x, y)
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    }


def test_glyphs_are_as_tall_as_the_design_wants(
    played: Centre, show: Callable[..., None], open_page: OpenPage
) -> None:
    show("one-call")
    page = open_page(f"{played.url}?screen=tv-1", 1920, 1080)
    page.wait("document.querySelector('.lone .number') !== null")
    page.wait("document.fonts.status === 'loaded'")
    size = "parseFloat(getComputedStyle(document.querySelector('{}')).fontSize)"
    tall = {
        what: 0.714 * page.value(size.format(what))
        for what in (".lone .number", ".lone .counter", ".row .number", "#numbers .digits")
    }
    assert tall[".lone .number"] >= 285
    assert tall[".lone .counter"] >= 165
    assert tall[".row .number"] >= 88
    assert tall["#numbers .digits"] >= 64
