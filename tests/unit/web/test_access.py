"""Who may ask for what: all routes, with all roles and with none."""

import socket
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler

from provisioning.accounts import Role
from provisioning.sessions import Sessions
from provisioning.site_db import SiteDb
from web.access import PUBLIC, local_target, open_to, require_route_classes, routes_of
from web.errors import RouteClassError
from web.guard import Guard
from web.server import Server

LogIn = Callable[..., str]
WAIT_S = 60.0
PLACES = {
    "{account:str}": "no-such-account",
    "{name:str}": "no-such-name",
    "{number:int}": "987654",
    "{counter:int}": "3",
    "{ticket:str}": "no-such-ticket",
}
OPEN_TO_ALL = {
    "/login",
    "/first",
    "/password",
    "/healthz",
    "/voices/{name:str}",
    "/thu-tuc",
    "/thu-tuc.json",
    "/thu-tuc/{key:str}",
    "/ca",
    "/ca/{name:str}",
    "/pairing/hello",
    "/pairing/finish",
    "/board",
    "/board/events",
    "/board/painted",
    "/board/media",
    "/board/media/{name:str}",
    "/board/fonts/{name:str}",
    "/board/static/{file_path:path}",
    "/t",
    "/t/{token:str}",
    "/t/{token:str}/cancel",
    "/reach/{code:str}",
    "/t/{token:str}/events",
    "/public/{file_path:path}",
    "/fonts/{name:str}",
    "/static/{file_path:path}",
    "/rate",
}
"""Whoever opens another path to everybody adds it here, and says why in the commit."""


@pytest.fixture
def app(server: tuple[Server, object]) -> Litestar:
    guard = server[0].config.app
    assert isinstance(guard, Guard)
    assert isinstance(guard._app, Litestar)
    return guard._app


@pytest.fixture
def public_app(server: tuple[Server, object]) -> Litestar:
    boards = server[0]._boards
    assert boards
    guard = boards.config.app
    assert isinstance(guard, Guard)
    assert isinstance(guard._app, Litestar)
    return guard._app


@pytest.fixture
def ask(listener: socket.socket) -> Callable[..., tuple[int, str]]:
    """Return status and place of an answer, without waiting for its end."""
    host, port = listener.getsockname()[:2]

    def ask(method: str, target: str, cookie: str = "", **headers: str) -> tuple[int, str]:
        with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
            connection.request(method, target, headers={"Cookie": cookie, **headers})
            response = connection.getresponse()
            return response.status, response.getheader("Location", "")

    return ask


def _targets(app: Litestar) -> list[tuple[str, str, object]]:
    """Return method, address and class of every route."""
    return [
        (method, _address(path), handler.opt["route_class"])
        for path, handler in routes_of(app)
        for method in sorted(handler.http_methods)
    ]


def _address(path: str) -> str:
    for place, value in PLACES.items():
        path = path.replace(place, value)
    parts = [part if not part.startswith("{") else "x1" for part in path.split("/")]
    return "/".join(parts)


def _refusals(target: str) -> set[int]:
    """Return how programs without a token are refused; this machine may read its own metrics."""
    return {401, 403} | ({200} if target == "/metrics" else set())


def test_all_routes_with_nobody_logged_in(
    app: Litestar, ask: Callable[..., tuple[int, str]], expected_warnings: list[str]
) -> None:
    expected_warnings.append("refused")
    for method, target, wanted in _targets(app):
        status, location = ask(method, target)
        if isinstance(wanted, Role):
            assert (status, location.partition("?")[0]) == (303, "/login"), (method, target)
        elif wanted == "token":
            assert status in _refusals(target), (method, target)
        elif wanted == "tablet":
            assert (status, location) == (303, "/rate"), (method, target)
        else:
            assert status < 500 or target == "/healthz", (method, target)


