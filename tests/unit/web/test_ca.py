"""`/ca`: files that an officer's PC trusts the site by, without a login and in clear."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from provisioning.authority import Authority
from provisioning.officers_pc.files import CERTIFICATE, LINUX, WINDOWS, ca_files, fingerprints_of
from web.app import create_public_app
from web.ca import CaSite

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
Client = Any


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return Authority(tmp_path / "authority", "hoa-binh", NOW).public


@pytest.fixture
def client(authority: Path) -> Iterator[Client]:
    with TestClient(_app(CaSite(authority))) as client:
        yield client


def _app(ca: CaSite) -> Litestar:
    return create_public_app(
        {**dict.fromkeys(("board", "health", "phone", "procedures", "voices")), "ca": ca}
    )


def test_the_page_has_a_file_for_each_and_the_fingerprints(client: Client, authority: Path) -> None:
    answer = client.get("/ca")
    assert answer.status_code == 200
    shown = answer.text.replace(" ", "")
    assert all(digest in shown for digest in fingerprints_of(authority))
    for name, content in ca_files(authority).items():
        assert f'href="/ca/{name}"' in answer.text
        file = client.get(f"/ca/{name}")
        assert file.content == content
        assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert client.get("/ca/ca.css").headers["Content-Type"].startswith("text/css")
    assert "Have this PC trust" in client.get("/ca?lang=en").text


@pytest.mark.parametrize("name", ["authority.pem", "..%2fauthority.pem", "server.pem", "x"])
def test_nothing_else_is_given_away(client: Client, name: str) -> None:
    answer = client.get(f"/ca/{name}")
    assert answer.status_code == 404
    assert "PRIVATE" not in answer.text


def test_what_is_given_away_holds_no_key(client: Client) -> None:
    for name in (WINDOWS, LINUX, CERTIFICATE):
        assert b"PRIVATE" not in client.get(f"/ca/{name}").content


def test_a_machine_that_is_no_server_of_a_site_has_no_such_page() -> None:
    with TestClient(_app(CaSite(None))) as client:
        assert client.get("/ca").status_code == 404
        assert client.get(f"/ca/{WINDOWS}").status_code == 404
