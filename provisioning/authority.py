"""The site's own certificate authority, good for this site alone, and its server's certificate.

Key and certificate lie in one file each time, so that a power cut leaves a pair that fits. Boxes
ask for the server by its fixed name at whatever address; browsers by name or address.
"""

import hashlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from config.durable import replace_privately
from provisioning.certificate import own_names
from provisioning.errors import ProvisioningError
from provisioning.layout import SERVER_FILE

AUTHORITY_FILE = "authority.pem"
"""Each holds a private key and its certificate."""
PUBLIC_FILE = "authority.crt"
"""What boxes and officers' browsers trust."""

AUTHORITY_LIVES = timedelta(days=20 * 365)
SERVER_LIVES = timedelta(days=825)
"""As long as browsers take a certificate at all."""
_RENEWED_WHEN_LEFT = SERVER_LIVES / 3
_BEGINS = datetime(2023, 1, 1, tzinfo=UTC)
_BEGUN_BEFORE = timedelta(days=30)
"""For browsers whose clock is behind; our own boxes do not look at the date."""
_ANY_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which `ssl` has no name."""
_PRIVATE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
)
_NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(text) for text in _PRIVATE)


@dataclass(frozen=True, slots=True)
class _Pair:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        encoding, none = serialization.Encoding.PEM, serialization.NoEncryption()
        private = self.key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, none)
        return private + self.certificate.public_bytes(encoding)


class Authority:
    """The authority of one site, whose files lie in `folder` (0700).

    Made where there is none. Raises ProvisioningError where the files cannot be used.
    """

    def __init__(self, folder: Path, site: str, now: datetime) -> None:
        self.folder = folder
        self.site = site
        self.server_name = server_name(site)
        own = folder / AUTHORITY_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = not own.exists()
            self._pair = _new_authority(site, now) if made else _read_pair(own)
            if made:
                replace_privately(own, self._pair.pem())
            public = self._pair.certificate.public_bytes(serialization.Encoding.PEM)
            if not self.public.exists() or self.public.read_bytes() != public:
                replace_privately(self.public, public, 0o644)
        except OSError as error:
            raise ProvisioningError(f"{folder}: {error.strerror}") from error
        if not self._is_for(self.server_name):
            raise ProvisioningError(
                f"{own} belongs to another site than {site!r}: every box trusts it; to begin a new "
                "site, move the folder away and pair every box again"
            )

    @property
    def public(self) -> Path:
        """Return the certificate that everybody of the site trusts."""
        return self.folder / PUBLIC_FILE

    @property
    def server(self) -> Path:
        """Return the file with key and certificate of broker and staff pages."""
        return self.folder / SERVER_FILE

    def renew_server(self, now: datetime, names: Sequence[str] | None = None) -> bool:
        """Have a server's certificate for its `names` and addresses; return whether it is new.

        It is made anew in the last third of its life, and when the machine is called otherwise.
        """
        wanted = [self.server_name]
        for name in own_names() if names is None else names:
            if name not in wanted and self._is_for(name):
                wanted.append(name)
        if self._serves(wanted, now):
            return False
        try:
            replace_privately(self.server, self._new_server(wanted, now).pem())
        except OSError as error:
            raise ProvisioningError(f"{self.server}: {error.strerror}") from error
        return True

    def _serves(self, wanted: Sequence[str], now: datetime) -> bool:
        try:
            present = _read_pair(self.server).certificate
            present.verify_directly_issued_by(self._pair.certificate)
        except (ProvisioningError, InvalidSignature, ValueError, TypeError):
            return False
        names = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        has = {str(name.value).lower() for name in names}
        begun = present.not_valid_before_utc <= now
        enough = begun and present.not_valid_after_utc - now > _RENEWED_WHEN_LEFT
        return enough and {name.lower() for name in wanted} <= has

    def _is_for(self, name: str) -> bool:
        """Return whether the authority may vouch for a name or address."""
        limits = self._pair.certificate.extensions.get_extension_for_class(x509.NameConstraints)
        permitted = limits.value.permitted_subtrees or ()
        try:
            address = ip_address(name)
        except ValueError:
            trees = [tree.value for tree in permitted if isinstance(tree, x509.DNSName)]
            lower = name.lower()
            return any(lower == tree or lower.endswith(f".{tree}") for tree in trees)
        return any(
            address.version == tree.value.version and address in tree.value
            for tree in permitted
            if isinstance(tree, x509.IPAddress)
            and isinstance(tree.value, IPv4Network | IPv6Network)
        )

    def _new_server(self, names: Sequence[str], now: datetime) -> _Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self._pair.certificate
        made = (
            _begun(
                key,
                _named(self.server_name),
                issuer.subject,
                begins=now - _BEGUN_BEFORE,
                lives=SERVER_LIVES,
            )
            .add_extension(x509.SubjectAlternativeName([_alternative(n) for n in names]), False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._pair.key.public_key()),
                critical=False,
            )
            .sign(self._pair.key, hashes.SHA256())
        )
        return _Pair(key, made)


def server_name(site: str) -> str:
    """Return the fixed name of a site's server, which no name server has to know."""
    return f"server.{_domain(site)}"


def fingerprint(certificate: Path) -> str:
    """Return the SHA-256 of a certificate file's first certificate; raises ProvisioningError."""
    try:
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError) as error:
        raise ProvisioningError(f"{certificate}: {error}") from error
    return hashlib.sha256(read.public_bytes(serialization.Encoding.DER)).hexdigest()


def client_context(ca: str | Path) -> ssl.SSLContext:
    """Return what trusts one authority and no other, whatever the date; `ca` is PEM or its file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= _ANY_TIME
    if isinstance(ca, Path):
        context.load_verify_locations(ca)
    else:
        context.load_verify_locations(cadata=ca)
    return context


def _domain(site: str) -> str:
    return f"{site}.denluot.internal"


def _new_authority(site: str, now: datetime) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(f"Đến Lượt {site}")
    local = [name.lower() for name in own_names() if name.endswith(".local") and name.isascii()]
    trees: list[x509.GeneralName] = [x509.DNSName(n) for n in (_domain(site), "localhost", *local)]
    trees += [x509.IPAddress(network) for network in _NETWORKS]
    made = (
        _begun(
            key,
            subject,
            subject,
            begins=_BEGINS,
            lives=max(now - _BEGINS, timedelta()) + AUTHORITY_LIVES,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(trees, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _Pair(key, made)


def _begun(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    issuer: x509.Name,
    *,
    begins: datetime,
    lives: timedelta,
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lives)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name.lower())


def _read_pair(path: Path) -> _Pair:
    try:
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (OSError, ValueError, TypeError) as error:
        raise ProvisioningError(f"{path} cannot be used: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ProvisioningError(f"{path} has no key of this product")
    if key.public_key() != certificate.public_key():
        raise ProvisioningError(f"{path}: key and certificate do not belong together")
    return _Pair(key, certificate)
