"""Attacks across all pages: SQL, formulas and scripts in every text that a person can type.

The pages are found by following links from the menu, their forms by looking at them, so that a
page that is added later is attacked as well.
"""

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import APIResponse, Page

from bus.commands import (
    Command,
    Park,
    PauseCounter,
    PostNotice,
    Reply,
    ReportOutage,
    RequestHelp,
    VoidTicket,
)
from config import Clock

WITHIN_S = 60.0
MARK = "kẻgian"
SCRIPT = (
    f"{MARK}\"'></textarea></title><script>pwned()</script><img src=x onerror=pwned()>"
    "<svg onload=pwned()><a href=javascript:pwned()>{{7*7}}${7*7}"
)
SHORT_SCRIPT = f'{MARK}"><svg onload=pwned()>'
FORMULAS = (
    f'=HYPERLINK("http://evil.example";"{MARK}")',
    f"+{MARK}+cmd|' /C calc'!A0",
    f"-{MARK}",
    f"@SUM({MARK})",
)
SQL = (
    "'",
    "' OR '1'='1",
    "1; DROP TABLE ticket; --",
    "') UNION SELECT password FROM accounts --",
    '" OR ""="',
    "\\",
    "%27%20OR%201=1",
    "1e309",
    "-1",
    "99999999999999999999",
    "２０２６",
    "\u202e",
    "x" * 900,
    "",
)
LEAKS = re.compile(r"Traceback|sqlite3?\.|sqlalchemy|OperationalError|syntax error|\.py\", line")
LEFT_ALONE = ("/logout", "/logout-everywhere", "/password", "/code", "/login", "/first")
"""Ends of forms that would end the attacker's own session, as a change of rights would."""
PLAUSIBLE = {"url": "https://nhan.example/", "email": "a@nhan.example", "password": "Đò dọc 2026"}
MOST_ALONE = 8
FILES = (".csv", ".xlsx", ".docx", ".toml", ".pdf", "/docx", "/xlsx", "/csv")
MOST_PAGES = 60
KEPT = ("wait_log.db ticket", "wait_log.db event", "accounts.db accounts")
_FORMS = """forms => forms.map(form => ({
    action: form.getAttribute("action") || location.pathname + location.search,
    method: form.method,
    fields: [...form.elements].filter(one => one.name).map(one => ({
        name: one.name, type: one.type, value: one.value,
        chosen: one.type === "checkbox" || one.type === "radio" ? one.checked : true,
    })),
}))"""
_LINKS = "all => all.map(one => new URL(one.getAttribute('href'), location.href).href)"
_TYPED = frozenset({"text", "textarea", "search", "url", "email", "tel", "password"})


class Running(Protocol):
    url: str
    data: Path
    clock: Clock

    def ask(self, device: str, command: Command) -> Reply: ...

    def give(self, service: str) -> str: ...

    def call_next(self, counter: int) -> str | None: ...

    @property
    def current(self) -> dict[int, str]: ...


class Faults(Protocol):
    seen: list[str]

    def forgive(self, part: str) -> None: ...


@dataclass
class Site:
    """What was found by following links: pages, files, and forms by their pages."""

    pages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    forms: list[dict[str, object]] = field(default_factory=list)


def shape(address: str) -> str:
    """Return what addresses of one kind have in common."""
    parts = urlsplit(address)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return re.sub(r"\d+|[0-9A-Z]{26}", "#", parts.path) + "?" + "&".join(names)


def explore(page: Page, start: str = "/") -> Site:
    """Follow every link of this site, of each kind of address a few."""
    site, waiting, seen = Site(), [start], {shape(start): 1}
    while waiting and len(site.pages) < MOST_PAGES:
        address = waiting.pop(0)
        answer = page.goto(address)
        if answer is None or answer.status >= 400:
            continue
        site.pages.append(address)
        for form in page.locator("form").evaluate_all(_FORMS):
            form["page"] = address
            site.forms.append(form)
        for link in page.locator("a[href]").evaluate_all(_LINKS):
            parts = urlsplit(link)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc != urlsplit(page.url).netloc or "lang=" in parts.query:
                continue
            if parts.path.endswith(FILES):
                if shape(target) not in seen:
                    site.files.append(target)
            elif seen.get(shape(target), 0) < 1:
                waiting.append(target)
            seen[shape(target)] = seen.get(shape(target), 0) + 1
    return site


