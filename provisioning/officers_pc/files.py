"""`denluot-ca`: small files, each with the site's authority inside, that make a PC trust it.

For the person who is logged in alone, without an administrator's rights. What is trusted can vouch
for this site's names and private addresses and for nothing else of the world.
"""

import base64
import hashlib
from importlib import resources
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.errors import ProvisioningError

WINDOWS, LINUX, CERTIFICATE = "denluot-ca.cmd", "denluot-ca.sh", "denluot-ca.cer"
_LINE = 64


def ca_files(authority: Path) -> dict[str, bytes]:
    """Return each file by its name; raises ProvisioningError where there is no authority."""
    certificate = _read(authority)
    der = certificate.public_bytes(Encoding.DER)
    text = base64.b64encode(der).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    pem = "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"])
    sha1, sha256 = fingerprints(der)
    words = {"@pem@": pem, "@sha1@": sha1, "@sha256@": sha256, "@id@": sha256[:16]}
    return {
        WINDOWS: _filled("windows.cmd", words).replace("\n", "\r\n").encode(),
        LINUX: _filled("linux.sh", words).encode(),
        CERTIFICATE: der,
    }


def fingerprints(der: bytes) -> tuple[str, str]:
    """Return the SHA-1, which Windows shows when it asks, and the SHA-256."""
    sha1 = hashlib.sha1(der, usedforsecurity=False).hexdigest()
    return sha1, hashlib.sha256(der).hexdigest()


def fingerprints_of(authority: Path) -> tuple[str, str]:
    """Return both fingerprints of a certificate file; raises ProvisioningError."""
    return fingerprints(_read(authority).public_bytes(Encoding.DER))


def _read(authority: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(authority.read_bytes())
    except (OSError, ValueError) as error:
        raise ProvisioningError(f"{authority}: {error}") from error


def _filled(name: str, words: dict[str, str]) -> str:
    text = resources.files("provisioning.officers_pc").joinpath(name).read_text(encoding="utf-8")
    for word, meant in words.items():
        text = text.replace(word, meant)
    return text
