"""`denluot-ca`: what an officer's PC trusts by it, and what it does not."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from provisioning.authority import Authority, fingerprint
from provisioning.errors import ProvisioningError
from provisioning.officers_pc.command import command
from provisioning.officers_pc.files import (
    CERTIFICATE,
    LINUX,
    WINDOWS,
    ca_files,
    fingerprints_of,
)

Clock = Any
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----\r?\n.*?-----END CERTIFICATE-----", re.DOTALL)
needs_certutil = pytest.mark.skipif(
    not shutil.which("certutil"), reason="certutil is not on this machine: libnss3-tools"
)


@pytest.fixture
def authority(tmp_path: Path, clock: Clock) -> Authority:
    made = Authority(tmp_path / "var/lib/denluot/authority", "hoa-binh", clock.now)
    made.renew_server(clock.now, ["192.168.1.10"])
    return made


def test_each_file_holds_the_authority_and_no_key(authority: Authority) -> None:
    files = ca_files(authority.public)
    held = x509.load_der_x509_certificate(files[CERTIFICATE])
    assert authority.public.read_bytes()
    for name in (WINDOWS, LINUX):
        pem = PEM.findall(files[name])
        assert len(pem) == 1, "certutil -decode takes the first that it finds"
        assert x509.load_pem_x509_certificate(pem[0]) == held
        assert b"PRIVATE" not in files[name]
    sha1, sha256 = fingerprints_of(authority.public)
    assert sha256 == fingerprint(authority.public)
    assert sha1.encode() in files[WINDOWS], "as Windows shows it when it asks"
    assert sha256.encode() in files[LINUX]


def test_windows_reads_its_file_line_by_line(authority: Authority) -> None:
    text = ca_files(authority.public)[WINDOWS]
    assert text.startswith(b"@echo off\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert b"@pem@" not in text
    assert b"@id@" not in text
    assert b"-user -addstore Root" in text, "the user's own store: no administrator is asked"


def test_what_they_hold_vouches_for_the_server(authority: Authority, tmp_path: Path) -> None:
    pem = tmp_path / "from-file.pem"
    pem.write_bytes(PEM.findall(ca_files(authority.public)[LINUX])[0])
    check = ["openssl", "verify", "-CAfile", str(pem), str(authority.server)]
    said = subprocess.run(check, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 0, said.stderr


def certutil(home: Path, *arguments: str) -> str:
    database = f"sql:{home}/.pki/nssdb"
    said = subprocess.run(
        ["certutil", *arguments, "-d", database],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return said.stdout


@needs_certutil
def test_the_script_for_linux_fills_the_browsers_databases(
    authority: Authority, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    firefox = home / ".mozilla/firefox/abc.default"
    firefox.mkdir(parents=True)
    new = ["certutil", "-N", "-d", f"sql:{firefox}", "--empty-password"]
    subprocess.run(new, check=True, timeout=60)
    script = tmp_path / LINUX
    script.write_bytes(ca_files(authority.public)[LINUX])
    for _ in range(2):
        subprocess.run(
            ["sh", str(script)],
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )
    listed = certutil(home, "-L")
    assert listed.count("Đến Lượt") == 1
    assert re.search(r"Đến Lượt \w+ +C,,", listed), "trusted for servers, for nothing else"
    told = subprocess.run(
        ["certutil", "-L", "-d", f"sql:{firefox}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "Đến Lượt" in told.stdout


def test_the_command_writes_them_and_prints_what_goes_on_paper(
    authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["export", "--to", str(tmp_path / "stick"), "--root", str(tmp_path)]) == 0
    assert {path.name for path in (tmp_path / "stick").iterdir()} == {WINDOWS, LINUX, CERTIFICATE}
    assert os.access(tmp_path / "stick" / LINUX, os.X_OK)
    said = capsys.readouterr().out
    assert all(digest in said for digest in fingerprints_of(authority.public))


def test_a_machine_without_an_authority_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ProvisioningError):
        ca_files(tmp_path / "none.crt")
    assert command(["export", "--to", str(tmp_path), "--root", str(tmp_path)]) == 1
    assert "authority.crt" in capsys.readouterr().err