@pytest.mark.parametrize("role", list(Role))
def test_all_routes_with_a_role(
    app: Litestar,
    ask: Callable[..., tuple[int, str]],
    log_in: LogIn,
    role: Role,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("refused")
    cookie = log_in(role)
    reached = set()
    for method, target, wanted in _targets(app):
        status, location = ask(method, target, cookie)
        case = (method, target, status)
        assert status < 500 or status == 503, case
        if wanted == "token":
            assert status in _refusals(target), case
        elif wanted == "tablet":
            assert (status, location) == (303, "/rate"), case
        elif isinstance(wanted, Role) and (not role.includes(wanted) or method != "GET"):
            assert status == 403, case
        elif isinstance(wanted, Role):
            assert status != 403, case
            assert not location.startswith("/login"), case
            reached.add(target)
    assert "/account" in reached
    assert ("/" in reached) is (role is not Role.OFFICER)
    assert ("/accounts" in reached) is (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", list(Role))
def test_what_is_posted_with_a_token_needs_the_role_as_well(
    app: Litestar, ask: Callable[..., tuple[int, str]], log_in: LogIn, site_db: SiteDb, role: Role
) -> None:
    sessions = Sessions(site_db)
    for method, target, wanted in _targets(app):
        if method != "POST" or not isinstance(wanted, Role) or role.includes(wanted):
            continue
        cookie = log_in(role)
        login = sessions.find(cookie.partition("=")[2])
        assert login
        headers = {"X-CSRF-Token": login.csrf}
        assert ask(method, target, cookie, **headers)[0] == 403, target


def test_no_other_path_is_open_to_everybody(app: Litestar) -> None:
    opened = {path for path, handler in routes_of(app) if handler.opt["route_class"] == "public"}
    assert opened == OPEN_TO_ALL


def test_the_public_listener_has_boards_phones_and_what_machines_fetch(
    public_app: Litestar,
) -> None:
    paths = {path for path, _ in routes_of(public_app)}
    rest = {
        path for path in paths if not path.startswith(("/board", "/t/", "/public/", "/thu-tuc"))
    }
    fetched = {"/healthz", "/ca", "/ca/{name:str}", "/voices/{name:str}"}
    assert rest == {"/", "/t", "/reach/{code:str}", *fetched}


GUESSES = [
    "/accounts/../accounts",
    "//accounts",
    "/accounts/",
    "/ACCOUNTS",
    "/accounts;x=1",
    "/accounts/of/minh/code",
    "/%61ccounts",
    "/board/../accounts",
    "/board/%2e%2e/accounts",
    "/static/../../accounts.db",
    "/static/..%2f..%2f..%2faccounts.db",
    "/static/%2e%2e/%2e%2e/accounts.db",
    "/fonts/..%2f..%2faccounts.db",
    "/accounts.db",
    "/var/accounts.db",
    "/.git/config",
    "/connection.json",
    "/schema",
    "/schema/openapi.json",
    "/docs",
]


@pytest.mark.usefixtures("server")
def test_guessed_paths_lead_nowhere(
    ask: Callable[..., tuple[int, str]], subtests: pytest.Subtests
) -> None:
    for guess in GUESSES:
        with subtests.test(guess=guess):
            status, location = ask("GET", guess)
            assert status in {303, 404, 405}, status
            assert status != 303 or location.startswith("/login")
            assert ask("OPTIONS", guess)[0] in {204, 303, 404, 405}


def test_a_route_of_which_nobody_said_for_whom_it_is_stops_the_start() -> None:
    @get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    @get("/ok", opt=dict(PUBLIC))
    async def well() -> str:
        return ""

    require_route_classes(Litestar([well], openapi_config=None))
    with pytest.raises(RouteClassError, match="GET /forgotten"):
        require_route_classes(Litestar([well, forgotten], openapi_config=None))
    made_up: HTTPRouteHandler = get("/made-up", opt={"route_class": "everyone"})(forgotten.fn)
    with pytest.raises(RouteClassError, match="/made-up"):
        require_route_classes(Litestar([made_up], openapi_config=None))


def test_a_role_opens_what_lower_ones_do() -> None:
    assert open_to(Role.VIEWER) == {"route_class": Role.VIEWER, "quiet": False}


@pytest.mark.parametrize(
    ("target", "local"),
    [("/log?day=1#x", "/log?day=1#x"), ("", "/"), ("log", "/"), ("/\x00", "/"), ("///x", "/")],
)
def test_local_target(target: str, local: str) -> None:
    assert local_target(target) == local


@pytest.mark.usefixtures("server")
def test_people_are_told_on_a_page_what_cannot_be(listener: socket.socket, log_in: LogIn) -> None:
    host, port = listener.getsockname()[:2]
    for target, status, said in (
        ("/accounts", 403, "trang không dành cho tài khoản này"),
        ("/no-such-page", 404, "Không có trang này."),
        ("/no-such-page?lang=en", 404, "There is no such page."),
    ):
        with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
            headers = {"Cookie": log_in(Role.VIEWER), "Accept": "text/html,*/*;q=0.8"}
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            text = response.read().decode()
        assert response.status == status
        assert said in text
        assert 'href="/"' in text
        assert response.getheader("Content-Security-Policy")


def test_what_pages_ask_by_themselves_keeps_nobody_logged_in(app: Litestar) -> None:
    streams = {
        path: handler
        for path, handler in routes_of(app)
        if path.endswith("/events") and isinstance(handler.opt["route_class"], Role)
    }
    assert "/events" in streams
    assert all(handler.opt["quiet"] for handler in streams.values()), streams
