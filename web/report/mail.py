"""Hand a mail over to the site's mail server, over a connection that is proven or not at all."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from web.report.errors import MailError
from web.report.settings import MailSettings

TIMEOUT_S = 30.0
"""How long any step of the conversation may take."""
_TYPES = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with one file."""

    subject: str
    text: str
    file_name: str
    file: bytes


def compose(letter: Letter, sender: str, to: list[str], identity: str, at: datetime) -> bytes:
    """Return the mail as it is sent, with the same identity however often it is tried."""
    message = EmailMessage()
    message["Subject"] = " ".join(letter.subject.split())
    message["From"], message["To"] = sender, ", ".join(to)
    message["Date"], message["Message-ID"] = format_datetime(at), identity
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    suffix = letter.file_name[letter.file_name.rfind(".") :]
    kind, sub = _TYPES.get(suffix, ("application", "octet-stream"))
    message.add_attachment(letter.file, maintype=kind, subtype=sub, filename=letter.file_name)
    return message.as_bytes()


def send(
    settings: MailSettings, to: list[str], message: bytes, timeout_s: float = TIMEOUT_S
) -> dict[str, str]:
    """Send a mail; return why which of `to` were refused, raise MailError when all of it failed.

    A password is said only over a connection whose server has proven itself.
    """
    try:
        with _connect(settings, timeout_s) as server:
            if settings.user:
                server.login(settings.user, settings.password)
            refused = server.sendmail(settings.sender, to, message)
    except smtplib.SMTPRecipientsRefused as error:
        return {address: _said(answer) for address, answer in error.recipients.items()}
    except smtplib.SMTPResponseException as error:
        raise MailError(_said((error.smtp_code, error.smtp_error))) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailError(" ".join(str(error).split()) or type(error).__name__) from error
    return {address: _said(answer) for address, answer in refused.items()}


def _connect(settings: MailSettings, timeout_s: float) -> smtplib.SMTP:
    host, port = settings.host, settings.port
    if settings.security == "none":
        if settings.user:
            raise MailError("a password is not sent over a connection without TLS")
        return smtplib.SMTP(host, port, timeout=timeout_s)
    context = _proof(settings)
    if settings.security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=timeout_s, context=context)
    server = smtplib.SMTP(host, port, timeout=timeout_s)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _proof(settings: MailSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.certificate:
        context.load_verify_locations(cadata=settings.certificate)
    return context


def _said(answer: tuple[int, bytes | str]) -> str:
    code, text = answer
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:300]
