"""Every page in every size, language and choice of sight: no word is lost, all can be touched."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import html
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF

import kiosk
import ui
from bus.commands import AppointmentRefusal
from bus.vocabulary import PrinterState, TicketClass, WhyNoAppointment
from config import Centre, Text
from config.settings import Rules
from hall.citizen.browsing import of_field, with_chosen
from hall.citizen.offering import HallSnapshot, Offer, Standing, Tile
from hall.citizen.session import (
    Help,
    Page,
    PageNotice,
    Paper,
    Session,
    ShownTicket,
    Sight,
    Voiding,
)
from hall.citizen.view import CitizenView, citizen_view
from hall.procedures import Document, Phrase, publish
from tests.contrast import contrast
from tests.unit.kiosk.conftest import MORNING
from tests.unit.kiosk.test_procedures import BIRTH
from tests.unit.kiosk.test_procedures import LONGEST as LONGEST_PROCEDURE

LONGEST = Text(
    vi="Đăng ký kinh doanh, quản lý xây dựng, hạ tầng và đô thị",
    en="Business registration, construction, infrastructure and urban management",
)
LONG_DETAIL = Text(
    vi="Giấy phép xây dựng, chứng nhận đăng ký hộ kinh doanh, hợp tác xã",
    en="Building permits, household businesses and cooperatives",
)
SIZES = [(1080, 1920), (1920, 1080), (1280, 720), (720, 1280), (1366, 768), (1280, 1024)]
SMALLEST = [(1080, 1920), (1280, 720), (1280, 1024)]
"""English is read on these: upright, lying, and nearly square."""
SIGHTS = [Sight(large=large, low=low) for large, low in product((False, True), repeat=2)]
GAP = 19.5
"""5 mm on a panel of 15.6 inches with 1366 pixels, half a pixel less."""
TARGET = 81
"""20 mm on a panel of 21.5 inches, in pixels of the design picture."""
DIAGONAL_MM = 21.5 * 25.4
EYES_MM = 500
"""From so far the screen of that size is read in large text, as docs/accessibility.md says."""
LAID_OUT_MS = 60_000
NOW = 20.0
RETRIES = 3


LONG_PROCEDURE = msgspec.structs.replace(
    LONGEST_PROCEDURE, service="S1", papers=LONGEST_PROCEDURE.papers[:3]
)
SHORT_PROCEDURES = tuple(
    msgspec.structs.replace(
        BIRTH,
        key=f"short-{index}",
        service=f"S{index % 10}",
        name=Phrase(f"{letter}. Cấp bản sao trích lục hộ tịch", f"{letter}. Certified copy"),
    )
    for index, letter in enumerate("ABCDEGHIKLMNOPQRSTUVXY")
)


def offer_of(lang: str, tiles: int = 10) -> Offer:
    """Return what a centre offers whose ten services have names as long as they get."""
    standings = [*Standing]
    every = [
        Tile(
            code=f"S{index}",
            icon="stamp",
            name=LONGEST(lang),
            detail=LONG_DETAIL(lang),
            standing=standings[index % len(standings)],
            waiting=31,
            wait_min=(120, 150),
            at="7:00 Thứ Hai, 30/11/2026",
        )
        for index in range(tiles)
    ]
    guidance = replace(every[0], code="HELP")
    return Offer(tiles=tuple(every), guidance=guidance)


def pages(lang: str) -> Iterator[tuple[str, Session, PrinterState]]:
    """Yield every page and every question over one."""
    ready, jammed = PrinterState.READY, PrinterState.CUTTER_ERROR
    home = Session(lang=lang, priority=True)
    shown = ShownTicket(
        request="r", ticket="t", number="2001", service="S1", ahead=31, wait_min=(120, 150),
        since=0.0, ticket_class=TicketClass.PRIORITY, paper=Paper.PRINTED,
    )  # fmt: skip
    trouble = replace(shown, paper=Paper.UNKNOWN, trouble="cutter_error")
    ticket = Session(lang=lang, page=Page.TICKET, ticket=shown)
    yield "home", home, ready
    yield "banner", replace(home, help=Help.COMING, helper=12), jammed
    yield "ask", replace(home, asking="S0", ahead=31), ready
    yield "countdown", replace(home, left_s=14), ready
    yield "taking", Session(lang=lang, page=Page.TAKING), ready
    yield "ticket", ticket, ready
    yield "trouble", replace(ticket, ticket=trouble), ready
    yield "void", replace(ticket, ticket=replace(shown, voiding=Voiding.CONFIRMING)), ready
    yield "heard", replace(home, keys=True, spoken=True), ready
    yield "ticket heard", replace(ticket, keys=True, spoken=True), ready
    code = Session(lang=lang, page=Page.APPOINTMENT, code="7K3M9Q")
    yield "code", code, ready
    refused = AppointmentRefusal(why=WhyNoAppointment.LATE, at=MORNING, opens_at=MORNING)
    yield "code heard", replace(code, no_code=refused, keys=True, spoken=True), ready
    procedures = Session(lang=lang, page=Page.PROCEDURES)
    yield "ways", procedures, ready
    yield "names", replace(procedures, browsing=of_field("S1")), ready
    one = with_chosen(of_field("S1"), LONG_PROCEDURE.key)
    yield "procedure", replace(procedures, browsing=one), ready
    yield "procedure heard", replace(procedures, browsing=one, keys=True, spoken=True), jammed
    for notice in PageNotice:
        yield notice, Session(lang=lang, page=Page.NOTICE, notice=notice, about="S3"), ready


def view_of(
    session: Session, centre: Centre, printer: PrinterState, *, all_offers: bool
) -> CitizenView:
    services = tuple(
        msgspec.structs.replace(
            centre.services[index % 9], code=f"S{index}", digit=index, name=LONGEST, guidance=False
        )
        for index in range(10)
    )
    counters = (msgspec.structs.replace(centre.counters[0], serves={s.code: 0 for s in services}),)
    long_centre = msgspec.structs.replace(centre, services=services, counters=counters)
    found = Document(procedures=(LONG_PROCEDURE, *SHORT_PROCEDURES))
    known = HallSnapshot(centre=long_centre, service_up=True, procedures=publish(found).document)
    view = citizen_view(
        session, known, offer_of(session.lang), printer=printer, rules=Rules(), now=NOW,
        can_speak=all_offers,
    )  # fmt: skip
    home = replace(
        view.home,
        offers_appointments=all_offers,
        offers_procedures=all_offers,
        offers_speech=all_offers,
    )
    return replace(view, home=home)


CASES = [
    *((size, "vi", sight) for size in SIZES for sight in SIGHTS),
    *((size, "en", sight) for size in SMALLEST for sight in SIGHTS),
    *((size, "vi", replace(sight, contrast=True)) for size in SIZES[:2] for sight in SIGHTS),
]


ROOMY = {
    "heard",
    "ticket heard",
    "code",
    "code heard",
    "ways",
    "names",
    "procedure",
    "procedure heard",
}
"""What has room for names as long as they get on a panel of 1080 lines."""


def roomy(size: tuple[int, int], lang: str, sight: Sight, session: Session) -> bool:
    """Return whether there is room for all that, half a lying screen having none."""
    if size not in SIZES[:2] or lang != "vi":
        return False
    lying = size[0] > size[1]
    if session.page is Page.PROCEDURES:
        return not (sight.low and (lying or session.keys))
    return not (sight.low and sight.large and lying)


def name_of(value: object) -> str:
    if isinstance(value, Sight):
        chosen = [name for name, on in asdict(value).items() if on]
        return "+".join(chosen) or "usual"
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


@pytest.mark.full
@pytest.mark.parametrize(("size", "lang", "sight"), CASES, ids=name_of)
def test_every_choice_of_sight_keeps_every_word(
    show: Callable[..., Any], centre: Centre, size: tuple[int, int], lang: str, sight: Sight
) -> None:
    shown = show(*size)
    if lang == "en":
        shown.touch("language")
    wrong: list[str] = []
    for name, session, printer in pages(lang):
        if name in ROOMY and not roomy(size, lang, sight, session):
            continue
        view = view_of(replace(session, sight=sight), centre, printer, all_offers=name != "banner")
        wrong += [f"{name}: {fault}" for fault in walk(shown, view)]
    assert not wrong, "\n".join(wrong[:60])


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 720)], ids=str)
def test_the_hardest_choice_keeps_every_word(
    show: Callable[..., Any], centre: Centre, size: tuple[int, int]
) -> None:
    shown = show(*size)
    sight = Sight(large=True, contrast=True, low=True)
    name, session, printer = next(pages("vi"))
    view = view_of(replace(session, sight=sight), centre, printer, all_offers=True)
    assert "\n".join(f"{name}: {fault}" for fault in walk(shown, view)) == ""


def walk(shown: Any, view: CitizenView) -> list[str]:
    """Turn through all pages of a view; return what is wrong with them."""
    screen, faults, words = shown.screens.screen, [], ""
    turned, count = 0, 1
    while turned < count:
        found = view.procedures
        if found and found.step == "names":
            found = replace(found, row_page=turned)
        screen.show(replace(view, turned=turned, leaf=turned, procedures=found))
        settled: list[list[str]] = []

        def still(settled: list[list[str]] = settled, leaf: int = turned + 1) -> bool:
            shown.settle()
            settled.append(faults_of(shown, view))
            here = leaves_of(shown)
            there = not here or any(at == leaf for at, _ in here)
            return (there and not settled[-1]) or len(settled) > RETRIES

        shown.hall.qtbot.waitUntil(still, timeout=LAID_OUT_MS)
        faults += [f"page {turned + 1}: {fault}" for fault in settled[-1]]
        words += " ".join(plain(text.property("text")) for text in texts_in(shown)) + " "
        count = max([1, *(pages for _, pages in leaves_of(shown))])
        turned += 1
    return faults + [f"missing: {text}" for text in expected(view) if plain(text) not in words]


def leaves_of(shown: Any) -> list[tuple[int, int]]:
    """Return which page of how many is shown, for each part that has pages."""
    texts = " ".join(str(text.property("text")) for text in texts_in(shown))
    return [(int(at), int(of)) for at, of in re.findall(r"(?:Trang|Page) (\d+)/(\d+)", texts)]


def plain(text: object) -> str:
    unmarked = html.unescape(re.sub(r"<[^>]*>", " ", str(text)))
    return " ".join(unmarked.replace("·", " ").split())


def expected(view: CitizenView) -> Iterator[str]:
    """Yield every text of the page on top."""
    if view.seconds_left is not None or view.ask.question:
        if view.seconds_left is None:
            yield from (word for word in astuple(view.ask) if word)
        return
    if view.page == "home":
        home = view.home
        tiles = home.tiles
        yield from (home.heading, home.banner, home.help_words, home.priority_hint)
        yield from (home.guidance_note, home.centre, home.place)
        yield from (tile.name for tile in tiles)
        yield from (tile.detail for tile in tiles)
        yield from (line for tile in tiles for line in tile.status)
    elif view.ticket:
        ticket = view.ticket
        if ticket.question:
            yield ticket.question
            return
        yield from (ticket.title, ticket.number, ticket.mark, ticket.service, ticket.ahead)
        yield from (ticket.wait, ticket.wait_label, ticket.trouble)
        yield "Khi đến lượt, loa và màn hình" if view.lang == "vi" else "When it is your turn"
    elif view.notice:
        yield from (view.notice.title, view.notice.advice)
    elif view.page == "appointment" and view.code:
        yield from (view.code.title, view.code.said or view.code.advice, *view.code.letters)
        yield from (key for key in view.code.keys if len(key) == 1)
    elif view.page == "procedures" and view.procedures:
        shown = view.procedures
        yield from (shown.heading, *shown.letters, shown.print_words, shown.take_words)
        yield from (tile.name for tile in shown.fields)
        if shown.step == "names":
            yield from (tile.name for tile in shown.names)
        yield from (text for line in shown.lines for text in (line.heading, line.text, line.note))


def top(shown: Any) -> Any:
    """Return what lies on top: a question, or the whole window."""
    for name in ("moreTime", "takeAsked", "keepNumber"):
        if shown.visible(name):
            item = shown.item(name)
            while not item.inherits("QQuickItem") or "Overlay" not in kind(item):
                item = item.parentItem()
                if item is None:
                    break
            if item is not None:
                return item
    return shown.window.contentItem()


def kind(item: Any) -> str:
    name: str = item.metaObject().superClass().className() + item.metaObject().className()
    return name


def within(shown: Any) -> list[Any]:
    """Return every visible item on top."""
    found, waiting = [], [top(shown)]
    while waiting:
        item = waiting.pop()
        if not item.isVisible() or item.opacity() == 0:
            continue
        found.append(item)
        waiting.extend(item.childItems())
    return found


def texts_in(shown: Any) -> list[Any]:
    return [i for i in within(shown) if i.inherits("QQuickText") and i.property("text")]


def scene(item: Any) -> QRectF:
    rect: QRectF = item.mapRectToScene(item.boundingRect())
    return rect


def faults_of(shown: Any, view: CitizenView) -> list[str]:
    """Return what is cut, too small, too near, above the middle or upon something else."""
    window = QRectF(0, 0, shown.window.width(), shown.window.height())
    items = within(shown)
    texts = [i for i in items if i.inherits("QQuickText") and i.property("text")]
    buttons = [i for i in items if i.inherits("QQuickAbstractButton") and i.isEnabled()]
    return [
        *(fault for text in texts for fault in cut(text, window)),
        *(low_letters(texts, window) if view.large else ()),
        *upon(texts),
        *too_small_or_near(buttons, window, low=view.low and not view.keys),
    ]


def cut(text: Any, window: QRectF) -> Iterator[str]:
    words, rect = text.property("text"), scene(text)
    if text.objectName() == "number":
        return  # its box is higher than its digits, which have no descenders
    if text.property("truncated") and text.objectName() != "spokenText":  # the page has it all
        yield f"elided: {words}"
    if text.property("contentWidth") > text.width() + 1:
        yield f"too wide: {words}"
    if text.property("contentHeight") > text.height() + 1:
        yield f"too high: {words}"
    if not window.adjusted(-1, -1, 1, 1).contains(rect):
        yield f"outside the window: {words}"
    holder = text.parentItem()
    while holder is not None and not holder.inherits("QQuickAbstractButton"):
        holder = holder.parentItem()
    if holder is not None and not scene(holder).adjusted(-2, -2, 2, 2).contains(rect):
        yield f"outside its button: {words}"


def low_letters(texts: list[Any], window: QRectF) -> Iterator[str]:
    """Yield texts whose capitals are seen under less than 0.7° (EN 301 549, 5.1.4)."""
    millimetres = DIAGONAL_MM / math.hypot(window.width(), window.height())
    least = EYES_MM * math.radians(0.7)
    for text in texts:
        high = QFontMetricsF(text.property("font")).capHeight() * millimetres
        if high < least:
            yield f"letters of {high:.1f} mm: {text.property('text')}"


def upon(texts: list[Any]) -> Iterator[str]:
    """Yield texts whose lines lie on one another; leading above and below may."""
    boxes = []
    for text in texts:
        if text.objectName() == "number":
            continue
        rect, size = scene(text), text.property("font").pixelSize()
        slack = min(size * 0.35, rect.height() / 3)
        boxes.append((text.property("text"), rect.adjusted(2, slack, -2, -slack)))
    for (one, rect), (other, second) in combinations(boxes, 2):
        if rect.intersects(second):
            yield f"upon one another: {one} / {other}"


def too_small_or_near(buttons: list[Any], window: QRectF, *, low: bool) -> list[str]:
    long, short = sorted((window.width(), window.height()), reverse=True)
    least = TARGET * min(long / 1920, short / 1080) - 1
    faults = []
    for button in buttons:
        name, rect = button.objectName(), scene(button)
        if min(rect.width(), rect.height()) < least:
            faults.append(f"too small: {name} {rect.width():.0f}x{rect.height():.0f}")
        if not window.adjusted(-1, -1, 1, 1).contains(rect):
            faults.append(f"outside the window: {name}")
        if low and rect.top() < window.height() / 2 - 1:
            faults.append(f"above the middle: {name} {rect.top():.0f}")
    for one, other in combinations(buttons, 2):
        grown = scene(one).adjusted(-GAP, -GAP, GAP, GAP)
        if grown.intersects(scene(other)):
            faults.append(f"too near: {one.objectName()} / {other.objectName()}")
    return faults


INKS = [
    ("ink", "paper"), ("ink", "card"), ("ink", "mild"), ("ink", "calm"), ("ink", "closed"),
    ("ink2", "card"), ("link", "card"), ("link", "calm"), ("nightInk", "night"),
    ("nightNote", "night"), ("mainInk", "main"), ("mainInk", "resting"), ("brightInk", "bright"),
    ("aidInk", "aid"), ("figure", "card"), ("thumbInk", "thumb"),
]  # fmt: skip
EDGES = [("edge", "paper"), ("line", "card"), ("dash", "closed"), ("bright", "night")]
SEVEN = 7.0


@pytest.mark.parametrize("high", [False, True], ids=["usual", "contrast"])
def test_every_ink_stands_out_on_its_ground(*, high: bool) -> None:
    tokens = tokens_of(high=high)
    pairs = INKS + EDGES if high else INKS
    faint = [pair for pair in pairs if contrast(tokens[pair[0]], tokens[pair[1]]) < SEVEN]
    assert faint == []
    if high:
        colours = {tokens[name].name() for pair in pairs for name in pair}
        assert colours == {"#000000", "#ffffff", "#ffdd00"}


STATES = [
    ("thumb", "main"),
    ("ink2", "card"),
    ("emblem", "paper"),
    ("main", "paper"),
    ("aid", "paper"),
]
"""The thumb of the switch on its ground when it is on and off, icons, and filled buttons."""
RING = ("bright", "night")
THREE = 3.0


@pytest.mark.parametrize("high", [False, True], ids=["usual", "contrast"])
def test_what_is_no_text_stands_out_three_to_one(*, high: bool) -> None:
    """Edges of tiles are fainter in the usual colours: there the words tell what can be touched."""
    tokens = tokens_of(high=high)
    assert [pair for pair in STATES if contrast(*(tokens[name] for name in pair)) < THREE] == []
    grounds = ("paper", "card", "mild", "calm", "closed", "night", "main", "aid", "resting")
    for ground in grounds:
        best = max(contrast(tokens[colour], tokens[ground]) for colour in RING)
        assert best >= THREE, f"no colour of the ring is seen on {ground}"
    assert contrast(*(tokens[colour] for colour in RING)) >= THREE, "one is seen on the other"


def tokens_of(*, high: bool) -> dict[str, QColor]:
    """Return the colours of Theme.qml, with or without high contrast."""
    source = (Path(ui.__file__).parent / "Theme.qml").read_text(encoding="utf-8")
    found = re.findall(r"readonly property color (\w+): (?:contrast \? (\S+) : )?(\S+)", source)
    values = {name: (dark or light) if high else light for name, dark, light in found}

    def colour(value: str) -> QColor:
        return QColor(value.strip('"')) if value.startswith('"') else colour(values[value])

    return {name: colour(value) for name, value in values.items()}


def test_the_kiosk_draws_with_named_tokens_alone() -> None:
    """A colour by its own name would stay as it is when somebody chooses high contrast."""
    fixed = re.compile(r"Theme\.(sea|gold|phuong|ok|greyed|faded)\w*|\"#[0-9A-Fa-f]{6}\"")
    found = {
        f"{file.name}: {match[0]}"
        for file in Path(kiosk.__file__).parent.glob("*.qml")
        for match in fixed.finditer(file.read_text(encoding="utf-8"))
    }
    assert found == set()
