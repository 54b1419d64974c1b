"""Secrets in a text: what looks like one, and those that are known, leave it shortened."""

import re
from collections.abc import Iterable

_PATTERNS = (
    (re.compile(r"(/t/)[^\s?#/\"']+"), r"\1…"),
    (re.compile(r"\b(dl_|whsec_)[\w+/=-]{6,}"), r"\1…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 …"),
    (
        re.compile(
            r"(?i)\b(code|state|nonce|token|\w+_token|code_verifier|client_secret|password)=[^&\s\"']+"
        ),
        r"\1=…",
    ),
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?(?:-----END \1-----|\Z)", re.DOTALL
)
_IN_ADDRESS = re.compile(r"(://[^\s/:@]*:)[^\s/@]+@")
_SHORTEST = 6
"""A secret that is shorter is none, and its letters stand in every text."""


def redacted(text: str) -> str:
    """Return a text without a ticket's address, a token, or a secret of an address's query."""
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text without these secrets, nor any private key or an address's password."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, "…")
    return _IN_ADDRESS.sub(r"\1…@", redacted(_PRIVATE_KEY.sub("…", text)))
