"""A certificate of the machine's own, for a start: browsers ask once whether to trust it."""

import ipaddress
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.errors import ProvisioningError

CERTIFICATE, KEY = "web.crt", "web.key"
LIVES = timedelta(days=825)
"""As long as browsers take a certificate at all."""
_NOT_AFTER_A_CLOCK_BEHIND = timedelta(days=1)
_SOMEWHERE_INSIDE = ("10.255.255.255", 9)
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class MadeCertificate:
    """What was made, and how people recognise it."""

    certificate: Path
    key: Path
    names: tuple[str, ...]
    ends_at: datetime
    fingerprint: str


def own_names() -> list[str]:
    """Return the names and addresses by which this machine is reached, as far as it knows them."""
    host = socket.gethostname()
    names = ["localhost", host, f"{host}.local", "127.0.0.1", "::1"]
    with suppress(OSError):
        names += [str(info[4][0]) for info in socket.getaddrinfo(host, None)]
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_SOMEWHERE_INSIDE)  # sends nothing: only asks which address would be ours
        names.append(probe.getsockname()[0])
    return list(dict.fromkeys(name.partition("%")[0] for name in names if name))


def make_certificate(folder: Path, names: Sequence[str], now: datetime) -> MadeCertificate:
    """Make a key and a certificate for `names` in `folder`; raises ProvisioningError."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:_LONGEST_NAME])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _NOT_AFTER_A_CLOCK_BEHIND)
        .not_valid_after(now + LIVES)
        .add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    files = folder / CERTIFICATE, folder / KEY
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(files[1], private, 0o600)
        _write(files[0], made.public_bytes(serialization.Encoding.PEM), 0o644)
    except OSError as error:
        raise ProvisioningError(f"{folder}: {error.strerror}") from error
    fingerprint = made.fingerprint(hashes.SHA256()).hex(":").upper()
    return MadeCertificate(*files, tuple(names), made.not_valid_after_utc, fingerprint)


def names_of(certificate: Path) -> frozenset[str]:
    """Return the names that a certificate is for; raises ProvisioningError where it is none."""
    try:
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound) as error:
        raise ProvisioningError(f"{certificate}: {error}") from error
    return frozenset(name.lower() for name in names.get_values_for_type(x509.DNSName))


def ends_at(certificate: Path) -> datetime:
    """Return when a certificate ends; raises ProvisioningError where it is none."""
    try:
        return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        raise ProvisioningError(f"{certificate}: {error}") from error


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError as error:
        raise ProvisioningError(f"{name!r} is no name of a host in a certificate") from error


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file at once and whole; nobody else may read it meanwhile."""
    draft = path.with_suffix(path.suffix + ".tmp")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
