"""The site's authority by real handshakes: who is believed, under which name, and for how long."""

import ssl
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioning.authority import (
    AUTHORITY_FILE,
    SERVER_LIVES,
    Authority,
    client_context,
    fingerprint,
)
from provisioning.errors import ProvisioningError

SITE = "phuong-nhi-chieu"
NAME = "server.phuong-nhi-chieu.denluot.internal"
NOW = datetime.now(UTC)  # noqa: TID251 - what OpenSSL goes by
NAMES = ["localhost", "may-chu", "127.0.0.1", "192.168.1.10", "8.8.8.8", "::1"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path / "authority", SITE, NOW)
    assert made.renew_server(NOW, NAMES)
    return made


def handshake(
    server_file: Path, trusted: Path | str, name: str, context: ssl.SSLContext | None = None
) -> str:
    """Return the version that both agree on, without any network."""
    context = context or client_context(trusted)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(server_file)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_end = context.wrap_bio(to_client, to_server, server_hostname=name)
    server_end = server.wrap_bio(to_server, to_client, server_side=True)
    waiting: list[Callable[[], None]] = [client_end.do_handshake, server_end.do_handshake]
    for _ in range(8):
        for end in list(waiting):
            try:
                end()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
    assert not waiting
    return client_end.version() or ""


def test_a_box_believes_the_server_by_its_fixed_name_and_by_its_addresses(
    authority: Authority,
) -> None:
    for name in (NAME, "localhost", "192.168.1.10", "127.0.0.1", "::1"):
        assert handshake(authority.server, authority.public, name) == "TLSv1.3"
    for foreign in ("may-chu", "8.8.8.8", "server.phuong-khac.denluot.internal", "192.168.1.11"):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(authority.server, authority.public, foreign)


def test_the_authority_can_vouch_for_nothing_outside_its_site(authority: Authority) -> None:
    """Whoever steals its key cannot stand between officers and the rest of the web."""
    for name in ("dichvucong.gov.vn", "server.phuong-khac.denluot.internal", "8.8.8.8"):
        stolen = authority._new_server([name], NOW)
        forged = authority.folder / "forged.pem"
        forged.write_bytes(stolen.pem())
        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            handshake(forged, authority.public, name)


def test_another_sites_authority_is_not_believed(authority: Authority, tmp_path: Path) -> None:
    twin = Authority(tmp_path / "twin", SITE, NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(authority.server, twin.public, NAME)


def test_it_stays_the_same_over_restarts_and_is_read_by_nobody_else(authority: Authority) -> None:
    public, server = authority.public.read_bytes(), authority.server.read_bytes()
    again = Authority(authority.folder, SITE, NOW)
    assert not again.renew_server(NOW, NAMES)
    assert (again.public.read_bytes(), again.server.read_bytes()) == (public, server)
    for file in (authority.folder / AUTHORITY_FILE, authority.server):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700


def test_the_server_is_renewed_by_itself_in_the_last_third(authority: Authority) -> None:
    before = fingerprint(authority.server)
    last_third = NOW - timedelta(days=30) + SERVER_LIVES * 2 / 3
    assert not authority.renew_server(last_third - timedelta(days=1), NAMES)
    late = last_third + timedelta(days=1)
    assert authority.renew_server(late, NAMES)
    assert fingerprint(authority.server) != before
    assert not authority.renew_server(late, NAMES)
    assert handshake(authority.server, authority.public, NAME)


@pytest.mark.parametrize(
    "wrong", [timedelta(days=-20_000), timedelta(days=-900), timedelta(days=900)]
)
def test_a_server_whose_clock_was_wrong_is_believed_by_boxes_and_soon_by_browsers(
    wrong: timedelta, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "authority", SITE, NOW + wrong)
    authority.renew_server(NOW + wrong, NAMES)
    browser = ssl.create_default_context(cafile=str(authority.public))
    with pytest.raises(ssl.SSLCertVerificationError, match=r"expired|not yet valid"):
        handshake(authority.server, authority.public, NAME, browser)
    assert handshake(authority.server, authority.public, NAME), "a box goes by authority and name"
    assert authority.renew_server(NOW, NAMES)
    assert handshake(authority.server, authority.public, NAME, browser)


def test_a_new_name_of_the_machine_makes_a_new_certificate(authority: Authority) -> None:
    assert not authority.renew_server(NOW, NAMES[:2])
    assert authority.renew_server(NOW, [*NAMES, "192.168.7.7"])
    assert handshake(authority.server, authority.public, "192.168.7.7")


def test_a_file_lost_or_half_written_is_made_again_but_never_the_authority(
    authority: Authority,
) -> None:
    authority.server.write_bytes(authority.server.read_bytes()[:200])
    authority.public.unlink()
    again = Authority(authority.folder, SITE, NOW)
    assert again.renew_server(NOW, NAMES)
    assert handshake(again.server, again.public, NAME)
    (authority.folder / AUTHORITY_FILE).write_bytes(b"-----BEGIN")
    with pytest.raises(ProvisioningError, match="cannot be used"):
        Authority(authority.folder, SITE, NOW)


def test_the_authority_of_one_site_does_not_become_anothers(authority: Authority) -> None:
    with pytest.raises(ProvisioningError, match="belongs to another site"):
        Authority(authority.folder, "phuong-khac", NOW)
