"""The codes of a pairing: eight letters to type, or a text to scan that pins the certificate."""

import re
import secrets
from dataclasses import dataclass

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: 32 letters without look-alikes; 40 bits in a code of eight."""
_LENGTH = 8
_MEANT = str.maketrans("OILU", "011V")
_SCANNED = re.compile(
    r"DENLUOT1/(\[?[0-9A-Z.:-]{1,120}\]?)/(\d{1,5})/([0-9A-F]{64})/([0-9A-F]{32})"
)
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a QR code says: where, by which certificate (SHA-256), and a secret of 128 bits."""

    host: str
    port: int
    certificate: str
    secret: str

    def __str__(self) -> str:
        host = self.host.upper()
        return f"DENLUOT1/{host}/{self.port}/{self.certificate.upper()}/{self.secret.upper()}"


def new_code() -> str:
    """Return a new code to type."""
    return "".join(secrets.choice(LETTERS) for _ in range(_LENGTH))


def new_secret() -> str:
    """Return a new secret to scan: 128 bits."""
    return secrets.token_hex(16)


def in_groups(code: str) -> str:
    """Return a code as people read it: 7K3M-9QRT."""
    return f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}"


def typed_code(text: str) -> str | None:
    """Return the code that somebody typed, in whatever case and grouping; None where it is none."""
    kept = re.sub(r"[\s.-]", "", text.upper()).translate(_MEANT)
    return kept if len(kept) == _LENGTH and all(letter in LETTERS for letter in kept) else None


def scanned_code(text: str) -> ScannedCode | None:
    """Return what a scanner read; None where it is no code of ours."""
    found = _SCANNED.fullmatch(text.strip().upper())
    if not found or not 0 < int(found[2]) <= _LAST_PORT:
        return None
    return ScannedCode(found[1].lower(), int(found[2]), found[3].lower(), found[4].lower())