def type_everywhere(page: Page, site: Site, text: str, *, alone: bool = True) -> int:
    """Send every form with `text` in all of its texts, and in each alone; return how many."""
    sent = 0
    kinds: set[str] = set()
    for form in site.forms:
        action = urljoin(page.url, str(form["action"]))
        fields = form["fields"]
        assert isinstance(fields, list)
        typed = [one["name"] for one in fields if one["type"] in _TYPED]
        kind = f"{form['method']} {shape(action)} {typed}"
        path = urlsplit(action).path
        if path.endswith(LEFT_ALONE) or "/accounts/of/" in path or not typed or kind in kinds:
            continue
        kinds.add(kind)
        for hostile in [typed, *([name] for name in typed[:MOST_ALONE] if alone and typed[1:])]:
            send(page, str(form["method"]), action, filled_in(fields, hostile, text, sent))
            sent += 1
    assert page.request.get("/account").url.endswith("/account"), "the attacker was logged out"
    return sent


def filled_in(
    fields: list[dict[str, str]], hostile: list[str], text: str, serial: int
) -> list[tuple[str, str]]:
    """Return what a form is sent with: something plausible in all other fields."""
    values: list[tuple[str, str]] = []
    ticked = {one["name"] for one in fields if one["type"] == "checkbox" and one["chosen"]}
    names = [one["name"] for one in fields]
    for one in fields:
        name, kind = one["name"], one["type"]
        if kind == "checkbox" and name not in ticked and names.count(name) > 1:
            ticked.add(name)  # one of several
            values.append((name, one["value"]))
        elif kind in ("submit", "button", "file") or not one["chosen"]:
            continue
        elif name in hostile:
            values.append((name, text))
        elif kind in _TYPED and not one["value"]:
            usual = f"nguoi{serial}" if name == "account" else "Chữ thường"
            values.append((name, PLAUSIBLE.get(kind, usual)))
        else:
            values.append((name, one["value"]))
    return values


