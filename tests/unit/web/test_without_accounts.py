"""`accounts.db` is damaged: the staff is told, boards and health go on."""

import dataclasses
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from config.settings import WebBox
from provisioning.errors import SiteDbError
from provisioning.site_db import UnavailableSiteDb, open_or_unavailable
from web.site import Sources, make_server

WAIT_S = 60.0


@pytest.fixture
def broken(
    sources: Sources, listener: socket.socket, tmp_path: Path, expected_warnings: list[str]
) -> Iterator[socket.socket]:
    """Serve with a file that is no database."""
    expected_warnings.extend(["accounts not", "webhooks wait", "procedures not"])
    sources.site_db.close()
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    db = open_or_unavailable(tmp_path / "broken.db")
    assert isinstance(db, UnavailableSiteDb)
    server = make_server(dataclasses.replace(sources, site_db=db), WebBox())
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield listener
    server.should_exit = True
    thread.join(WAIT_S)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        ("/board", 200, "<html"),
        ("/static/desk.css", 200, ":root"),
        ("/login", 503, "Chưa mở được kho tài khoản"),
        ("/", 503, "Chưa mở được kho tài khoản"),
        ("/accounts?lang=en", 503, "The accounts on the server cannot be opened"),
    ],
)
def test_boards_go_on_and_the_staff_is_told(
    broken: socket.socket, target: str, status: int, said: str
) -> None:
    host, port = broken.getsockname()[:2]
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
        connection.request("GET", target, headers={"Cookie": "denluot-session=x"})
        response = connection.getresponse()
        assert response.status == status
        assert said in response.read().decode()


def test_nothing_is_read_or_written(tmp_path: Path) -> None:
    db = UnavailableSiteDb("disk gone")
    with pytest.raises(SiteDbError, match="disk gone"):
        db.read("SELECT 1")
    with pytest.raises(SiteDbError, match="disk gone"):
        db.audit("minh", "", "logged_in")
    db.close()
    assert list(tmp_path.iterdir()) == []
