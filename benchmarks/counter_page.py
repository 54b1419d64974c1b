"""From a press on a counter's page in Chromium to the same page that shows what came of it."""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import Figure, percentile
from benchmarks.running import centre, link
from benchmarks.wire import answer
from bus.commands import CalledTicket, CallNext, IssueTicket, result_of
from config import Clock
from provisioning.accounts import Account, Accounts, Role
from provisioning.site_db import FILE_NAME, open_site_db

_CHROMIUM = "/usr/bin/chromium"
_PASSWORD = "Đò dọc sông Cấm 2026"  # noqa: S105 - of a centre that ends with the run
_COUNTER = 3
_PRESSES = 100
_APART_MS = 950
"""Sooner than this a second press belongs to the same double click."""
_TIME_A_PRESS = """async ([name, there]) => {
    const shown = () => Boolean(document.querySelector("#page [data-key=arrived]")) === there;
    const done = new Promise((tell) => {
        const watch = new MutationObserver(() => {
            if (shown()) {
                watch.disconnect();
                requestAnimationFrame(() => tell());
            }
        });
        watch.observe(document.body, {subtree: true, childList: true});
    });
    const began = performance.now();
    document.querySelector(`#page [data-key='${name}']`).click();
    await done;
    return performance.now() - began;
}"""
_ROUND_TRIP = """async () => {
    const began = performance.now();
    await (await fetch("/healthz", {cache: "no-store"})).text();
    return performance.now() - began;
}"""


def press_to_own_page(directory: Path) -> Figure:
    """Return p99 of "đã đến" and its undoing until the page shows it, and of bare requests, in ms.

    Each press goes through web process, broker and service, is committed durably, and comes back.
    """
    with centre(directory, "--always-open") as (connection, _, _):
        data = next(directory.iterdir())
        officer = Account("officer", "Trần Minh Đức", Role.OFFICER, (_COUNTER,))
        db = open_site_db(data / FILE_NAME, Clock().now)
        Accounts(db).add(officer, _PASSWORD)
        db.close()
        device = link(connection, f"counter-{_COUNTER}")
        device.start()
        kiosk = link(connection, "kiosk-1")
        kiosk.start()
        answer(kiosk, IssueTicket(service="CERT"))
        result_of(answer(device, CallNext(counter=_COUNTER, current=None)), CalledTicket)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
                )
                page = browser.new_page(base_url=connection.web)
                figure = _measure(page)
                browser.close()
        finally:
            device.stop()
            kiosk.stop()
    return figure


def _measure(page: Page) -> Figure:
    page.goto("/login")
    page.fill("input[name=account]", "officer")
    page.fill("input[name=password]", _PASSWORD)
    page.press("input[name=password]", "Enter")
    page.locator("#page [data-key=arrived]:not([aria-disabled])").wait_for()
    took, bare = [], []
    for turn in range(_PRESSES + 2):
        page.wait_for_timeout(_APART_MS)
        press = ["undo", True] if turn % 2 else ["arrived", False]
        took.append(page.evaluate(_TIME_A_PRESS, press))
        bare.append(page.evaluate(_ROUND_TRIP))
    return Figure(percentile(took[2:], 0.99), percentile(bare[2:], 0.99))  # the first two warm up
