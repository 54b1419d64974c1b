"""`/api` and `/metrics` over a real socket: what a token opens, and what nothing opens."""

import json
import logging
import re
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from bus.states import BoardState, ServicesState, State
from provisioning.ratings import Face, Ratings, ServedTicket
from provisioning.site_db import SiteDb
from provisioning.tokens import Scope, Tokens
from wait_log.dialects import store_url
from wait_log.rows import Batch, EventRow
from wait_log.store import open_store
from web.guard import Pace
from web.integrations.openapi import openapi_document

Get = Callable[..., tuple[HTTPResponse, str]]
MakeToken = Callable[..., str]
DOCUMENT = Path(__file__).parents[4] / "docs" / "openapi.json"
PERIOD = "first=2026-11-23&last=2026-11-23"
BY_SCOPE = {
    Scope.FIGURES: (f"/api/v1/figures?{PERIOD}",),
    Scope.LOG: (f"/api/v1/tickets?{PERIOD}", "/api/v1/events"),
    Scope.LIVE: ("/api/v1/live", "/api/v1/services", "/api/v1/counters"),
}
ALL = [address for addresses in BY_SCOPE.values() for address in addresses]


@pytest.fixture
def make_token(site_db: SiteDb) -> MakeToken:
    def make_token(*scopes: Scope) -> str:
        return Tokens(site_db).make("test", scopes or list(Scope), 30, by="minh")[1]

    return make_token


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def read(get: Get, target: str, secret: str) -> Any:  # noqa: ANN401 - JSON
    response, text = get(target, **bearer(secret))
    assert response.status == 200, text
    return json.loads(text)


def test_an_administrators_cookie_opens_nothing(get: Get) -> None:
    for target in (*ALL, "/api/openapi.json"):
        response, text = get(target)
        assert response.status == 401, target
        assert response.getheader("WWW-Authenticate") == 'Bearer realm="denluot"'
        assert json.loads(text)["status_code"] == 401


def test_what_is_no_token_opens_nothing(get: Get) -> None:
    unknown = "dl_" + "A" * 43
    for header in ("", "Bearer", "Bearer ", "Bearer x", "Basic bWlu", f"Bearer {unknown}", "dl_x"):
        assert get("/api/v1/live", Authorization=header)[0].status == 401, header


def test_a_scope_opens_its_own_addresses(
    get: Get, make_token: MakeToken, add_tickets: Callable[..., None]
) -> None:
    add_tickets({})
    for scope in Scope:
        secret = make_token(scope)
        for other, addresses in BY_SCOPE.items():
            for target in addresses:
                status = get(target, **bearer(secret))[0].status
                assert status == (200 if other is scope else 403), (scope, target)
        assert get("/api/openapi.json", **bearer(secret))[0].status == 200


def test_a_revoked_or_ended_token_opens_nothing(
    get: Get, make_token: MakeToken, site_db: SiteDb
) -> None:
    secret, other = make_token(Scope.LIVE), make_token(Scope.LIVE)
    assert get("/api/v1/live", **bearer(secret))[0].status == 200
    first = next(token for token in Tokens(site_db).list() if token.id == 1)
    assert first.used_at
    Tokens(site_db).revoke(first.id, by="minh")
    assert get("/api/v1/live", **bearer(secret))[0].status == 401
    with site_db.write() as connection:
        connection.execute("UPDATE tokens SET ends_us = ? WHERE id = 2", (site_db.now_us(),))
    assert get("/api/v1/live", **bearer(other))[0].status == 401


