"""Handing mail over, tried against a mail server of the test's own."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from web.report.errors import MailError
from web.report.mail import Letter, compose, send
from web.report.settings import MailSettings

AT = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
Start = Callable[..., MailSettings]


class Postbox:
    """Takes mail, or answers as it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.refuse: dict[str, str] = {}
        self.answer = "250 OK"
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        if to in self.refuse:
            return self.refuse[to]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append((list(envelope.rcpt_tos), message))
        return self.answer

    def check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"secret", handled=False)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the server's key and certificate in one file, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 - a certificate is valid at the real time
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    path = tmp_path_factory.mktemp("mail") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + pem)
    return path, pem.decode()


@pytest.fixture
def start(
    postbox: Postbox, proof: tuple[Path, str], expected_warnings: list[str]
) -> Iterator[Start]:
    """Start a mail server; return the settings that reach it."""
    expected_warnings.append("Session.login_data is deprecated")  # aiosmtpd's own
    running: list[Controller] = []

    def start(**settings: object) -> MailSettings:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(proof[0])
        controller = Controller(
            postbox,
            hostname="127.0.0.1",
            port=free_port(),
            tls_context=context,
            require_starttls=True,
            authenticator=postbox.check,
            auth_require_tls=True,
        )
        controller.start()
        running.append(controller)
        usual: dict[str, object] = {
            "host": "localhost",
            "port": controller.port,
            "sender": "hall@ward.vn",
            "to": ("director@ward.vn",),
            "certificate": proof[1],
        }
        return MailSettings(**{**usual, **settings})  # type: ignore[arg-type]

    yield start
    for controller in running:
        controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as plug:
        port: int = plug.getsockname()[1]
        return port


@pytest.fixture
def message() -> bytes:
    letter = Letter("Phiếu ngày 23/11", "Lượt giao dịch: 140.\n", "phieu.xlsx", b"PK\x03\x04")
    return compose(letter, "hall@ward.vn", ["director@ward.vn"], "<day@site>", AT)


def test_a_mail_arrives_whole(start: Start, postbox: Postbox, message: bytes) -> None:
    assert send(start(), ["director@ward.vn"], message) == {}
    ((to, got),) = postbox.taken
    assert to == ["director@ward.vn"]
    assert (got["Subject"], got["Message-ID"]) == ("Phiếu ngày 23/11", "<day@site>")
    body = got.get_body()
    assert body
    assert "Lượt giao dịch: 140." in body.get_content()
    (attached,) = got.iter_attachments()
    assert attached.get_filename() == "phieu.xlsx"
    assert attached.get_payload(decode=True) == b"PK\x03\x04"


def test_the_password_is_said_only_under_tls(
    start: Start, postbox: Postbox, message: bytes
) -> None:
    settings = start(user="hall", password="secret")
    assert send(settings, ["director@ward.vn"], message) == {}
    assert postbox.logins == [(b"hall", b"secret")]
    bare = start(user="hall", password="secret", security="none")
    with pytest.raises(MailError, match="without TLS"):
        send(bare, ["director@ward.vn"], message)
    assert len(postbox.logins) == 1


def test_a_wrong_password_is_told(start: Start, postbox: Postbox, message: bytes) -> None:
    with pytest.raises(MailError, match="535"):
        send(start(user="hall", password="wrong"), ["director@ward.vn"], message)
    assert postbox.taken == []


def test_a_server_that_does_not_prove_itself_gets_nothing(
    start: Start, postbox: Postbox, message: bytes, expected_warnings: list[str]
) -> None:
    expected_warnings.append("SMTP session exception")  # the server's, of the refused handshake
    with pytest.raises(MailError, match="certificate"):
        send(start(certificate="", user="hall", password="x"), ["director@ward.vn"], message)
    with pytest.raises(MailError, match=r"127\.0\.0\.1"):
        send(start(host="127.0.0.1"), ["director@ward.vn"], message)
    assert (postbox.taken, postbox.logins) == ([], [])


def test_who_is_refused_is_named(start: Start, postbox: Postbox, message: bytes) -> None:
    postbox.refuse = {"gone@ward.vn": "550 no such user"}
    refused = send(start(), ["director@ward.vn", "gone@ward.vn"], message)
    assert refused == {"gone@ward.vn": "550 no such user"}
    assert [to for to, _ in postbox.taken] == [["director@ward.vn"]]
    assert send(start(), ["gone@ward.vn"], message) == {"gone@ward.vn": "550 no such user"}


def test_a_refused_mail_is_told(start: Start, postbox: Postbox, message: bytes) -> None:
    postbox.answer = "452 mailbox full"
    with pytest.raises(MailError, match="452 mailbox full"):
        send(start(), ["director@ward.vn"], message)


def test_nobody_listens(message: bytes) -> None:
    settings = MailSettings(
        host="127.0.0.1", port=free_port(), security="none", sender="a@b.vn", to=("c@d.vn",)
    )
    with pytest.raises(MailError, match="refused"):
        send(settings, ["c@d.vn"], message)


@pytest.mark.parametrize("greeting", [b"", b"220 here\r\n"])
def test_a_server_that_falls_silent_is_left(greeting: bytes, message: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plug:
        held = []

        def greet() -> None:
            near, _ = plug.accept()
            held.append(near)
            near.sendall(greeting)

        threading.Thread(target=greet, daemon=True).start()
        settings = MailSettings(
            host="127.0.0.1", port=plug.getsockname()[1], security="none", sender="a@b.vn"
        )
        with pytest.raises(MailError, match="timed out"):
            send(settings, ["c@d.vn"], message, timeout_s=0.5)
        held[0].close()


def test_a_line_that_is_cut_in_between_is_told(message: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plug:

        def cut() -> None:
            near, _ = plug.accept()
            near.sendall(b"220 here\r\n")
            near.recv(100)
            near.close()

        threading.Thread(target=cut, daemon=True).start()
        settings = MailSettings(
            host="127.0.0.1", port=plug.getsockname()[1], security="none", sender="a@b.vn"
        )
        with pytest.raises(MailError):
            send(settings, ["c@d.vn"], message)


def test_a_subject_cannot_bring_headers_of_its_own() -> None:
    letter = Letter("a\r\nBcc: x@y.vn", "text", "b.xlsx", b"")
    mail = compose(letter, "hall@ward.vn", ["a@b.vn"], "<day@site>", AT)
    assert message_from_bytes(mail, policy=policy.default)["Bcc"] is None
