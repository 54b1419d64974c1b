"""Single sign-on against a provider of the test's own, honest and not."""

import base64
import hmac
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from config.settings import OidcProvider, WebBox
from provisioning.accounts import Account, Accounts, Role
from provisioning.passwords import Passwords
from provisioning.site_db import SiteDb

CLIENT, SECRET = "den-luot", "bí mật"
CALLBACK = "https://quay.phuong.vn/login/oidc/callback"


@dataclass
class OpenIdProvider:
    """An OpenID provider that signs whom it is told to, and can be told to lie."""

    server: Any
    key: RSAKey
    claims: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "lan"})
    change: dict[str, Any] = field(default_factory=dict)
    """What its tokens say otherwise than they should."""
    metadata: dict[str, Any] = field(default_factory=dict)
    answer: Callable[["OpenIdProvider", dict[str, Any]], str] | None = None
    """Signs in another way."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    status: int = 200

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/realms/phuong"

    def authorize(self, address: str) -> dict[str, str]:
        """Be the page where a person agrees; return what goes back to the callback."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] == CALLBACK
        assert query["client_id"] == CLIENT
        assert "openid" in query["scope"]
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return {"code": code, "state": query["state"]}

    def tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        begun = self.codes.pop(form.get("code", ""), None)
        self.asked.append(form)
        verified = begun and (
            create_s256_code_challenge(form["code_verifier"]) == begun["code_challenge"]
        )
        if not begun or not verified or form["redirect_uri"] != begun["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "7",
            "iat": now,
            "exp": now + 60,
            "nonce": begun["nonce"],
            **self.claims,
            **self.change,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        sign = self.answer or signed_by_it
        return 200, {"id_token": sign(self, claims), "access_token": "x", "token_type": "Bearer"}


def signed_by_it(own: OpenIdProvider, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "1"}, claims, own.key)


class Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        provider: OpenIdProvider = self.server.provider
        if self.path.endswith("/.well-known/openid-configuration"):
            base = provider.issuer
            document = {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{base}/keys",
                **provider.metadata,
            }
            self.say(provider.status, document)
        else:
            self.say(provider.status, {"keys": [provider.key.as_dict(private=False)]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        form["authorization"] = self.headers.get("Authorization", "")
        self.say(*self.server.provider.tokens(form))

    def say(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "1"})


@pytest.fixture
def provider(key: RSAKey) -> Iterator[OpenIdProvider]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.provider = OpenIdProvider(server, key)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    yield server.provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def web_box(provider: OpenIdProvider, tmp_path: Path) -> WebBox:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    settings = OidcProvider(
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret_file=str(tmp_path / "secret"),
        redirect_uri=CALLBACK,
        label="Tài khoản thành phố",
    )
    return WebBox(oidc=settings)


class Browser:
    """Keeps cookies and follows nothing by itself."""

    def __init__(self, listener: socket) -> None:
        self.host, self.port = listener.getsockname()[:2]
        self.cookies: dict[str, str] = {}

    def get(self, target: str, **headers: str) -> tuple[int, str, str]:
        """Return status, where it leads, and the text."""
        with closing(HTTPConnection(self.host, self.port, timeout=60)) as connection:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request("GET", target, headers={"Cookie": cookie, **headers})
            with connection.getresponse() as response:
                for line in response.headers.get_all("Set-Cookie") or []:
                    name, _, value = line.partition(";")[0].partition("=")
                    self.cookies[name] = value.strip('"')
                    if "Max-Age=0" in line:
                        self.cookies.pop(name)
                text = response.read().decode()
                return response.status, response.getheader("Location", ""), text

    def logged_in(self) -> bool:
        return self.get("/account")[0] == 200


@pytest.fixture
def browser(server: object, listener: socket) -> Browser:
    del server
    return Browser(listener)


@pytest.fixture
def accounts(site_db: SiteDb, passwords: Passwords) -> Accounts:
    accounts = Accounts(site_db, passwords)
    for name, role in (("lan", Role.MANAGER), ("gone", Role.VIEWER)):
        account = Account(name, f"Chị {name}", role)
        accounts.add(account, "Đò dọc sông Cấm")
        if name == "gone":
            accounts.change(Account(name, f"Chị {name}", role, disabled=True), by="x")
    return accounts


def begin(browser: Browser, target: str = "/login/oidc?next=/waits") -> str:
    status, address, _ = browser.get(target)
    assert status == 303
    return address


def finish(browser: Browser, back: dict[str, str]) -> tuple[int, str, str]:
    return browser.get(f"/login/oidc/callback?{urlencode(back)}")


def test_somebody_is_vouched_for(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, site_db: SiteDb
) -> None:
    del accounts
    assert "Tài khoản thành phố" in browser.get("/login")[2]
    back = provider.authorize(begin(browser))
    status, target, _ = finish(browser, back)
    assert (status, target) == (303, "/waits")
    assert browser.logged_in()
    (asked,) = provider.asked
    assert asked["authorization"].startswith("Basic ")
    assert "client_secret" not in asked
    audit = site_db.read("SELECT account, action, detail FROM audit ORDER BY serial DESC LIMIT 1")
    assert tuple(audit[0]) == ("lan", "logged_in", "OpenID")


def test_a_callback_counts_once(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, expected_warnings: list[str]
) -> None:
    del accounts
    expected_warnings.append("single sign-on refused")
    back = provider.authorize(begin(browser))
    finish(browser, back)
    browser.cookies = {}
    assert finish(browser, back)[0] == 403
    assert not browser.logged_in()


def test_another_browser_gains_nothing(
    browser: Browser,
    provider: OpenIdProvider,
    accounts: Accounts,
    listener: socket,
    expected_warnings: list[str],
) -> None:
    """Log-in forgery: a stranger's answer brought to a victim's browser, and the other way."""
    del accounts
    expected_warnings.append("single sign-on refused")
    back = provider.authorize(begin(browser))
    victim = Browser(listener)
    assert finish(victim, back)[0] == 403
    begin(victim)
    assert finish(victim, back)[0] == 403
    assert not victim.logged_in()


def test_answers_that_are_not_the_providers(
    browser: Browser, accounts: Accounts, expected_warnings: list[str]
) -> None:
    del accounts
    expected_warnings.append("single sign-on refused")
    answers: list[dict[str, str]] = [
        {},
        {"code": "x"},
        {"state": "right"},
        {"code": "x", "state": "wrong"},
        {"code": "x", "state": "right"},
        {"code": "", "state": "right"},
        {"error": "access_denied", "state": "right"},
        {"code": "x", "state": "right", "iss": "https://evil.example"},
        {"code": "đ" * 100, "state": "ư" * 50},
    ]
    for answer in answers:
        state = parse_qs(urlsplit(begin(browser)).query)["state"][0]
        back = {name: state if value == "right" else value for name, value in answer.items()}
        status, _, text = finish(browser, back)
        assert status == 403, answer
        assert "Chưa đăng nhập được bằng Tài khoản thành phố." in text
        assert not browser.logged_in()


def written(header: dict[str, str], claims: dict[str, Any], secret: bytes = b"") -> str:
    """Write a token as no library would, signed with HMAC where there is a secret."""
    parts = [b64url(json.dumps(part).encode()) for part in (header, claims)]
    signed = ".".join(parts)
    mark = hmac.digest(secret, signed.encode(), "sha256") if secret else b""
    return f"{signed}.{b64url(mark)}"


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unsigned(_: OpenIdProvider, claims: dict[str, Any]) -> str:
    return written({"alg": "none"}, claims)


def of_another_key(_: OpenIdProvider, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "1"}, claims, RSAKey.generate_key(2048))


def by_the_public_key_as_secret(own: OpenIdProvider, claims: dict[str, Any]) -> str:
    return written({"alg": "HS256", "kid": "1"}, claims, own.key.as_pem(private=False))


def by_the_clients_secret(_: OpenIdProvider, claims: dict[str, Any]) -> str:
    return written({"alg": "HS256"}, claims, SECRET.encode())


