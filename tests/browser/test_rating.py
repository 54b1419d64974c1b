"""How it was, in Chromium: the tablet of a counter, the faces of the phone page, and what is told.

What a tablet shows goes away within seconds, so it is looked at as a still: the same page and
style, without its script.
"""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import os
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from bus.commands import (
    CallTicket,
    Finish,
    IssuedTicket,
    IssueTicket,
    StartServing,
    result_of,
)
from bus.vocabulary import Language
from provisioning.ratings import Face, Ratings, ServedTicket
from provisioning.site_db import FILE_NAME, SiteDb, open_site_db
from provisioning.tablets import Tablets
from web.rating.door import COOKIE

WITHIN_MS = 60_000
SIZES = {"": (1280, 800), "-phone": (412, 892), "-small": (360, 640)}
SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
COUNTER, SERVICE = 8, "SI"
"""Nobody but these tests is served there."""
DEVICE, TABLET = f"counter-{COUNTER}", f"/rate/{COUNTER}"
A_DAY = "2026-11-10"
PERIOD = "first=2026-11-01&last=2026-11-22"
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

expect.set_options(timeout=WITHIN_MS)


@pytest.fixture(scope="module")
def site_db(running: Any) -> Iterator[SiteDb]:
    db = open_site_db(running.data / FILE_NAME)
    yield db
    db.close()


@pytest.fixture
def votes(site_db: SiteDb) -> Callable[[IssuedTicket], list[int]]:
    """Return the faces that were counted for a ticket."""

    def votes(ticket: IssuedTicket) -> list[int]:
        asked = "SELECT face FROM ratings WHERE ticket = ?"
        return [row["face"] for row in site_db.read(asked, (ticket.ticket,))]

    return votes


@pytest.fixture
def cookie(site_db: SiteDb, running: Any) -> dict[str, str]:
    """Pair a tablet with the counter; return what its browser keeps."""
    secret = Tablets(site_db).pair(COUNTER, by="an", address="")
    return {"name": COOKIE, "value": secret, "url": running.url}


@pytest.fixture
def call(running: Any) -> Callable[..., IssuedTicket]:
    """Give a number and call it at the counter, where everybody before it is served."""

    def call(lang: Language = Language.VIETNAMESE) -> IssuedTicket:
        while running.call_next(COUNTER):
            pass
        paper = IssueTicket(service=SERVICE, lang=lang)
        ticket = result_of(running.ask("kiosk-1", paper), IssuedTicket)
        following = CallTicket(counter=COUNTER, ticket=ticket.ticket)
        assert running.ask(DEVICE, following).ok
        running.current[COUNTER] = ticket.ticket
        return ticket

    return call


@pytest.fixture
def serve(running: Any, call: Callable[..., IssuedTicket]) -> Callable[..., IssuedTicket]:
    """Serve somebody at the counter to the end."""

    def serve(lang: Language = Language.VIETNAMESE) -> IssuedTicket:
        ticket = call(lang)
        assert running.ask(DEVICE, StartServing(counter=COUNTER, ticket=ticket.ticket)).ok
        assert running.ask(DEVICE, Finish(counter=COUNTER, ticket=ticket.ticket)).ok
        del running.current[COUNTER]
        return ticket

    return serve


