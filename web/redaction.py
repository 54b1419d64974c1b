"""Keep secrets out of the log: whatever writes a line, addresses and tokens leave it shortened."""

import logging

from config.redaction import redacted


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