def send(page: Page, method: str, action: str, values: list[tuple[str, str]]) -> None:
    if method == "post":
        answer = page.request.post(
            action,
            data=urlencode(values),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
    else:
        answer = page.request.get(f"{action.partition('?')[0]}?{urlencode(values)}")
    require_calm(answer)


def require_calm(answer: APIResponse) -> None:
    """Expect an answer that tells nothing of what is inside, and no failure."""
    assert answer.status < 500 or answer.status == 503, f"{answer.status} {answer.url}"
    kind = answer.headers.get("content-type", "")
    if "html" in kind or "text/plain" in kind or "json" in kind:
        leak = LEAKS.search(answer.text())
        assert not leak, f"{answer.url}: {leak}"


def say_everywhere(running: Running, text: str) -> None:
    """Say `text` in every command of the hall that carries one."""
    counter = 4
    running.ask("kiosk-1", RequestHelp(place=text[:200]))
    running.give("CERT")
    running.call_next(counter)
    current = running.current.get(counter)
    if current:
        running.ask(f"counter-{counter}", Park(counter=counter, ticket=current, reason=text[:200]))
        running.current.pop(counter)
    running.ask(f"counter-{counter}", ReportOutage(system=text[:200]))
    running.ask(f"counter-{counter}", PauseCounter(counter=counter, reason=text[:200]))
    running.ask(f"counter-{counter}", VoidTicket(ticket=current or "x", reason=text[:200]))
    notice = PostNotice(text=text[:500], until=running.clock.now() + timedelta(hours=1))
    running.ask(f"counter-{counter}", notice)


@pytest.fixture
def admin(logged_in: Callable[..., Page], faults: Faults) -> Page:
    for part in ("status of 4", "status of 503"):
        faults.forgive(part)
    return logged_in("administrator")


@pytest.fixture(scope="session")
def _explored() -> list[Site]:
    return []


@pytest.fixture
def site(admin: Page, _explored: list[Site]) -> Site:
    """Return what an administrator finds, looked for once."""
    if not _explored:
        _explored.append(explore(admin))
    return _explored[0]


@pytest.fixture
def rows(running: Running) -> Callable[[], dict[str, int]]:
    """Count what must not be lost."""

    def count() -> dict[str, int]:
        found: dict[str, int] = {}
        for name in ("wait_log.db", "accounts.db"):
            with closing(sqlite3.connect(f"file:{running.data / name}?mode=ro", uri=True)) as db:
                tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                for (table,) in tables.fetchall():
                    (number,) = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
                    found[f"{name} {table}"] = number
        return found

    return count


@pytest.mark.full
def test_sql_in_every_address(admin: Page, site: Site, rows: Callable[[], dict[str, int]]) -> None:
    before = rows()
    assert len(site.pages) >= 5
    asked = 0
    for address in {shape(one): one for one in [*site.pages, *site.files]}.values():
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
        texts = SQL[:3] if address in site.files else SQL
        attempts = [[(name, text) for name, _ in query] for text in texts if query]
        attempts += [
            [*query[:index], (name, SQL[1]), *query[index + 1 :]]
            for index, (name, _) in enumerate(query)
        ]
        for changed in attempts:
            require_calm(admin.request.get(f"{parts.path}?{urlencode(changed)}"))
        for text in SQL[:2]:
            last = parts.path.rpartition("/")[0]
            require_calm(admin.request.get(f"{last}/{urlencode({'': text})[1:]}"))
        asked += len(attempts) + 2
    assert asked > 50
    after = rows()
    assert before.keys() == after.keys()
    for name in KEPT:
        assert after[name] >= before[name], name


@pytest.mark.full
def test_sql_in_every_form(admin: Page, site: Site, rows: Callable[[], dict[str, int]]) -> None:
    before = rows()
    for text in SQL[1:4]:
        assert type_everywhere(admin, site, text, alone=text is SQL[1]) >= 5
    after = rows()
    assert before.keys() == after.keys()
    for name in KEPT:
        assert after[name] >= before[name], name


@pytest.mark.full
def test_a_stored_script_runs_on_no_page(
    admin: Page,
    site: Site,
    running: Running,
    new_page: Callable[..., Page],
    new_account: Callable[..., object],
) -> None:
    new_account("viewer", name=SHORT_SCRIPT)
    for text in (SCRIPT, SHORT_SCRIPT):
        say_everywhere(running, text)
        type_everywhere(admin, site, text)
    told = set()
    for address in ["/board", *dict.fromkeys([*site.pages, "/accounts", "/accounts/audit"])]:
        page = new_page() if address == "/board" else admin
        page.add_init_script("window.pwned = () => { window.wasPwned = true; }")
        assert page.goto(address), address
        assert page.evaluate("window.wasPwned") is None, address
        made = page.locator("img[src=x], svg[onload], [onerror], a[href^='javascript:']")
        assert made.count() == 0, address
        assert "49${" not in page.locator("body").inner_text(), address
        if MARK in page.content():
            told.add(urlsplit(address).path)
    # Where it is shown: else this would prove nothing.
    assert told >= {"/", "/accounts/tokens", "/accounts/webhooks", "/accounts"}, told


@pytest.mark.full
def test_no_file_holds_a_formula(admin: Page, site: Site, running: Running) -> None:
    for text in FORMULAS:
        say_everywhere(running, text)
        type_everywhere(admin, site, text, alone=text is FORMULAS[0])
    looked_at = set()
    for address in site.files:
        answer = admin.request.get(address)
        require_calm(answer)
        body = answer.body()
        if answer.status == 200 and ".csv" in address:
            _require_plain_csv(address, body)
            looked_at.add("csv")
        elif answer.status == 200 and body[:2] == b"PK" and b"xl/workbook.xml" in body:
            _require_plain_workbook(address, body)
            looked_at.add("xlsx")
    assert looked_at == {"csv", "xlsx"}, site.files


def _require_plain_csv(address: str, body: bytes) -> None:
    text = body.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:200] else ","):
        for cell in row:
            number = re.fullmatch(r"[-+]?[\d.,]+", cell)
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (address, cell)


