"""The page of a number over real TLS, in a Chromium that trusts who signed the certificate.

The authority is a test's own: Mozilla's list does not have it, so `publicly_trusted` refuses it,
and the setting that a public one would have made is applied in its place.
"""

import asyncio
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from msgspec.structs import replace
from playwright.sync_api import Browser, Error, Page, Playwright, ViewportSize, expect

from appliance.connection import FILE_NAME, Connection
from benchmarks.running import centre, link
from benchmarks.wire import answer
from bus.broker import free_port
from bus.commands import AnyCommand, ApplyConfig, IssuedTicket, IssueTicket, Reply, result_of
from config import centre_to_wire, load_centre
from provisioning.accounts import Account, Accounts, Role
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db

CHROMIUM = Path("/usr/bin/chromium")
NAME = "so.nhichieu.vn"
"""What papers would say; this Chromium asks nobody where it is."""
SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
WITHIN_MS = 60_000
PHONE = ViewportSize(width=412, height=892)
DESK = ViewportSize(width=1440, height=900)
PASSWORD = "Đò dọc sông Cấm 2026"
NOW = datetime.now(UTC)  # noqa: TID251 - a browser looks at the machine's own clock
_PIECE = 65_536
_GRAVE = ("serious", "critical")
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not shutil.which("certutil"), reason="libnss3-tools is not installed"),
]
expect.set_options(timeout=WITHIN_MS)


@dataclass(frozen=True, slots=True)
class Reached:
    """A centre behind a proxy that speaks TLS."""

    authority: Path
    connection: Connection
    data: Path
    secure: str
    """The address that papers carry."""
    plain: str
    """The same pages without TLS."""

    def ask(self, device: str, command: AnyCommand) -> Reply:
        """Have a device of the hall ask for something."""
        client = link(self.connection, device)
        client.start()
        try:
            return answer(client, command)
        finally:
            client.stop()

    def take(self) -> IssuedTicket:
        """Take a number at the kiosk."""
        return result_of(self.ask("kiosk-1", IssueTicket(service="CERT")), IssuedTicket)


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    """Run a centre whose address phones reach over TLS, and say so in its settings."""
    folder, port = tmp_path_factory.mktemp("secure"), free_port()
    authority, server = folder / "authority.pem", folder / "server.pem"
    make_certificates(authority, server)
    box = folder / "phones.toml"
    box.write_text(f'[web]\nport = {free_port()}\nboard_host = "127.0.0.1"\nboard_port = {port}\n')
    with (
        centre(folder, "--always-open", "--device", str(box)) as (connection, _, _),
        secured(port, server) as secure_port,
    ):
        (data,) = (file.parent for file in folder.glob(f"*/{FILE_NAME}"))
        secure, plain = f"https://{NAME}:{secure_port}", f"http://{NAME}:{port}"
        made = Reached(authority, connection, data, secure, plain)
        before = load_centre()
        identity = replace(
            before.identity,
            public_url=secure,
            reached_url=secure,
            reached_on=NOW.date(),
            reached_trusted=True,
        )
        after = centre_to_wire(replace(before, identity=identity))
        made.ask("web", ApplyConfig(version=1, centre=after, by="ha"))
        yield made


