"""The harness itself: a fault in a page is found, and today's page has none."""

from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Page

LoggedIn = Callable[..., Page]
NewPage = Callable[..., Page]
QUIET = "/healthz"
"""An address whose answer runs nothing."""


class Faults(Protocol):
    """What the fixture notes."""

    seen: list[str]


def test_today_is_a_page_without_faults(
    logged_in: LoggedIn, check_page: Callable[[Page], None]
) -> None:
    page = logged_in("manager")
    page.goto("/")
    assert page.locator("h1").count() == 1
    check_page(page)


@pytest.mark.parametrize(
    ("tag", "attributes", "fault"),
    [
        ("script", {"textContent": "1"}, "policy: script-src"),
        ("img", {"src": "https://example.org/a.png"}, "policy: img-src"),
        ("style", {"textContent": "p { color: red }"}, "policy: style-src"),
        ("script", {"src": "//example.org/a.js"}, "policy: script-src"),
    ],
)
def test_what_the_policy_forbids_is_noted(
    new_page: NewPage, faults: Faults, tag: str, attributes: dict[str, str], fault: str
) -> None:
    page = new_page()
    page.goto(QUIET)
    page.evaluate(
        """([tag, attributes]) => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", () => setTimeout(done));
            document.body.append(Object.assign(document.createElement(tag), attributes));
        })""",
        [tag, attributes],
    )
    assert any(fault in one for one in faults.seen), faults.seen
    faults.seen.clear()


def test_errors_and_other_hosts_are_noted(new_page: NewPage, faults: Faults) -> None:
    page = new_page()
    page.goto(QUIET)
    with page.expect_event("pageerror"):
        page.evaluate("console.error('broken'); setTimeout(() => { throw Error('thrown'); })")
    page.evaluate("document.body.innerHTML = '<a href=http://127.0.0.1:9/>away</a>'")
    with page.expect_event("requestfailed"):
        page.locator("a").click(no_wait_after=True)
    for wanted in ("console: broken", "thrown", "another host: http://127.0.0.1:9/"):
        assert any(wanted in one for one in faults.seen), faults.seen
    faults.seen.clear()


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<main><img src='/static/icon.svg'></main>", "image-alt"),
        ("<main><div class=wide>a</div></main>", "sideways"),
        ("<main><a href='/'>a</a><button>b</button></main>", "Tab never reaches"),
    ],
)
def test_a_page_with_a_flaw_fails(
    new_page: NewPage, check_page: Callable[[Page], None], markup: str, why: str
) -> None:
    page = new_page()
    page.goto(QUIET)
    page.evaluate(
        """markup => {
            document.documentElement.lang = "vi"; document.title = "x";
            document.body.innerHTML = markup;
            const wide = document.querySelector(".wide");
            if (wide) wide.style.width = "900px";
            const button = document.querySelector("button");
            if (button) button.onfocus = () => button.previousSibling.focus();
        }""",
        markup,
    )
    with pytest.raises(AssertionError, match=why):
        check_page(page)
