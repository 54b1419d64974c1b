"""Where a webhook may go: URLs, addresses, names that lie, receivers that are slow."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from provisioning.errors import IntegrationError
from web.errors import TargetError
from web.integrations.targets import Targets, is_outside

NAME = "nhan.example"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nhan.example",
        "ftp://nhan.example/",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://user:pass@nhan.example/",
        "https://user@nhan.example/",
        "https://nhan.example/#x",
        "https://nhan.example:0/",
        "https://nhan.example:65536/",
        "https://nhan.example:x/",
        "https://nhan .example/",
        "https://nhan.example/\r\nHost: x",
        "https://nhan.example\\@127.0.0.1/",
        "https://[::1",
        "https://nhận.example/",
        "https://nhan.example/" + "x" * 500,
        "http://nhan.example/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_what_may_not_be_a_webhook(url: str) -> None:
    with pytest.raises(IntegrationError) as raised:
        Targets().parse(url)
    assert raised.value.field == "url"


@pytest.mark.parametrize(
    ("url", "host", "connects"),
    [
        ("https://nhan.example", "nhan.example", "https://192.0.2.1:443/"),
        ("https://Nhan.Example./a?b=c", "nhan.example", "https://192.0.2.1:443/a?b=c"),
        ("https://nhan.example:8443/a", "nhan.example:8443", "https://192.0.2.1:8443/a"),
        ("https://8.8.8.8/a", "8.8.8.8", "https://192.0.2.1:443/a"),
    ],
)
def test_what_may(url: str, host: str, connects: str) -> None:
    target = Targets().parse(url)
    assert (target.host_header, target.at("192.0.2.1")) == (host, connects)


def test_a_listed_host_may_be_inside_and_without_tls() -> None:
    targets = Targets(frozenset({"127.0.0.1", "May-Chu.Phuong"}))
    assert targets.parse("http://127.0.0.1:9000/a").at("::1") == "http://[::1]:9000/a"
    assert targets.parse("http://may-chu.phuong/").host == "may-chu.phuong"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104 - refused
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "nonsense",
        "",
    ],
)
def test_what_is_inside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "203.162.4.190", "2001:ee0:4161::1", "64:ff9b::808:808", "2002:808:808::"],
)
def test_what_is_outside(address: str) -> None:
    assert is_outside(address)


class Receiver(BaseHTTPRequestHandler):
    """Takes what is posted, and answers as its server says."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.server.may_answer.wait(60)
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver(tls: ssl.SSLContext | None = None, status: int = 204) -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    server.taken, server.status, server.may_answer = [], status, Event()
    server.may_answer.set()
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.may_answer.set()
        server.shutdown()
        server.server_close()


def leads_to(*answers: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """Answer with other addresses at every look."""
    left = list(answers)

    async def look_up(_host: str, _port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return look_up


def post(targets: Targets, url: str) -> None:
    asyncio.run(targets.post(url, b"{}", {"webhook-id": "1-2"}))


def test_a_listed_host_is_told() -> None:
    with receiver() as server:
        url = f"http://{NAME}:{server.server_port}/a?b=c"
        post(Targets(frozenset({NAME}), look_up=leads_to(["127.0.0.1"])), url)
        ((path, headers, body),) = server.taken
    assert (path, body) == ("/a?b=c", b"{}")
    assert headers["Host"] == f"{NAME}:{server.server_port}"
    assert headers["webhook-id"] == "1-2"


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["::ffff:7f00:1"], []]
)
def test_a_name_that_leads_inside_is_not_told(addresses: list[str]) -> None:
    with receiver() as server:
        targets = Targets(look_up=leads_to(addresses))
        with pytest.raises(TargetError):
            post(targets, f"https://{NAME}:{server.server_port}/")
        assert server.taken == []


def test_a_name_that_changes_its_mind_is_not_told() -> None:
    """DNS rebinding: the address that was judged is the one that is connected to."""
    with receiver() as server:
        looks: list[str] = []

        async def look_up(host: str, _port: int) -> Sequence[str]:
            looks.append(host)
            return ["127.0.0.1"] if len(looks) == 1 else ["127.0.0.2"]

        def judged(address: str) -> bool:
            return address == "127.0.0.1"

        targets = Targets(look_up=look_up, may_go=judged, within_s=30)
        url = f"https://{NAME}:{server.server_port}/"
        with pytest.raises(TargetError, match=r"(?i)ssl"):
            post(targets, url)  # connected to what was judged, which speaks no TLS
        assert looks == [NAME]
        with pytest.raises(TargetError, match=r"leads to 127\.0\.0\.2"):
            post(targets, url)
        assert looks == [NAME] * 2  # one look for each delivery, and none by the connection
        assert server.taken == []


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 500, 503])
def test_only_success_counts_and_redirects_are_not_followed(status: int) -> None:
    with receiver(status=status) as server, receiver() as elsewhere:
        targets = Targets(frozenset({"127.0.0.1"}))
        with pytest.raises(TargetError, match=str(status)):
            post(targets, f"http://127.0.0.1:{server.server_port}/")
        assert len(server.taken) == 1
        assert elsewhere.taken == []


def test_a_slow_receiver_is_given_up() -> None:
    with receiver() as server:
        server.may_answer.clear()
        targets = Targets(frozenset({"127.0.0.1"}), within_s=0.3)
        with pytest.raises(TargetError, match=r"no answer within 0\.3 s"):
            post(targets, f"http://127.0.0.1:{server.server_port}/")


def test_a_slow_name_is_given_up() -> None:
    async def look_up(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(TargetError, match="no answer"):
        post(Targets(look_up=look_up, within_s=0.1), f"https://{NAME}/")


def test_nobody_there_is_an_error() -> None:
    with receiver() as server:
        url = f"http://127.0.0.1:{server.server_port}/"
    with pytest.raises(TargetError, match="ConnectError"):
        post(Targets(frozenset({"127.0.0.1"})), url)


def test_an_unknown_name_is_an_error() -> None:
    async def look_up(_host: str, _port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(TargetError, match="not known"):
        post(Targets(look_up=look_up), f"https://{NAME}/")


def test_the_certificate_is_that_of_the_name(tmp_path: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(_certificate(tmp_path, NAME)))
    with receiver(_served(tmp_path)) as server:
        targets = Targets(
            frozenset({NAME, "other.example"}),
            look_up=leads_to(["127.0.0.1"]),
            trusted=trusted,
        )
        post(targets, f"https://{NAME}:{server.server_port}/")
        assert len(server.taken) == 1
        with pytest.raises(TargetError, match=r"(?i)certificate"):
            post(targets, f"https://other.example:{server.server_port}/")
        stranger = Targets(frozenset({NAME}), look_up=leads_to(["127.0.0.1"]))
        with pytest.raises(TargetError, match=r"(?i)certificate"):
            post(stranger, f"https://{NAME}:{server.server_port}/")
        assert len(server.taken) == 1


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with receiver() as server:
        post(Targets(frozenset({"127.0.0.1"})), f"http://127.0.0.1:{server.server_port}/")
        assert len(server.taken) == 1


def _certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)  # noqa: TID251 - what TLS goes by
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("1.2.3.4"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    path = folder / "cert.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _served(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