def _require_plain_workbook(address: str, body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                assert b"<f>" not in archive.read(name), (address, name)
            assert b"evil.example" not in archive.read(name) or "rels" not in name, (address, name)
    book = load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"], address


GUESSES = (
    "/.env",
    "/.git/config",
    "/admin",
    "/wp-login.php",
    "/phpmyadmin/",
    "/server-status",
    "/debug",
    "/console",
    "/accounts.db",
    "/wait_log.db",
    "/var/accounts.db",
    "/backup.zip",
    "/connection.json",
    "/device.toml",
    "/static/../accounts.db",
    "/static/..%2f..%2faccounts.db",
    "/static/%2e%2e/%2e%2e/web/site.py",
    "/static/....//....//etc/passwd",
    "/static//etc/passwd",
    "/fonts/..%2f..%2f..%2fetc%2fpasswd",
    "/board/static/..%2f..%2fsite.py",
    "/board/media/..%2f..%2faccounts.db",
    "/board/fonts/%2e%2e%2f%2e%2e%2fsite.py",
    "/static/%00",
    "/api",
    "/api/",
    "/api/v1",
    "/api/v1/",
    "/api/v1/accounts",
    "/api/v1/tickets/..%2f..%2faccounts",
    "/api/docs",
    "/api/swagger",
    "/schema",
    "/schema/openapi.json",
    "/schema/swagger",
    "/docs",
    "/openapi.json",
    "//accounts",
    "/./accounts",
    "/x/../accounts",
    "/ACCOUNTS",
    "/accounts/",
    "/accounts;x=1",
    "/accounts%2f",
    "/%61ccounts",
    "/accounts/tokens/1",
    "/accounts/tokens/1/revoke",
    "/accounts/webhooks/1/test",
    "/reports/1",
    "/reports/1/docx",
    "/settings",
    "/log.csv",
    "/t/",
    "/t/7KQ2M9XW4TCB",
)


def _raw(running: Running, target: str, **headers: str) -> tuple[int, str, str]:
    """Ask for exactly this, which no browser or library tidies up first."""
    connection = HTTPConnection(urlsplit(running.url).netloc, timeout=WITHIN_S)
    connection.putrequest("GET", target, skip_host=False)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    with connection.getresponse() as answer:
        text = answer.read().decode(errors="replace")
        where = answer.getheader("Location", "")
    connection.close()
    return answer.status, where, text


OPEN = {"/t/"}
"""Where citizens type the number and the code of their paper."""


@pytest.mark.parametrize("target", GUESSES)
def test_a_guessed_path_leads_to_the_login_or_nowhere(running: Running, target: str) -> None:
    status, where, text = _raw(running, target)
    assert status in (303, 400, 401, 404, 405) or target in OPEN, (target, status)
    assert not where or where.startswith("/login"), where
    assert not LEAKS.search(text)
    assert "SQLite format" not in text
    assert "root:" not in text


def test_an_officers_cookie_opens_no_guessed_page(
    running: Running, logged_in: Callable[..., Page]
) -> None:
    cookies = logged_in("officer").context.cookies()
    sent = "; ".join(f"{cookie.get('name')}={cookie.get('value')}" for cookie in cookies)
    assert _raw(running, "/account", Cookie=sent)[0] == 200
    for target in GUESSES:
        status, _, text = _raw(running, target, Cookie=sent)
        assert status in (303, 400, 401, 403, 404, 405) or target in OPEN, (target, status)
        assert not LEAKS.search(text), target


def test_the_log_holds_no_secret_that_was_asked_for(running: Running) -> None:
    secrets = ("7KQ2M9XW4TCBGEHEIM", "dl_" + "G" * 43, "codeGEHEIM77", "tokenGEHEIM77")
    ticket, token, code, query = secrets
    for target in (
        f"/t/{ticket}",
        f"/t/{ticket}/cancel?x=1",
        f"/api/v1/live?token={token}",
        f"/api/v1/tickets/{token}",
        f"/login/oidc/callback?code={code}&state={code}",
        f"/waits?access_token={query}",
    ):
        _raw(running, target, Authorization=f"Bearer {token}")
    with closing(sqlite3.connect(f"file:{running.data / 'wait_log.db'}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT token FROM ticket WHERE token IS NOT NULL").fetchall()
    assert rows
    logs = list(running.data.rglob("*.log"))
    assert len(logs) >= 3
    for path in logs:
        said = path.read_text(errors="replace")
        for secret in (*secrets, *(row[0] for row in rows)):
            assert secret not in said, path