def look(page: Page, name: str, kept: Collection[str] = ("",)) -> None:
    """Have a page looked at in every size; keep pictures of some where pictures are wanted."""
    html = re.sub(r"<script.*?</script>", "", page.content(), flags=re.DOTALL)

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    still = page.context.new_page()
    still.route(page.url, answer)
    still.goto(page.url)
    for size, (width, height) in SIZES.items():
        still.set_viewport_size({"width": width, "height": height})
        assert still.evaluate(_SIDEWAYS) <= 0, (name, size)
        found = Axe().run(still).response["violations"]
        grave = [
            f"{rule['id']} {node['html'][:160]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
        assert not grave, "\n".join([name, *grave])
        if size in kept:
            _shoot(still, f"{name}{size}")
    still.close()


def _shoot(page: Page, name: str, *, full: bool = False) -> None:
    if "DENLUOT_SCREENSHOTS" in os.environ:
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.screenshot(path=SHOTS / f"{name}.png", full_page=full)


def _press_to(page: Page, selector: str) -> None:
    """Go on by Tab until a control is reached, which must come."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("(chosen) => document.activeElement.matches(chosen)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


@pytest.mark.full
@pytest.mark.parametrize("lang", list(Language))
def test_a_tablet_is_paired_wakes_thanks_and_sleeps_by_keys_alone(
    logged_in: Callable[..., Page],
    new_page: Callable[..., Page],
    serve: Callable[..., IssuedTicket],
    votes: Callable[[IssuedTicket], list[int]],
    lang: Language,
) -> None:
    mark = "" if lang is Language.VIETNAMESE else "-en"
    page, desk = new_page(SIZES[""]), logged_in("administrator")
    desk.goto("/devices/tablets")
    desk.locator("#counter").select_option(str(COUNTER))
    desk.locator("form.stack button").click()
    code = desk.locator(".code-text").inner_text()
    page.goto(f"/rate?lang={lang.value}")
    look(page, f"rating-pair{mark}")
    page.locator("#code").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{TABLET}")
    expect(page.locator("main.asleep")).to_be_visible()
    look(page, "rating-asleep")
    ticket = serve(lang)
    expect(page.locator("main.asking")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", lang.value)
    expect(page.locator("main.asking")).to_contain_text(ticket.number)
    assert page.evaluate("document.activeElement.id") == "heading", "a reader begins there"
    look(page, f"rating{mark}", SIZES)
    _press_to(page, "[name=face][value='3']")
    page.keyboard.press("Enter")
    expect(page.locator("main.reasons")).to_be_visible()
    look(page, f"rating-reasons{mark}")
    _press_to(page, "[name=reason]")
    page.keyboard.press("Space")
    _press_to(page, ".why button")
    page.keyboard.press("Enter")
    expect(page.locator("main.thanks")).to_contain_text(ticket.number)
    look(page, f"rating-thanks{mark}")
    expect(page.locator("main.asleep")).to_be_visible()
    assert votes(ticket) == [3]


@pytest.mark.full
def test_nobody_who_touches_nothing_is_asked_for_long(
    new_page: Callable[..., Page],
    serve: Callable[..., IssuedTicket],
    cookie: dict[str, str],
    votes: Callable[[IssuedTicket], list[int]],
) -> None:
    page = new_page(SIZES[""], [cookie])
    page.goto(TABLET)
    ticket = serve()
    expect(page.locator("main.asking")).to_contain_text(ticket.number)
    expect(page.locator("main.asleep")).to_be_visible()
    assert votes(ticket) == []
    ticket = serve()
    expect(page.locator("main.asking")).to_contain_text(ticket.number)
    page.locator(".foot button").click()
    expect(page.locator("main.asleep")).to_be_visible()
    assert votes(ticket) == []


@pytest.mark.full
def test_without_javascript_forms_are_sent_and_pages_come_again(
    browser: Browser,
    running: Any,
    serve: Callable[..., IssuedTicket],
    cookie: dict[str, str],
    votes: Callable[[IssuedTicket], list[int]],
) -> None:
    context = browser.new_context(base_url=running.url, java_script_enabled=False)
    context.set_default_timeout(WITHIN_MS)
    try:
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        ticket = serve()
        page.goto(TABLET)
        assert page.locator("meta[http-equiv=refresh]").count() == 1
        # The page asks again by itself while the news of the service are on their way.
        expect(page.locator("main.asking")).to_contain_text(ticket.number)
        page.locator("[name=face][value='1']").click()
        expect(page.locator("main.reasons")).to_be_visible()
        page.locator("[name=reason]").first.check()
        page.locator(".why button").click()
        expect(page.locator("main.thanks")).to_be_visible()
        expect(page.locator("main.asleep")).to_be_visible()
        assert votes(ticket) == [1]
        ticket = serve()
        page.goto(f"/t/{ticket.token}")
        page.locator("[name=face][value='2']").click()
        expect(page.locator(".thanks")).to_be_visible()
        assert votes(ticket) == [2]
    finally:
        context.close()


@pytest.mark.full
@pytest.mark.parametrize("lang", list(Language))
def test_the_phone_asks_once_and_a_double_tap_is_thanked(
    new_page: Callable[..., Page],
    serve: Callable[..., IssuedTicket],
    votes: Callable[[IssuedTicket], list[int]],
    lang: Language,
) -> None:
    mark = "" if lang is Language.VIETNAMESE else "-en"
    ticket = serve(lang)
    page = new_page(SIZES["-phone"])
    page.goto(f"/t/{ticket.token}")
    expect(page.locator(".rate")).to_be_visible()
    look(page, f"rating-on-phone{mark}", ("-phone", "-small"))
    if lang is Language.VIETNAMESE:
        page.locator("[name=face][value='4']").dblclick()
    else:
        _press_to(page, "[name=face][value='4']")
        page.keyboard.press("Enter")
    expect(page.locator(".thanks")).to_be_visible()
    expect(page.locator(".rate")).to_have_count(0)
    look(page, f"rating-on-phone-thanks{mark}", ("-phone",))
    assert page.context.cookies() == []
    assert votes(ticket) == [4]


@pytest.mark.full
def test_of_tablet_and_phone_at_once_one_vote_counts(
    new_page: Callable[..., Page],
    serve: Callable[..., IssuedTicket],
    cookie: dict[str, str],
    votes: Callable[[IssuedTicket], list[int]],
    faults: Any,
) -> None:
    faults.forgive("status of 409")
    tablet, phone = new_page(SIZES[""], [cookie]), new_page(SIZES["-phone"])
    tablet.goto(TABLET)
    ticket = serve()
    phone.goto(f"/t/{ticket.token}")
    faces = (tablet.locator("[name=face][value='4']"), phone.locator("[name=face][value='1']"))
    for face in faces:
        expect(face).to_be_visible()
    for face in faces:
        face.evaluate("(button) => { setTimeout(() => button.click()); }")
    for face in faces:
        expect(face).to_have_count(0)
    assert votes(ticket) in ([4], [1])


@pytest.mark.full
def test_who_votes_twice_on_the_tablet_is_told(
    new_page: Callable[..., Page],
    serve: Callable[..., IssuedTicket],
    cookie: dict[str, str],
    site_db: SiteDb,
    votes: Callable[[IssuedTicket], list[int]],
) -> None:
    tablet = new_page(SIZES[""], [cookie])
    tablet.goto(TABLET)
    ticket = serve()
    expect(tablet.locator("main.asking")).to_contain_text(ticket.number)
    told = ServedTicket(ticket.business_day, ticket.ticket, COUNTER, SERVICE)

    def vote_first(route: Route) -> None:
        assert Ratings(site_db).vote(told, Face.UNSATISFIED)
        route.continue_()

    tablet.route("**/vote", vote_first)
    tablet.locator("[name=face][value='4']").click()
    expect(tablet.locator("main.already")).to_be_visible()
    look(tablet, "rating-already")
    assert votes(ticket) == [1]


@pytest.mark.full
def test_a_vote_after_the_next_call_is_of_the_person_before_for_ten_seconds(
    new_page: Callable[..., Page],
    running: Any,
    serve: Callable[..., IssuedTicket],
    call: Callable[..., IssuedTicket],
    cookie: dict[str, str],
    votes: Callable[[IssuedTicket], list[int]],
) -> None:
    tablet = new_page(SIZES[""], [cookie])
    tablet.goto(TABLET)
    ticket = serve()
    expect(tablet.locator("main.asking")).to_contain_text(ticket.number)
    following = call()
    tablet.locator("[name=face][value='2']").click()
    expect(tablet.locator("main.reasons")).to_be_visible()
    assert (votes(ticket), votes(following)) == ([2], [])
    assert running.ask(DEVICE, StartServing(counter=COUNTER, ticket=following.ticket)).ok
    assert running.ask(DEVICE, Finish(counter=COUNTER, ticket=following.ticket)).ok
    del running.current[COUNTER]
    expect(tablet.locator("main.asking")).to_contain_text(following.number)
    names = ("_csrf", "ticket")
    form = {name: tablet.locator(f".faces [name={name}]").input_value() for name in names}
    assert form["ticket"] == following.ticket
    call()
    expect(tablet.locator("main.asleep")).to_be_visible()
    tablet.request.post(f"{TABLET}/vote", form={**form, "face": "4"}, max_redirects=0)
    expect(tablet.locator("main.late")).to_be_visible()
    look(tablet, "rating-late")
    assert votes(following) == []


def test_strangers_are_led_to_the_pairing_and_have_no_vote(
    new_page: Callable[..., Page],
    logged_in: Callable[..., Page],
    serve: Callable[..., IssuedTicket],
    votes: Callable[[IssuedTicket], list[int]],
    faults: Any,
) -> None:
    faults.forgive("status of 422")
    ticket = serve()
    for page in (new_page(SIZES[""]), logged_in("administrator")):
        page.goto(TABLET)
        page.wait_for_url("**/rate")
        answer = page.request.post(
            f"{TABLET}/vote", form={"ticket": ticket.ticket, "face": "4"}, max_redirects=0
        )
        assert (answer.status, answer.headers["location"]) == (303, "/rate")
    page.locator("#code").fill("AAAA-AAAA")
    page.keyboard.press("Enter")
    expect(page.locator(".wrong")).to_be_visible()
    assert votes(ticket) == []


@pytest.mark.full
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_people_thought_is_told_out_of_how_many(
    logged_in: Callable[..., Page],
    check_page: Callable[[Page], None],
    site_db: SiteDb,
    lang: str,
) -> None:
    mark = "" if lang == "vi" else "-en"
    faces = (4, 4, 3, 4, 2, 4, 3, 4, 4, 1, 4, 3)
    for serial, face in enumerate(faces * 3):
        served = ServedTicket(A_DAY, f"V{serial}", 1 + serial % 3, "CERT")
        Ratings(site_db).vote(served, Face(face))
        if face == Face.UNSATISFIED:
            Ratings(site_db).give_reasons(A_DAY, f"V{serial}", ["wait"])
    day = date.fromisoformat(A_DAY)
    assert Ratings(site_db).figures(day, day).votes == 36
    page = logged_in("manager")
    page.goto(f"/waits?{PERIOD}&lang={lang}")
    said = page.locator("#opinion small").inner_text()
    wanted = r"36 trên ([\d.]+) lượt đã phục vụ" if lang == "vi" else r"36 of ([\d,]+) services"
    ends = re.fullmatch(wanted, said)
    assert ends, said
    assert int(re.sub(r"\D", "", ends[1])) > 1000
    assert page.locator("section[aria-labelledby=opinion] tbody tr").count() == 3
    check_page(page)
    page.reload()
    card = page.locator("section[aria-labelledby=opinion]")
    if "DENLUOT_SCREENSHOTS" in os.environ:
        for end, size in {"": (1440, 1000), "-phone": (390, 844)}.items():
            page.set_viewport_size({"width": size[0], "height": size[1]})
            card.screenshot(path=SHOTS / f"waits-rating{mark}{end}.png")
    page.goto("/account?lang=vi")


@pytest.mark.full
def test_the_report_says_how_it_was_and_its_annex_has_the_table(
    logged_in: Callable[..., Page], site_db: SiteDb
) -> None:
    for serial in range(12):
        served = ServedTicket("2026-11-11", f"W{serial}", 1, "CERT")
        Ratings(site_db).vote(served, Face.SATISFIED)
    page = logged_in("manager")
    page.goto("/waits?first=2026-11-11&last=2026-11-11")
    page.get_by_role("button", name="Lập báo cáo (.docx)").click()
    page.wait_for_url(re.compile(r"/reports/\d+$"))
    sheet = page.locator(".sheet").first
    expect(sheet).to_contain_text(re.compile(r"Có 12 trên \d+ lượt đã phục vụ cho ý kiến"))
    annex = page.locator("table", has_text="Chưa hài lòng")
    expect(annex.locator("tr", has_text="Toàn Trung tâm")).to_contain_text("12")
    _shoot(page, "report-rating", full=True)