def by_a_curve_of_its_own(_: OpenIdProvider, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": "1"}, claims, ECKey.generate_key("P-256"))


def nonsense(_: OpenIdProvider, _claims: dict[str, Any]) -> str:
    return "no.token.at all"


FORGERIES = (
    unsigned,
    of_another_key,
    by_the_public_key_as_secret,
    by_the_clients_secret,
    by_a_curve_of_its_own,
    nonsense,
)


def test_signatures_that_are_not_the_providers(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, expected_warnings: list[str]
) -> None:
    del accounts
    expected_warnings.append("the signature is not the provider's")
    for sign in FORGERIES:
        provider.answer = sign
        assert finish(browser, provider.authorize(begin(browser)))[0] == 403, sign.__name__
        assert not browser.logged_in()


WRONG_CLAIMS: tuple[dict[str, Any], ...] = (
    {"nonce": "another"},
    {"nonce": None},
    {"iss": "https://evil.example"},
    {"iss": None},
    {"aud": "another"},
    {"aud": None},
    {"aud": [CLIENT, "another"]},
    {"aud": [CLIENT, "another"], "azp": "another"},
    {"exp": 1},
    {"exp": None},
    {"exp": "x"},
    {"iat": 4_000_000_000},
    {"nbf": 4_000_000_000},
    {"sub": None},
)


def test_tokens_that_are_not_for_this_sign_in(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, expected_warnings: list[str]
) -> None:
    del accounts
    expected_warnings.append("is not for us now")
    for change in WRONG_CLAIMS:
        provider.change = change
        assert finish(browser, provider.authorize(begin(browser)))[0] == 403, change
        assert not browser.logged_in()


def test_nobody_is_let_in_without_an_account(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, expected_warnings: list[str]
) -> None:
    expected_warnings.append("single sign-on refused")
    for name in ("stranger", "gone", "LAN@thanhpho", "", 7, None, ["lan"]):
        provider.claims = {"preferred_username": name}
        assert finish(browser, provider.authorize(begin(browser)))[0] == 403, name
        assert not browser.logged_in()
    assert [account.account for account in accounts.list()] == ["gone", "lan"]


def test_a_provider_that_changes_its_keys_is_believed(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    del accounts
    monkeypatch.setattr("web.integrations.oidc._KEYS_AGAIN_S", 0.0)
    finish(browser, provider.authorize(begin(browser)))
    provider.key = RSAKey.generate_key(2048, {"kid": "2"})
    provider.answer = lambda own, said: jwt.encode({"alg": "RS256", "kid": "2"}, said, own.key)
    browser.cookies = {}
    assert finish(browser, provider.authorize(begin(browser)))[0] == 303


def test_a_provider_that_is_not_itself_is_not_gone_to(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, expected_warnings: list[str]
) -> None:
    del accounts
    expected_warnings.append("single sign-on failed")
    lies: list[dict[str, Any]] = [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ]
    for metadata in lies:
        provider.metadata = metadata
        status, _, text = browser.get("/login/oidc")
        assert status == 502, metadata
        assert "mật khẩu" in text


def test_a_provider_that_is_away_is_said(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, expected_warnings: list[str]
) -> None:
    del accounts
    expected_warnings.append("single sign-on failed")
    provider.status = 500
    assert browser.get("/login/oidc")[0] == 502
    provider.status = 200
    assert browser.get("/login/oidc")[0] == 303


def test_it_leads_nowhere_else(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts
) -> None:
    del accounts
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        back = provider.authorize(begin(browser, f"/login/oidc?{urlencode({'next': target})}"))
        assert finish(browser, back)[1] == "/", target


def test_a_listed_claim_names_the_account(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, web_box: WebBox
) -> None:
    del browser, accounts, provider
    listed = {"accounts": {"lan.nguyen@thanhpho.vn": "lan"}, "claim": "email"}
    plain = {**msgspec.to_builtins(web_box.oidc), **listed}
    assert msgspec.convert(plain, OidcProvider).accounts["lan.nguyen@thanhpho.vn"] == "lan"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", "http://dang-nhap.thanhpho.vn"),
        ("issuer", "dang-nhap.thanhpho.vn"),
        ("issuer", "https://a.vn/?x=1"),
        ("redirect_uri", "http://quay.phuong.vn/login/oidc/callback"),
        ("redirect_uri", "https://a@b.vn/"),
        ("client_id", ""),
    ],
)
def test_settings_that_anybody_could_answer_for(field: str, value: str) -> None:
    plain = {
        "issuer": "https://dang-nhap.thanhpho.vn",
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        field: value,
    }
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, OidcProvider)


def test_the_secret_stands_in_no_page_or_log(
    browser: Browser, provider: OpenIdProvider, accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    del accounts
    caplog.set_level(0)
    address = begin(browser)
    finish(browser, provider.authorize(address))
    said = address + caplog.text + str(browser.cookies)
    assert SECRET not in said
    assert not re.search(r"code=|verifier=", caplog.text)
