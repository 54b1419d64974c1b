"""The first day of a server, as a person at a PC of the hall has it: run on the machine itself.

    /opt/denluot/current/bin/python first_day.py account    (the code on standard input)
    /opt/denluot/current/bin/python first_day.py printer

`account` makes the first administrator by the code that stood on the server's own screen.
`printer` logs in and has the kiosk print its test ticket. Both over HTTPS, trusting nothing but the
site's own authority.
"""

import re
import ssl
import sys
import threading
import time
from collections.abc import Mapping
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, OpenerDirector, build_opener

from provisioning.authority import PUBLIC_FILE
from provisioning.layout import STAFF_PORT, Layout

ADDRESS = f"https://127.0.0.1:{STAFF_PORT}"
ACCOUNT, PASSWORD = "quantri", "Đò dọc sông Cấm 2026"
WITHIN_S = 120.0
LOOK_EVERY_S = 0.5


def main() -> int:
    """Do what the argument says."""
    authority = Layout().authority / PUBLIC_FILE
    trusted = ssl.create_default_context(cafile=str(authority))
    browser = build_opener(HTTPSHandler(context=trusted), HTTPCookieProcessor(CookieJar()))
    if sys.argv[1] == "account":
        make_account(browser, sys.stdin.readline().strip())
    log_in(browser)
    if sys.argv[1] == "printer":
        print_test(browser)
    return 0


def make_account(browser: OpenerDirector, code: str) -> None:
    """Make the first administrator; a wrong code makes none."""
    new = {"account": ACCOUNT, "name": "Nguyễn Thu Lan", "password": PASSWORD, "again": PASSWORD}
    refused, _ = send(browser, "/first", {"code": "AAAAA-AAAAA-AAAAA-AAAAA", **new})
    if refused != 403:
        sys.exit(f"a wrong code was answered with {refused}")
    threading.Event().wait(2)  # guesses are slowed down
    status, where = send(browser, "/first", {"code": code, **new})
    if status != 200 or where.endswith("/first"):
        sys.exit(f"the code of the screen was answered with {status} at {where}")


def log_in(browser: OpenerDirector) -> None:
    """Log in; what an administrator finds first is the first start."""
    send(browser, "/login", {"account": ACCOUNT, "password": PASSWORD})
    if 'aria-current="step"' not in page(browser, "/start"):
        sys.exit("no first start for the administrator")


def print_test(browser: OpenerDirector) -> None:
    """Have the kiosk print, and say that it looked right, once it has and no sooner."""
    look = {"device": "kiosk-1", "do": "good", "order": ""}
    early, _ = send(browser, "/start/printer", look)
    if early != 422:
        sys.exit(f"an answer before any paper was answered with {early}")
    chosen = {"device": "kiosk-1", "do": "print", "printer": "simulated"}
    send(browser, "/start/printer", chosen)
    ends = time.monotonic() + WITHIN_S
    while not (
        order := re.search(r'name="order" value="([^"]+)"', page(browser, "/start/printer"))
    ):
        if time.monotonic() > ends:
            sys.exit("no test ticket came out")
        threading.Event().wait(LOOK_EVERY_S)
    status, where = send(browser, "/start/printer", {**look, "order": unescape(order[1])})
    if not where.endswith("/start/boards"):
        sys.exit(f"the answer was answered with {status} at {where}")


def page(browser: OpenerDirector, path: str) -> str:
    """Return a page."""
    return str(browser.open(f"{ADDRESS}{path}", timeout=WITHIN_S).read().decode())


def send(browser: OpenerDirector, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
    """Send the form of a page as a browser does; return the status and where it ends."""
    found = re.search(r'name="_csrf" value="([^"]+)"', page(browser, path))
    if not found:
        sys.exit(f"{path} has no form")
    body = urlencode({"_csrf": found[1], "lang": "vi", **fields}).encode()
    try:
        with browser.open(f"{ADDRESS}{path}", body, timeout=WITHIN_S) as answer:
            return int(answer.status), str(answer.url)
    except HTTPError as error:
        return error.code, error.url


if __name__ == "__main__":
    sys.exit(main())
