"""A browser without pixels: keeps cookies, fills in the forms that pages hold."""

import re
import socket
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from provisioning.accounts import Account, Accounts, Role
from provisioning.passwords import Passwords
from provisioning.site_db import SiteDb

WAIT_S = 60.0
PASSWORD = "Đò dọc sông Cấm"


class Browser:
    """Asks as a browser does; does not follow where it is sent."""

    def __init__(self, listener: socket.socket) -> None:
        self._host, self._port = listener.getsockname()[:2]
        self.cookies: dict[str, str] = {}
        self.sent_cookies: SimpleCookie = SimpleCookie()
        self.location = ""
        self.text = ""

    def get(self, target: str, **headers: str) -> int:
        return self.ask("GET", target, None, headers)

    def post(self, target: str, **fields: str) -> int:
        """Post the form of the page that is shown, with what is typed into it."""
        hidden = re.search(r'name="_csrf" value="([^"]*)"', self.text)
        return self.send(target, {"_csrf": hidden[1] if hidden else "", **fields})

    def send(self, target: str, fields: dict[str, str], **headers: str) -> int:
        form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", target, urlencode(fields), form)

    def ask(self, method: str, target: str, body: str | None, headers: dict[str, str]) -> int:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with closing(HTTPConnection(self._host, self._port, timeout=WAIT_S)) as connection:
            connection.request(method, target, body, {"Cookie": cookies, **headers})
            with connection.getresponse() as response:
                self.text = response.read().decode(errors="replace")
                self.location = response.getheader("Location", "")
                self.sent_cookies = SimpleCookie()
                for sent in response.headers.get_all("Set-Cookie") or []:
                    self.sent_cookies.load(sent)
                for name, morsel in self.sent_cookies.items():
                    self.cookies[name] = morsel.value
                    if morsel["max-age"] == "0":
                        del self.cookies[name]
                return response.status

    def log_in(self, account: str, password: str = PASSWORD, **more: str) -> int:
        self.get("/login")
        return self.post("/login", account=account, password=password, **more)


OpenBrowser = Callable[[], Browser]


@pytest.fixture
def accounts(site_db: SiteDb, passwords: Passwords) -> Accounts:
    """Keep an account of every role; their names are those of the roles."""
    accounts = Accounts(site_db, passwords)
    for role in Role:
        accounts.add(Account(role.value, f"Người {role.value}", role, (3,)), PASSWORD)
    return accounts


@pytest.fixture
def open_browser(server: object, listener: socket.socket) -> OpenBrowser:
    assert server
    return lambda: Browser(listener)


@pytest.fixture
def browser(open_browser: OpenBrowser) -> Browser:
    return open_browser()
