"""A certificate of the machine's own: for whom it is, whose eyes its key is for."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from provisioning.certificate import LIVES, make_certificate, names_of, own_names
from provisioning.errors import ProvisioningError

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


def test_is_for_the_names_and_addresses_of_the_machine(tmp_path: Path) -> None:
    made = make_certificate(tmp_path / "tls", ["quay.phuong", "10.0.0.5", "::1"], NOW)
    assert names_of(made.certificate) == {"quay.phuong"}
    read = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name) for name in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.5", "::1"]
    assert read.not_valid_after_utc == NOW + LIVES == made.ends_at
    assert len(made.fingerprint) == 95
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.certificate, made.key)


def test_its_key_is_for_its_user_alone(tmp_path: Path) -> None:
    for _ in range(2):
        made = make_certificate(tmp_path, ["localhost"], NOW)
        assert made.key.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["web.crt", "web.key"]


def test_knows_its_own_names() -> None:
    names = own_names()
    assert {"localhost", "127.0.0.1", "::1"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["phường", "é"])
def test_a_name_that_no_certificate_can_hold_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProvisioningError, match="no name of a host"):
        make_certificate(tmp_path, [name], NOW)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProvisioningError, match="file"):
        make_certificate(tmp_path / "file", ["localhost"], NOW)


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_what_is_no_certificate_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "web.crt").write_text(content)
    with pytest.raises(ProvisioningError, match=r"web\.crt"):
        names_of(tmp_path / "web.crt")
