"""The support bundle of a running centre, looked through for every secret that the centre has."""

import os
import queue
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from appliance.connection import Connection
from bus.commands import IssuedTicket, IssueTicket, Reply, result_of
from bus.session import at_once, connect
from config import Clock
from provisioning.accounts import Account, Accounts, Role
from provisioning.sessions import Sessions
from provisioning.site_db import open_site_db
from provisioning.tokens import Scope, Tokens
from provisioning.webhooks import Webhooks

RunCentre = Callable[..., Connection]
PASSWORD = "một mật khẩu dài để thử 7351"
PERSON = "Trần Thị Lan"


def take_ticket(connection: Connection) -> str:
    """Take a number at the kiosk; return the token of its paper."""
    clock = Clock()
    replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
    link = connect(
        connection.account("kiosk-1", "test"),
        connection.site,
        "kiosk",
        now=clock.now,
        monotonic=clock.monotonic,
        deliver=at_once,
        presence=False,
    )
    link.start()
    link.ask(IssueTicket(service="CIVIL"), replies.put, within_s=30.0)
    issued = result_of(replies.get(timeout=60), IssuedTicket)
    link.stop()
    return issued.token


def show_to_the_log(connection: Connection, secrets: dict[str, str]) -> None:
    """Ask the pages with every secret where a mistaken person might put it."""
    where = urlsplit(connection.web)
    for secret in secrets.values():
        with closing(HTTPConnection(where.hostname or "", where.port, timeout=30)) as pages:
            headers = {"Authorization": f"Bearer {secret}".encode("utf-8", "replace")}
            if secret.isascii():
                pages.request("GET", f"/t/{secret}?token={secret}", headers=headers)
                pages.getresponse().read()


@pytest.mark.full
def test_it_has_no_secret_of_the_running_centre(run_centre: RunCentre, tmp_path: Path) -> None:
    data, bundle = tmp_path / "data", tmp_path / "support.tar.gz"
    connection = run_centre()
    secrets = {f"of {name}": account.password for name, account in connection.devices.items()}
    with closing(open_site_db(data / "accounts.db")) as db:
        Accounts(db).add(Account("lan", PERSON, Role.ADMINISTRATOR, ()), PASSWORD, by="test")
        secrets["session"] = Sessions(db).begin(
            "lan", Role.ADMINISTRATOR, "vi", "10.0.0.77", "Firefox", all_day=True
        )
        _, secrets["api"] = Tokens(db).make("thử", [Scope.LOG], 30, by="lan", address="10.0.0.77")
        hook = Webhooks(db).add("thử", "https://example.org/x", ["ticket_issued"], 0, by="lan")
        secrets["webhook"] = hook.secret
    secrets["paper"] = take_ticket(connection)
    secrets["password"] = PASSWORD
    show_to_the_log(connection, secrets)
    command = [sys.executable, "-m", "appliance", "support-bundle", "--data", str(data)]
    done = subprocess.run(
        [*command, "--output", str(bundle)],
        capture_output=True,
        text=True,
        env={**os.environ, "LANG": "en_US.UTF-8"},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with tarfile.open(bundle) as archive:
        files = [file.read() for member in archive if (file := archive.extractfile(member))]
        names = archive.getnames()
    whole = b"\n".join(files).decode()
    assert len(secrets) > 15
    assert [name for name, secret in secrets.items() if secret in whole] == []
    assert "PRIVATE KEY" not in whole
    assert PERSON not in whole
    assert "10.0.0.77" not in whole
    assert any(name.endswith("logs/service.log.txt") for name in names)
    assert "ticket_issued number=" in whole, "one line per ticket transition"
    assert "ok  Queue service  ready" in whole
