"""No line of the log holds a ticket's address or a token."""

import io
import logging

import pytest

from config.redaction import redacted
from web.redaction import keep_secrets_out


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("request failed path=/t/7KQ2M9XW4TCB", "request failed path=/t/…"),
        ("path=/t/7KQ2?lang=en", "path=/t/…?lang=en"),
        ('GET "https://so.vn/t/7KQ2"', 'GET "https://so.vn/t/…"'),
        ("token dl_" + "aB-_9" * 9, "token dl_…"),
        ("whsec_MfKQ9r8GKYqrTwjU/+=", "whsec_…"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer …"),
        ("/login/oidc/callback?code=a.b&state=c&x=1", "/login/oidc/callback?code=…&state=…&x=1"),
        ("access_token=abc client_secret=def", "access_token=… client_secret=…"),
        ("ticket_called number=2005 counter=3", "ticket_called number=2005 counter=3"),
        ("/tickets/T1 /today.csv", "/tickets/T1 /today.csv"),
    ],
)
def test_secrets_leave_a_line_shortened(said: str, shown: str) -> None:
    assert redacted(said) == shown


def test_tracebacks_and_arguments_are_covered() -> None:
    stream = io.StringIO()
    logger = logging.getLogger("test_redaction")
    logger.propagate = False
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    keep_secrets_out(logger)
    try:
        int("/t/7KQ2M9XW4TCB")
    except ValueError:
        logger.exception("failed path=%s", "/t/7KQ2M9XW4TCB")
    logger.removeHandler(handler)
    said = stream.getvalue()
    assert said.startswith("ERROR failed path=/t/…\n")
    assert "ValueError: invalid literal" in said
    assert "7KQ2" not in said
