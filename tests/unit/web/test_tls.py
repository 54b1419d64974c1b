"""The staff's listener beyond this machine: over TLS, with cookies that stay there."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from config.settings import WebBox
from provisioning.accounts import Account, Accounts, Role
from provisioning.certificate import MadeCertificate, make_certificate
from provisioning.site_db import SiteDb
from web.errors import AddressError
from web.server import Tls, listen, tls_of
from web.site import Sources, make_server

WAIT_S = 45.0
PASSWORD = "Đò dọc sông Cấm"


@pytest.fixture
def made(tmp_path: Path) -> MadeCertificate:
    now = datetime.now(UTC)  # noqa: TID251 - what the TLS library compares with
    return make_certificate(tmp_path / "tls", ["quay.phuong", "localhost", "127.0.0.1"], now)


@pytest.fixture
def tls(made: MadeCertificate) -> Tls:
    tls = tls_of(str(made.certificate), str(made.key))
    assert tls
    return tls


@pytest.fixture
def secure_listener(sources: Sources, tls: Tls) -> Iterator[socket.socket]:
    with listen("0.0.0.0", 0, tls) as listener:  # noqa: S104
        server = make_server(sources, WebBox(), tls=tls)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield listener
        server.should_exit = True
        thread.join(WAIT_S)
        assert not thread.is_alive()


class Client:
    """Asks over TLS, and believes this certificate alone."""

    def __init__(self, listener: socket.socket, made: MadeCertificate) -> None:
        self._port = listener.getsockname()[1]
        self._context = ssl.create_default_context(cafile=str(made.certificate))

    def ask(
        self, method: str, target: str, body: str | None = None, **headers: str
    ) -> tuple[int, str, list[str]]:
        connection = HTTPSConnection("127.0.0.1", self._port, timeout=WAIT_S, context=self._context)
        with closing(connection):
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, text, response.headers.get_all("Set-Cookie") or []


@pytest.fixture
def client(secure_listener: socket.socket, made: MadeCertificate) -> Client:
    return Client(secure_listener, made)


def test_every_cookie_is_for_tls_and_this_host_alone(
    client: Client, site_db: SiteDb, sources: Sources
) -> None:
    accounts = Accounts(site_db, sources.passwords)
    accounts.add(Account("minh", "Minh", Role.ADMINISTRATOR), PASSWORD)
    _, text, cookies = client.ask("GET", "/login")
    (form_cookie,) = cookies
    token = text.split('name="_csrf" value="')[1].split('"')[0]
    status, _, sent = client.ask(
        "POST",
        "/login",
        urlencode({"_csrf": token, "account": "minh", "password": PASSWORD}),
        **{
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": form_cookie.partition(";")[0],
        },
    )
    assert status == 303
    assert all("Secure" in cookie for cookie in [*cookies, *sent])
    session = next(cookie for cookie in sent if cookie.startswith("__Host-denluot-session="))
    assert "Path=/" in session
    assert "Domain" not in session
    cookie = session.partition(";")[0]
    assert client.ask("GET", "/", Cookie=cookie)[0] == 200
    plain = cookie.replace("__Host-denluot-session", "denluot-session")
    assert client.ask("GET", "/", Cookie=plain)[0] == 303, "the name without TLS opens nothing"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("quay.phuong", 303),
        ("quay.phuong:8080", 303),
        ("192.168.1.5", 303),
        ("evil.example", 421),
        ("", 421),
    ],
)
def test_answers_to_the_names_of_its_certificate(client: Client, host: str, status: int) -> None:
    assert client.ask("GET", "/", Host=host)[0] == status


def test_says_nothing_without_tls(secure_listener: socket.socket) -> None:
    port = secure_listener.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as plain:
        plain.sendall(b"GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            said = plain.recv(4096)
        except ConnectionError:
            said = b""
    assert b"HTTP" not in said


def test_without_a_certificate_it_stays_on_this_machine(tls: Tls) -> None:
    with pytest.raises(AddressError, match="denluot account certificate"):
        listen("0.0.0.0", 0)  # noqa: S104
    with listen("0.0.0.0", 0, tls) as listener:  # noqa: S104
        assert listener.getsockname()[1] > 0


def test_files_that_are_none_are_said(made: MadeCertificate, tmp_path: Path) -> None:
    assert tls_of("", "") is None
    (tmp_path / "broken.crt").write_text("-----BEGIN CERTIFICATE-----\nx\n")
    for certificate, key in (
        ("/no/such.crt", str(made.key)),
        (str(made.certificate), "/no/such.key"),
        (str(made.certificate), ""),
        ("", str(made.key)),
        (str(tmp_path / "broken.crt"), str(made.key)),
    ):
        with pytest.raises(AddressError, match=r"cannot use web\.certificate"):
            tls_of(certificate, key)


@pytest.mark.full
def test_a_handshake_that_never_comes_ends_and_keeps_nobody_out(
    secure_listener: socket.socket, client: Client
) -> None:
    port = secure_listener.getsockname()[1]
    with ExitStack() as crowd:
        silent = [
            crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=WAIT_S))
            for _ in range(100)
        ]
        assert client.ask("GET", "/")[0] == 303
        for connection in silent:
            with suppress(ConnectionError):
                assert connection.recv(1) == b"", "ended, long before a minute is over"