def test_a_token_in_the_address_is_refused(
    get: Get, make_token: MakeToken, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = make_token()
    for name in ("token", "access_token", "api_key", "key", "x", "TOKEN"):
        for target in (f"/api/v1/live?{name}={secret}", f"/api/v1/tickets/{secret}"):
            response, text = get(target, **bearer(secret))
            assert response.status == 400, target
            assert secret not in text
            assert "revoke" in text
    assert secret not in caplog.text


def test_nothing_is_changed_by_the_api(get: Get, make_token: MakeToken) -> None:
    secret = make_token()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for target in ALL:
            assert get(target, method, **bearer(secret))[0].status in (404, 405), target


NONSENSE = (
    "",
    "first=2026-11-23",
    "first=x&last=y",
    "first=2026-11-24&last=2026-11-23",
    "first=0001-01-01&last=0001-01-02",
    "first=1990-01-01&last=2026-01-01",
    f"{PERIOD}&limit=0",
    f"{PERIOD}&limit=501",
    f"{PERIOD}&limit=x",
    f"{PERIOD}&after=x",
    f"{PERIOD}&after=====",
    f"{PERIOD}&after=%00",
    f"{PERIOD}&after={'A' * 201}",
    f"{PERIOD}&number=123456789",
    f"{PERIOD}&class=vip",
    f"{PERIOD}&state=%27+OR+1%3D1+--",
    f"{PERIOD}&counter=one",
)


def test_nonsense_is_refused_with_a_sentence(get: Get, make_token: MakeToken) -> None:
    secret = make_token()
    for query in NONSENSE:
        response, text = get(f"/api/v1/tickets?{query}", **bearer(secret))
        assert response.status == 400, query
        assert json.loads(text)["detail"]
        assert "Traceback" not in text


def test_tickets_come_by_pages_without_token_or_account(
    get: Get,
    make_token: MakeToken,
    add_tickets: Callable[..., None],
    site_db: SiteDb,
    store_path: Path,
) -> None:
    del site_db
    add_tickets(*({"wait_s": 60.0 * n, "reason": "Ông An", "device": "web"} for n in range(5)))
    secret, seen, after = make_token(Scope.LOG), [], ""
    for _ in range(3):
        page = read(get, f"/api/v1/tickets?{PERIOD}&limit=2{after}", secret)
        seen += [ticket["number"] for ticket in page["tickets"]]
        after = f"&after={page['next']}"
    assert page["next"] is None
    assert sorted(seen) == [f"100{n}" for n in range(1, 6)]
    (ticket,) = (t for t in page["tickets"])
    assert not {"token", "reason", "device", "by"} & set(ticket)
    one = read(get, f"/api/v1/tickets/{ticket['id']}", secret)
    assert one == ticket
    assert one["origin"] == "counter"
    assert store_path.exists()


def test_figures_are_those_of_the_page(
    get: Get, make_token: MakeToken, add_tickets: Callable[..., None], site_db: SiteDb
) -> None:
    add_tickets({"wait_s": 60.0}, {"wait_s": 1300.0}, {}, {"service": "LAND", "wait_s": 30.0})
    Ratings(site_db).vote(ServedTicket("2026-11-23", "T0001", 1, "CERT"), Face.VERY_SATISFIED)
    secret = make_token(Scope.FIGURES)
    said = read(get, f"/api/v1/figures?{PERIOD}", secret)
    assert said["site"] == "nhi-chieu"
    tally = said["figures"]["tally"]
    assert (tally["issued"], tally["pending"], tally["waits"]["count"]) == (4, 1, 3)
    whole = {"ends": 1, "faces": {"4": 1}}
    assert said["satisfaction"] == {"whole": whole, "by_counter": [], "reasons": []}
    said = read(get, f"/api/v1/figures?{PERIOD}&service=LAND", secret)
    assert said["satisfaction"] is None
    assert said["figures"]["tally"]["waits"]["mean_s"] == 30
    assert said["figures"]["selection"]["services"] == ["LAND"]


def test_figures_of_no_period_are_refused(get: Get, make_token: MakeToken) -> None:
    secret = make_token()
    for query in (
        "",
        "first=x&last=x",
        "first=2026-11-24&last=2026-11-23",
        f"{PERIOD}&lunch=maybe",
    ):
        assert get(f"/api/v1/figures?{query}", **bearer(secret))[0].status == 400, query


def test_an_unknown_ticket_is_not_found(
    get: Get, make_token: MakeToken, add_tickets: Callable[..., None]
) -> None:
    add_tickets({})
    for ticket in ("T9999", "x" * 300, "%27%20OR%201=1", "..%2f..%2fetc"):
        response, _ = get(f"/api/v1/tickets/{ticket}", **bearer(make_token()))
        assert response.status == 404, ticket


def test_events_go_on_from_where_one_was(get: Get, make_token: MakeToken, store_path: Path) -> None:
    store = open_store(store_url(store_path.parent), "nhi-chieu", lambda: "E")
    for seq, kind in enumerate(["ticket_issued", "notice_posted", "ticket_called"], 1):
        body = {
            "at": "2026-11-23T01:24:00Z",
            "by": "minh.nguyen",
            "event": {"ticket": "T1", "text": "ghi tay", "token": "X", "counter": 1},
        }
        row = EventRow(seq, 1, "2026-11-23", kind, json.dumps(body).encode())
        store.commit(Batch(events=[row]))
    store.close()
    secret = make_token(Scope.LOG)
    page = read(get, "/api/v1/events?limit=2", secret)
    assert ([event["seq"] for event in page["events"]], page["next"], page["last"]) == ([1], 2, 3)
    page = read(get, "/api/v1/events?after=2", secret)
    assert [event["data"] for event in page["events"]] == [{"ticket": "T1", "counter": 1}]
    page = read(get, f"/api/v1/events?after={page['next']}", secret)
    assert (page["events"], page["next"]) == ([], 3)
    assert "minh" not in json.dumps(page)


def test_the_hall_is_told(
    get: Get,
    make_token: MakeToken,
    publish: Callable[[State], None],
    board: BoardState,
    services: ServicesState,
    wait_for: Callable[[str, str], str],
) -> None:
    publish(board)
    publish(services)
    wait_for("/", "2005")
    live = read(get, "/api/v1/live", make_token(Scope.LIVE))
    assert live["connected"]
    assert live["business_day"] == "2026-11-23"
    cert = next(service for service in live["services"] if service["code"] == "CERT")
    assert (cert["open"], cert["waiting"], cert["wait_min"]) == (True, 3, [5, 10])
    counter = next(counter for counter in live["counters"] if counter["counter"] == 2)
    assert (counter["status"], counter["number"]) == ("open", "2005")
    assert {device["role"] for device in live["devices"]} >= {"kiosk", "board"}


@pytest.mark.usefixtures("server")
def test_what_cannot_be_read_is_said_and_ends(
    get: Get, make_token: MakeToken, store_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["api not answered", "log not readable"]
    store_path.write_bytes(b"this is no database, " * 400)
    response, text = get(f"/api/v1/tickets?{PERIOD}", **bearer(make_token()))
    assert response.status == 503
    assert str(store_path) not in text
    assert response.getheader("Retry-After")


def test_a_token_is_slowed_down() -> None:
    now = 0.0
    pace = Pace(lambda: now, per_s=10, burst=60)
    assert sum(pace.allows("1") for _ in range(100)) == 60
    assert pace.allows("2")


def test_too_many_requests_are_told_so(get: Get, make_token: MakeToken) -> None:
    secret = make_token(Scope.LIVE)
    statuses = [get("/api/v1/services", **bearer(secret))[0].status for _ in range(120)]
    assert statuses[0] == 200
    assert 429 in statuses
    response = next(
        response
        for response, _ in (get("/api/v1/services", **bearer(secret)) for _ in range(120))
        if response.status == 429
    )
    assert response.getheader("Retry-After") == "1"


def test_a_full_disk_does_not_keep_figures_back(
    get: Get, make_token: MakeToken, site_db: SiteDb, expected_warnings: list[str]
) -> None:
    expected_warnings += ["use of a token not noted"]
    secret = make_token(Scope.LIVE)
    with site_db.write() as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON tokens BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    assert get("/api/v1/live", **bearer(secret))[0].status == 200


def test_metrics_are_what_prometheus_reads(
    get: Get,
    add_tickets: Callable[..., None],
    publish: Callable[[State], None],
    board: BoardState,
    services: ServicesState,
    wait_for: Callable[[str, str], str],
) -> None:
    add_tickets({"wait_s": 60.0}, {"wait_s": 1300.0}, {"wait_s": 90.0, "clock_suspect": True}, {})
    publish(board)
    publish(services)
    text = wait_for("/metrics", 'denluot_waiting{service="CERT"} 3')
    assert get("/metrics")[0].getheader("Content-Type", "").startswith("text/plain; version=0.0.4")
    samples: dict[str, float] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            assert re.fullmatch(r'[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [-0-9.e+]+', line), line
            name, _, value = line.rpartition(" ")
            samples[name] = float(value)
    assert samples['denluot_wait_seconds_bucket{le="60"}'] == 1
    assert samples['denluot_wait_seconds_bucket{le="900"}'] == 1
    assert samples['denluot_wait_seconds_bucket{le="+Inf"}'] == 2
    assert samples["denluot_wait_seconds_sum"] == 1360
    assert samples['denluot_tickets_today{state="waiting"}'] == 1
    assert samples['denluot_counters{status="open"}'] == 2
    assert samples["denluot_service_up"] == 1
    assert samples["process_resident_memory_bytes"] > 1_000_000
    helped = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert {re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", name) for name in samples} <= helped


def test_metrics_through_a_proxy_need_a_token(get: Get, make_token: MakeToken) -> None:
    right, other = make_token(Scope.METRICS), make_token(Scope.LIVE)
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        proxied = {header: "203.0.113.5"}
        assert get("/metrics", **proxied)[0].status == 401, header
        assert get("/metrics", **proxied, **bearer(right))[0].status == 200, header
        assert get("/metrics", **proxied, **bearer(other))[0].status == 403, header


def test_the_document_is_the_one_in_the_repository(get: Get, make_token: MakeToken) -> None:
    _, served = get("/api/openapi.json", **bearer(make_token(Scope.LIVE)))
    assert served.encode() == openapi_document()
    drifted = "run: python -m web.integrations.openapi > docs/openapi.json"
    assert DOCUMENT.read_bytes() == openapi_document(), drifted


def test_the_document_tells_of_every_address(get: Get, make_token: MakeToken) -> None:
    document = read(get, "/api/openapi.json", make_token())
    assert set(document["paths"]) >= {address.partition("?")[0] for address in ALL}
    assert document["security"] == [{"token": []}]
    for path, item in document["paths"].items():
        assert set(item) == {"get"}, path
        assert {"200", "401", "403", "429"} <= set(item["get"]["responses"]), path


def test_the_board_has_no_api(get: Get, board_listener: socket, make_token: MakeToken) -> None:
    del get
    host, port = board_listener.getsockname()
    with closing(HTTPConnection(host, port, timeout=60)) as connection:
        for target in (*ALL, "/api/openapi.json", "/metrics", "/accounts/tokens"):
            connection.request("GET", target, headers=bearer(make_token()))
            with connection.getresponse() as response:
                assert response.status == 404
                response.read()