def make_certificates(authority: Path, server: Path) -> None:
    """Write an authority's certificate, and a server's with its key that it vouches for."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Test CA", NAME)
    ]
    for is_server, file in ((False, authority), (True, server)):
        made = (
            x509.CertificateBuilder()
            .subject_name(names[is_server])
            .issuer_name(names[0])
            .public_key(keys[is_server].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=1))
            .not_valid_after(NOW + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=not is_server, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
            .sign(keys[0], hashes.SHA256())
            .public_bytes(Encoding.PEM)
        )
        key = keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(key + made if is_server else made)


@contextmanager
def secured(port: int, certificate: Path) -> Iterator[int]:
    """Pass what comes over TLS on to `port`, as a reverse proxy does; yield where it listens."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop = asyncio.new_event_loop()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                while piece := await source.read(_PIECE):
                    sink.write(piece)
                    await sink.drain()
            sink.close()

        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(pass_on, "127.0.0.1", 0, ssl=context)

    async def end() -> None:
        server.close()
        open_still = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_still:
            task.cancel()
        await asyncio.gather(*open_still, return_exceptions=True)

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(WITHIN_MS / 1000)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(WITHIN_MS / 1000)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def chromium_at(playwright: Playwright) -> Iterator[Callable[[Path], Browser]]:
    """Start Chromium for somebody's home; what that home trusts, it trusts."""
    started: list[Browser] = []

    def chromium_at(home: Path) -> Browser:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            ],
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
        )
        started.append(browser)
        return browser

    yield chromium_at
    for browser in started:
        browser.close()


@pytest.fixture
def trusting(chromium_at: Callable[[Path], Browser], reached: Reached, tmp_path: Path) -> Browser:
    """Start a Chromium that was taught to trust the authority."""
    trusted = tmp_path / ".pki/nssdb"
    trusted.mkdir(parents=True)
    for options in (
        ["-N", "--empty-password"],
        ["-A", "-n", "Test CA", "-t", "C,,", "-i", str(reached.authority)],
    ):
        command = ["certutil", *options, "-d", f"sql:{trusted}"]
        subprocess.run(command, stdin=subprocess.DEVNULL, check=True, timeout=WITHIN_MS / 1000)
    return chromium_at(tmp_path)


def open_number(browser: Browser, address: str, ticket: IssuedTicket) -> Page:
    page = browser.new_context(viewport=PHONE).new_page()
    page.set_default_timeout(WITHIN_MS)
    page.goto(f"{address}/t/{ticket.token}")
    expect(page.locator(".number")).to_have_text(ticket.number)
    return page


def check(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in _GRAVE] == []


def test_a_number_is_given_up_after_a_question_and_every_page_of_it_hears(
    trusting: Browser, reached: Reached
) -> None:
    mine, other = reached.take(), reached.take()
    page = open_number(trusting, reached.secure, mine)
    second = open_number(trusting, reached.secure, mine)
    follows = open_number(trusting, reached.secure, other)
    expect(follows.locator("#below .facts b").first).to_have_text("1")
    cancel = page.locator("a.cancel")
    check(page)
    _shoot(page, "phone-secure")
    cancel.click()
    expect(page.locator("h1")).to_contain_text(mine.number)
    check(page)
    _shoot(page, "phone-cancel")
    page.get_by_role("link", name="Không, tôi vẫn chờ").click()
    expect(page.locator("body")).to_have_attribute("data-state", "waiting")
    cancel.click()
    page.get_by_role("button", name="Hủy số").click()
    expect(page.locator("body")).to_have_attribute("data-state", "cancelled")
    expect(second.locator("body")).to_have_attribute("data-state", "cancelled")
    expect(follows.locator("#below .facts b").first).to_have_text("0")
    assert page.context.cookies() == []
    _shoot(page, "phone-cancelled")


def test_the_screen_is_kept_awake_until_the_phone_is_told_otherwise(
    trusting: Browser, reached: Reached
) -> None:
    page = trusting.new_context(viewport=PHONE).new_page()
    page.add_init_script(
        """window.locks = [];
        const request = navigator.wakeLock.request.bind(navigator.wakeLock);
        navigator.wakeLock.request = async (kind) => {
            const lock = await request(kind);
            window.locks.push(lock);
            return lock;
        };"""
    )
    page.goto(f"{reached.secure}/t/{reached.take().token}?lang=en")
    assert page.evaluate("isSecureContext")
    awake = page.locator("#awake")
    expect(awake).to_be_visible()
    awake.click()
    expect(awake).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("locks.map((lock) => [lock.type, lock.released])") == [["screen", False]]
    _shoot(page, "phone-secure-en")
    awake.click()
    expect(awake).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("locks.every((lock) => lock.released)")


