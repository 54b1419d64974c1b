"""Who acts is who is logged in: no field, header or address says another name."""

import queue
from collections.abc import Callable
from typing import Any

import pytest

from bus.codec import encode
from bus.commands import AnyCommand, Reply, ReportOutage, decode_command
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.topics import Topics
from provisioning.site_db import SiteDb

Browser = Any
TOPICS = Topics("nhi-chieu")
WAIT_S = 60.0
SYSTEM = "Hệ thống bộ, ngành"


@pytest.fixture
def heard(service_bus: MemoryBus) -> "queue.Queue[AnyCommand]":
    """Return the commands that web sends; each is taken at its word."""
    heard: queue.Queue[AnyCommand] = queue.Queue()

    def take(message: Incoming) -> None:
        command = decode_command(message.payload)
        service_bus.publish(TOPICS.reply("web"), encode(Reply(id=command.id, ok=True)))
        heard.put(command)

    service_bus.subscribe(TOPICS.command("web"), take)
    return heard


@pytest.mark.usefixtures("accounts")
def test_by_is_who_is_logged_in(
    browser: Browser,
    heard: "queue.Queue[AnyCommand]",
    site_db: SiteDb,
    wait_for: Callable[[str, str], str],
) -> None:
    wait_for("/", "Trung tâm Phục vụ hành chính công")
    browser.log_in("manager")
    browser.get("/account")
    token = browser.text.split('name="_csrf" value="')[1].split('"')[0]
    forged = {"by": "administrator", "account": "administrator", "visitor": "administrator"}
    status = browser.send(
        "/today/report-outage?by=administrator",
        {"_csrf": token, "system": SYSTEM, **forged},
        **{"X-Forwarded-User": "administrator", "X-Forwarded-For": "10.9.8.7"},
    )
    assert status == 303
    command = heard.get(timeout=WAIT_S)
    assert isinstance(command, ReportOutage)
    assert (command.system, command.by) == (SYSTEM, "manager")
    (row,) = site_db.read("SELECT * FROM audit WHERE detail LIKE ?", [f"%{SYSTEM}%"])
    assert (row["account"], row["address"]) == ("manager", "127.0.0.1")


@pytest.mark.usefixtures("accounts")
def test_who_may_not_act_sends_nothing(browser: Browser, heard: "queue.Queue[AnyCommand]") -> None:
    browser.log_in("viewer")
    browser.get("/account")
    token = browser.text.split('name="_csrf" value="')[1].split('"')[0]
    fields = {"_csrf": token, "system": SYSTEM, "by": "manager"}
    assert browser.send("/today/report-outage", fields) == 403
    assert heard.empty()
