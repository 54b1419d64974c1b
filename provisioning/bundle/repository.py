"""A flat apt repository: a folder of packages, their index, and our signature over it."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioning.bundle.tools import BundleError, Tools

PUBLIC_KEY = "denluot-archive.gpg"
"""The key by which apt knows the stick, as it lies on the stick."""
_OWNER = "Đến Lượt (bundle)"
_WEAK = ("MD5", "SHA1")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key of one builder of bundles, in a keyring that lasts as long as the work."""

    fingerprint: str
    public: bytes
    home: Path
    made: bool

    @property
    def sha256(self) -> str:
        """Return what `sha256sum` says of the public key's file, in groups to compare by eye."""
        return grouped(hashlib.sha256(self.public).hexdigest())


@contextmanager
def signing_key(file: Path, tools: Tools) -> Iterator[SigningKey]:
    """Yield the private key in `file`, made there when there is none; raises BundleError."""
    with tempfile.TemporaryDirectory(prefix="denluot-key-") as folder:
        home = Path(folder)
        gpg = ("gpg", "--homedir", home, "--batch", "--quiet")
        try:
            made = not file.exists()
            if made:
                tools.run(
                    *gpg, "--passphrase", "", "--quick-gen-key", _OWNER, "ed25519", "sign", "0"
                )
                _keep(file, tools.output(*gpg, "--armor", "--export-secret-keys"))
            else:
                _refuse_readable(file)
                tools.run(*gpg, "--import", file)
            listed = tools.output(*gpg, "--with-colons", "--list-secret-keys").decode()
            found = [line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:")]
            if len(found) != 1:
                raise BundleError(f"{file}: holds {len(found)} keys; exactly one signs a bundle")
            public = tools.output(*gpg, "--export-options", "export-minimal", "--export")
            yield SigningKey(found[0], public, home, made)
        finally:
            tools.run("gpgconf", "--homedir", home, "--kill", "gpg-agent")


def write_index(folder: Path, codename: str, now: datetime, key: SigningKey, tools: Tools) -> None:
    """Write Packages, Release and InRelease for the packages in `folder`; raises BundleError."""
    weak = [option for name in _WEAK for option in ("-o", f"APT::FTPArchive::{name}=false")]
    archive = ("apt-ftparchive", *weak)
    for name in ("Packages", "Release", "InRelease"):
        (folder / name).unlink(missing_ok=True)
    index = tools.output(*archive, "packages", ".", cwd=folder)
    (folder / "Packages").write_bytes(index)
    says = {
        "Origin": "denluot",
        "Label": "Den Luot",
        "Suite": codename,
        "Codename": codename,
        "Date": now.strftime("%a, %d %b %Y %H:%M:%S UTC"),
    }
    fields = [
        option
        for name, value in says.items()
        for option in ("-o", f"APT::FTPArchive::Release::{name}={value}")
    ]
    release = tools.output(*archive, *fields, "release", ".", cwd=folder)
    (folder / "Release").write_bytes(release)
    # Signed at exactly its Date: to that moment install.sh sets a clock that is behind it, as no
    # checker takes a signature from its future.
    signed_at = ("--faked-system-time", f"{int(now.timestamp())}!")
    gpg = (
        "gpg",
        "--homedir",
        key.home,
        "--batch",
        "--quiet",
        "--digest-algo",
        "SHA512",
        *signed_at,
    )
    tools.run(*gpg, "--clearsign", "--output", folder / "InRelease", folder / "Release")


def grouped(digits: str) -> str:
    """Return a fingerprint in groups of four, as it is printed and compared."""
    return " ".join(digits[begin : begin + 4] for begin in range(0, len(digits), 4))


def _keep(file: Path, secret: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as kept:
        kept.write(secret)
        kept.flush()
        os.fsync(kept.fileno())


def _refuse_readable(file: Path) -> None:
    if file.stat().st_mode & 0o077:
        raise BundleError(f"{file}: others may read this private key; chmod 600 {file}")
