"""Keep secrets out of the log: whatever writes a line, addresses and tokens leave it shortened."""

import logging
import re

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


def redacted(text: str) -> str:
    """Return a text without a ticket's address, a token, or a secret of an address's query."""
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Writes lines, tracebacks among them, as another formatter does, without their secrets."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return redacted(self._inner.format(record))


def keep_secrets_out(logger: logging.Logger) -> None:
    """Have everything that a logger's handlers write go through it."""
    for handler in logger.handlers:
        handler.setFormatter(RedactingFormatter(handler.formatter))
