"""Passwords: which are good enough, how they are kept, and the check of one."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hall.words import N_
from provisioning.errors import AccountError

SHORTEST = 10
LONGEST = 128

# OWASP's smallest: a box with two slow cores checks one within a tenth of a second.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_TOO_COMMON = ("1234567890", "0123456789", "password", "matkhau", "qwertyuiop", "abcdefghij")

TOO_SHORT = N_("Mật khẩu cần ít nhất {shortest} ký tự.")
TOO_LONG = N_("Mật khẩu dài nhất {longest} ký tự.")
TOO_EASY = N_("Mật khẩu này dễ đoán. Mời quý vị chọn mật khẩu khác.")


class Passwords:
    """Makes and checks what is kept of a password; both take long, so do them in a thread."""

    def __init__(self, hasher: PasswordHasher = _HASHER) -> None:
        self._hasher = hasher
        self._nobodys = hasher.hash("nobody's")

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        return self._hasher.hash(_normal(password))

    def check(self, kept: str, password: str) -> bool:
        """Return whether `password` is the one that was kept; as long for no account at all."""
        try:
            right = self._hasher.verify(kept or self._nobodys, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept) and right


def require_good(password: str, account: str) -> None:
    """Raise AccountError unless a person may choose `password`."""
    if len(password) < SHORTEST:
        raise AccountError("password", TOO_SHORT)
    if len(password) > LONGEST:
        raise AccountError("password", TOO_LONG)
    low = password.casefold()
    easy = len(set(low)) < 4 or account in low or any(word in low for word in _TOO_COMMON)  # noqa: PLR2004 - such as 111111111a
    if easy:
        raise AccountError("password", TOO_EASY)


def _normal(password: str) -> str:
    """Return one spelling: keyboards compose Vietnamese letters in more than one way."""
    return unicodedata.normalize("NFC", password)