def test_without_tls_and_for_strangers_nothing_is_given_up(
    trusting: Browser, reached: Reached
) -> None:
    mine = reached.take()
    page = open_number(trusting, reached.plain, mine)
    assert page.locator("a.cancel, #awake").count() == 0
    ask = "(token) => fetch(`/t/${token}/cancel`, {method: 'POST'}).then((said) => said.status)"
    assert page.evaluate(ask, mine.token) == 403
    secure = open_number(trusting, reached.secure, mine)
    assert secure.evaluate(ask, mine.token[::-1]) == 404
    elsewhere = trusting.new_context(viewport=PHONE).new_page()
    elsewhere.set_content(
        f'<form method="post" action="{reached.secure}/t/{mine.token}/cancel">'
        "<button>x</button></form>"
    )
    elsewhere.locator("button").click()
    expect(elsewhere.locator("h1")).to_contain_text("không hủy được số")
    expect(secure.locator("body")).to_have_attribute("data-state", "waiting")


def test_who_does_not_know_the_authority_sees_no_page(
    chromium_at: Callable[[Path], Browser], reached: Reached, tmp_path: Path
) -> None:
    page = chromium_at(tmp_path).new_context(viewport=PHONE).new_page()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(f"{reached.secure}/t")


def test_the_settings_lead_to_the_first_phone_and_say_when_it_came(
    chromium_at: Callable[[Path], Browser],
    reached: Reached,
    tmp_path: Path,
    log_in_as: Callable[..., None],
    check_page: Callable[[Page], None],
) -> None:
    with closing(open_site_db(reached.data / SITE_DB)) as db:
        Accounts(db).add(Account("lan", "Nguyễn Thu Lan", Role.ADMINISTRATOR), PASSWORD)
    browser = chromium_at(tmp_path)
    page = browser.new_context(base_url=reached.connection.web, viewport=DESK).new_page()
    page.set_default_timeout(WITHIN_MS)
    log_in_as(page, SimpleNamespace(name="lan", password=PASSWORD))
    page.goto("/settings/centre")
    page.locator("#identity-public_url").fill(reached.plain)
    page.locator("#identity-public_url").press("Tab")
    page.get_by_role("button", name="Áp dụng thành phiên bản").click()
    expect(page.locator(".notice.good")).to_contain_text("Đã áp dụng thành phiên bản")
    page.goto("/settings/phones")
    expect(page.locator("[role=status]").first).to_contain_text("Phiếu chưa in mã QR")
    page.get_by_role("button", name="Hiện mã cho điện thoại").click()
    invited = page.locator(".command").inner_text()
    assert invited.startswith(f"{reached.plain}/reach/")
    check_page(page)
    for lang, width in product(("en", "vi"), (1440, 390)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/settings/phones?lang={lang}")
        expect(page.locator("svg.qr")).to_be_visible()
        assert page.evaluate(_SIDEWAYS) <= 0
        end = ("-en" if lang == "en" else "") + ("-390" if width == 390 else "")
        _shoot(page, f"web-settings-phones{end}", full=True)
    phone = browser.new_context(viewport=PHONE).new_page()
    phone.goto(invited)
    check(phone)
    phone.get_by_role("button", name="Điện thoại này mở được").click()
    expect(phone.locator("h1")).to_contain_text("Đã xác nhận")
    said = page.locator("[role=status]").first
    expect(said).to_contain_text(f"Điện thoại đã mở được {reached.plain}")
    expect(page.locator("svg.qr")).to_have_count(0)
    _shoot(page, "web-settings-phones-reached-390", full=True)
    phone.goto(invited)
    expect(phone.locator("h1")).to_contain_text("hết giá trị")


def _shoot(page: Page, name: str, *, full: bool = False) -> None:
    if "DENLUOT_SCREENSHOTS" in os.environ:
        page.screenshot(path=SHOTS / f"{name}.png", full_page=full)
